// The entry page of a sheet saves itself; before the whole page is posted it tells what was saved since it was made.

import { startSaving } from "./saving.js";

const form = document.querySelector("[data-saving]");

if (form) {
  startSaving(form, {
    beforePost: (saver) => {
      form.elements.since.value = JSON.stringify(saver.seenSince());
    },
  });
}
