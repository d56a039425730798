// A support that was begun is no cell and waits for its button: leaving the page without it asks first.

export function guardSupport(form) {
  const place = form.querySelector("[data-support]");
  const isBegun = () =>
    [...place.querySelectorAll("input, select, textarea")].some((input) => !input.name.endsWith("-on") && input.value.trim());
  let isSent = false;

  document.addEventListener("submit", (event) => {
    isSent = event.target === form && !event.defaultPrevented;
  });
  window.addEventListener("pageshow", () => {
    isSent = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isBegun() && !isSent) event.preventDefault();
  });
}
