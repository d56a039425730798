// 「先月と同じ」 copies last month's remark or sentence into a field that is still empty, and takes it out again as long as
// nothing was written into it. What somebody has written is never overwritten: then the button is not there.

import { tell } from "./rows.js";
import { form, onTyped } from "./typed.js";

const copied = new WeakSet(); // buttons pressed on this page: what was saved earlier is nobody's copy any more
const fieldOf = (button) => form.elements[button.dataset.copyInto];
const isCopy = (button) => copied.has(button) && fieldOf(button).value === button.dataset.copies;

function look(button) {
  const field = fieldOf(button);
  const isCopied = isCopy(button);
  const isOffered = field.value.trim() === "" || isCopied;
  button.textContent = isCopied ? button.dataset.takeBack : button.dataset.copy;
  if (isOffered) button.hidden = false;
  button.classList.toggle("is-away", !isOffered); // its place stays: nothing jumps while one types
}

function press(button) {
  const field = fieldOf(button);
  field.value = isCopy(button) ? "" : button.dataset.copies;
  copied.add(button);
  tell(field);
  field.focus();
}

for (const button of form?.querySelectorAll("[data-copies]") ?? []) {
  button.addEventListener("click", () => press(button));
  look(button);
}

if (form) {
  onTyped((field) => {
    form.querySelectorAll(`[data-copy-into="${CSS.escape(field.name)}"]`).forEach(look);
  });
}
