// New homework: written beside the stage, and a row of the meeting's as soon as it is saved.
//
//   [data-homework-add] holds the row to write in; template[data-homework-row] is what further ones are made of (N is
//   their number); [data-homework-list] tells all of them; on the stage they stand in [data-homework-rows].

import { Leftovers } from "./saving_store.js";

const NEW = /^homework-new(\d+)$/;

/** Rows for what could not be sent the last time, so that it comes back into one. */
export function rowsForLeftovers(form) {
  const { savingUser, savingPlace } = form.dataset;
  for (const { key } of new Leftovers(Number(savingUser), savingPlace).all()) {
    const number = NEW.exec(key)?.[1];
    if (number && !form.querySelector(`[data-cell="${key}"]`)) form.querySelector("[data-homework-add]").append(newRow(form, number));
  }
}

export function keepHomework(form, saver) {
  const place = form.querySelector("[data-homework]");
  const add = place.querySelector("[data-homework-add]");
  place.querySelector("[data-rows]").hidden = true;

  form.addEventListener("submit", async (event) => {
    const isEnter = event.submitter?.matches("[data-enter]") && add.contains(document.activeElement);
    if (!isEnter && !event.submitter?.matches("[data-add]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await saver.flush();
    if (isEnter) document.activeElement.blur(); // the row that is left goes to the others
    for (const fieldset of [...add.children]) {
      const missing = [...fieldset.querySelectorAll("input, select")].find((input) => !input.value && !input.name.endsWith("due_on"));
      if (!settle(form, fieldset)) (missing ?? fieldset.querySelector("input")).focus();
    }
    if (isBlank(add.lastElementChild)) add.lastElementChild.querySelector("input").focus();
  }, { capture: true });
  add.addEventListener("focusout", ({ relatedTarget }) => {
    if (!place.contains(relatedTarget)) for (const fieldset of [...add.children]) settle(form, fieldset);
  });
  form.addEventListener("cell:saved", ({ target, detail }) => {
    const fieldset = target.closest("[data-homework-fields]");
    if (fieldset && detail.state === "saved") tellLine(form, fieldset);
    if (fieldset?.parentElement === add && !fieldset.contains(document.activeElement) && !place.contains(document.activeElement)) {
      settle(form, fieldset);
    }
  });
  form.addEventListener("cell:refreshed", ({ target }) => {
    const fieldset = target.closest("[data-homework-fields]");
    if (fieldset) tellLine(form, fieldset);
  });
}

const cellOf = (fieldset) => fieldset.querySelector("[data-cell]").dataset.cell;
const isBlank = (fieldset) => [...fieldset.querySelectorAll("input:not([type=checkbox]), select")].every((input) => !input.value);

/** A row that is saved goes to the others, and a blank one takes its place; false when it is not saved yet. */
function settle(form, fieldset) {
  if (NEW.test(cellOf(fieldset))) return false;
  const item = document.createElement("li");
  fieldset.classList.remove("homework-add");
  fieldset.querySelector("legend").className = "visually-hidden";
  fieldset.querySelector("[data-remove]").hidden = false;
  item.append(fieldset);
  form.querySelector("[data-homework-rows]").append(item);
  form.querySelector("[data-homework-none]").hidden = true;
  const add = form.querySelector("[data-homework-add]");
  if (!add.children.length) add.append(newRow(form, 0));
  tellLine(form, fieldset);
  return true;
}

function newRow(form, number) {
  const row = form.querySelector("template[data-homework-row]").content.firstElementChild.cloneNode(true);
  const numbered = (text) => text.replaceAll("homework-newN", `homework-new${number}`);
  for (const element of row.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (value.includes("homework-newN")) element.setAttribute(name, numbered(value));
    }
  }
  return row;
}

/** The line beside the stage says what the row says. */
function tellLine(form, fieldset) {
  const key = cellOf(fieldset);
  if (NEW.test(key)) return;
  const list = form.querySelector("[data-homework-list]");
  let line = list.querySelector(`[data-item="${key}"]`);
  if (!line) {
    line = form.querySelector("template[data-homework-line]").content.firstElementChild.cloneNode(true);
    line.dataset.item = key;
    list.append(line);
  }
  const [text, who, due] = fieldset.querySelectorAll("input:not([type=checkbox]), select");
  const isGone = fieldset.querySelector("[data-remove] input").checked;
  line.querySelector(".what").textContent = text.value;
  line.querySelector(".who").textContent = who.selectedOptions[0]?.textContent ?? "";
  line.querySelector(".due").textContent = due.value;
  line.classList.toggle("done", isGone);
  fieldset.querySelector("legend").textContent = text.value;
}
