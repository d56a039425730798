// The meeting's page: one part on stage at a time, saved while one talks. Without this script the address shows the part
// (app.css) and every button saves.

import { startSaving } from "./saving.js";
import { keepAgenda } from "./meeting_agenda.js";
import { keepHomework, rowsForLeftovers } from "./meeting_homework.js";
import { guardInternal } from "./meeting_internal.js";
import { listenToKeys } from "./meeting_keys.js";
import { letOrderChange } from "./meeting_order.js";
import { Stage } from "./meeting_stage.js";
import { guardSupport } from "./meeting_support.js";
import { measureTime } from "./meeting_time.js";

const form = document.querySelector("#meeting[data-saving]");

if (form) {
  rowsForLeftovers(form);
  const saver = startSaving(form, {
    beforePost: () => {
      form.elements.since.value = JSON.stringify(saver.seenSince());
    },
    answered: ({ meeting }) => {
      if (!meeting || form.elements.meeting.value !== "new") return;
      form.elements.meeting.value = meeting; // the further meeting has come to be
      saver.address = saver.address.replace("meeting=new", `meeting=${meeting}`);
      form.dataset.savingNow = form.dataset.savingNow.replace("meeting=new", `meeting=${meeting}`);
    },
  });
  const stage = new Stage(form);
  keepAgenda(form, stage);
  keepHomework(form, saver);
  letOrderChange(form, stage);
  measureTime(form, stage);
  listenToKeys(form, stage);
  guardInternal(form, stage);
  guardSupport(form);

  // What stays on the page is caught before the saver hears of it, which would get ready to leave.
  form.addEventListener(
    "submit",
    (event) => {
      const { submitter } = event;
      if (submitter && !submitter.matches("[data-enter], [data-go]")) return;
      event.preventDefault(); // Enter in a field, or going on: the page saves itself
      saver.send({ everything: true });
      if (submitter?.dataset.go) stage.go(submitter.dataset.go);
    },
    { capture: true },
  );
  form.addEventListener("cell:saved", (event) => {
    for (const name of event.target.dataset.names.split(" ")) document.getElementById(`id_${name}_error`)?.remove();
  });
}
