// The entry page of a sheet saves itself; before the whole page is posted it tells what was saved since it was made.

import { startSaving } from "./saving.js";

const form = document.querySelector("[data-saving]");
const held = document.querySelector("[data-held]"); // says that something is not saved yet

if (form) {
  const saver = startSaving(form, {
    beforePost: () => {
      form.elements.since.value = JSON.stringify(saver.seenSince());
    },
  });
  form.addEventListener("cell:saved", () => {
    if (!saver.isUnsaved) held?.remove();
  });
}
