// The order of the parts, changed without leaving the page.

export function letOrderChange(form, stage) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "move") return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the page itself stays, unsaved or not
    move(form, stage, button);
  }, { capture: true });
}

async function move(form, stage, button) {
  const body = new URLSearchParams({ move: button.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const response = await fetch(button.formAction, { method: "POST", headers: { Accept: "application/json" }, body });
  if (!response.ok || response.redirected) return;
  const { order } = await response.json();
  stage.reorder(order);
  button.focus();
  const [key] = button.value.split(":");
  const told = button.closest("[data-order]").querySelector("[data-order-told]");
  const name = document.getElementById(key)?.dataset.name;
  if (name) told.textContent = told.dataset.words.replace("{name}", name).replace("{place}", order.indexOf(key) + 1);
}
