// The slider of months: says the month while it moves, opens it when it stops. Without it the form's button does.
for (const form of document.querySelectorAll("[data-month-slider]")) {
  const slider = form.querySelector("input[type=range]");
  if (!slider) continue;
  const shown = form.querySelector("output").firstChild;
  const months = slider.dataset.months.split("|");
  form.querySelector("button[type=submit]").hidden = true;
  slider.addEventListener("input", () => {
    const month = months[slider.value - 1];
    shown.textContent = month;
    slider.setAttribute("aria-valuetext", month);
  });
  slider.addEventListener("change", () => form.requestSubmit());
}
