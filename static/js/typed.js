// What stands in the fields of one place of the sheet right now, read as the server would read it.

import { UNREADABLE, readFigure } from "./figures.js";

export const form = document.querySelector("form[data-reading]");
const rules = form ? JSON.parse(form.dataset.reading) : null;
const CELL = /^(change|figure|spent|cost|homework|remark)-/;

/** The inputs of the sheet's own cells inside an element; a question about somebody else's text is none. */
export function fieldsIn(element) {
  const found = element.querySelectorAll("input, select, textarea");
  return Array.from(found).filter((field) => CELL.test(field.name) && field.type !== "hidden");
}

/** Blank, complete (readable, nothing missing), or neither yet; with the numbers or the word that were read. */
export function typedFigure(row, live) {
  const fields = fieldsIn(row.querySelector(".c-now"));
  if (live.method === "presence") return typedChoice(fields);
  const min = live.method === "ratio" ? 0n : null;
  const numbers = fields.map((field) => readFigure(field.value, live.enteredUnit, rules, { min }));
  const isBlank = numbers.every((number) => number === null);
  const isUnread = numbers.includes(UNREADABLE) || (numbers[1] === 0n && numbers[0] > 0n);
  return { numbers, isBlank, isUnread, isComplete: !isUnread && !numbers.includes(null) };
}

function typedChoice(radios) {
  const chosen = radios.find((radio) => radio.checked && radio.value);
  const word = chosen ? chosen.closest("label").textContent.trim() : "";
  return { word, isBlank: !chosen, isUnread: false, isComplete: Boolean(chosen) };
}

/** Whole yen. */
export function typedYen(field) {
  const amount = readFigure(field.value, "円", rules);
  const isUnread = amount === UNREADABLE || (amount !== null && amount % 100n !== 0n);
  return { amount, isBlank: amount === null, isUnread, isComplete: amount !== null && !isUnread };
}

/** Blank and complete, of whatever a place asks for: a figure, yen, a sentence, a word, a tick. */
export function typedPlace(place) {
  const row = place.closest("tr[data-figure]");
  const fields = fieldsIn(place);
  if (row && place.matches(".c-now")) return typedFigure(row, JSON.parse(row.dataset.figure));
  if (fields[0].name.startsWith("spent-")) return typedYen(fields[0]);
  const isBlank = !fields.some((field) => (field.type === "checkbox" ? field.checked : field.value.trim()));
  return { isBlank, isUnread: false, isComplete: !isBlank };
}

/** Calls `act` with every field that changes, never in the middle of a conversion. */
export function onTyped(act) {
  for (const name of ["input", "change", "compositionend"]) {
    form.addEventListener(name, (event) => {
      if (!event.isComposing && CELL.test(event.target.name ?? "")) act(event.target);
    });
  }
}
