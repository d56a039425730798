// The fields of the sheet as the rows of one grid, in the order of the page: an indicator's row has its figure (or the
// two parts of a ratio, a group of words, a step and a sentence) and its remark; every field outside the tables is a
// row of its own.

import { fieldsIn, form } from "./typed.js";

/** [{element, cells: [{name, fields}]}] */
export function rows() {
  const found = new Map();
  for (const field of fieldsIn(form)) {
    if (field.disabled || field.readOnly) continue;
    const element = field.closest("tr") ?? field;
    if (!found.has(element)) found.set(element, { element, cells: [] });
    const { cells } = found.get(element);
    const cell = cells.find((one) => one.name === field.name);
    if (cell) cell.fields.push(field);
    else cells.push({ name: field.name, fields: [field] });
  }
  return Array.from(found.values());
}

/** {all, row, cell}: where a field stands, by index; null for a field of no row. */
export function placeOf(field) {
  const all = rows();
  for (const [row, { cells }] of all.entries()) {
    const cell = cells.findIndex(({ fields }) => fields.includes(field));
    if (cell >= 0) return { all, row, cell };
  }
  return null;
}

export const isNote = (cell) => cell.name.endsWith("-note");

/** What stands in a cell, to be put back with `restore`. */
export function snapshot({ fields }) {
  return fields.map((field) => (isTicked(field) ? field.checked : field.value));
}

export function isAsBefore(cell, before) {
  return snapshot(cell).every((value, index) => value === before[index]);
}

export function restore(cell, before) {
  cell.fields.forEach((field, index) => {
    if (isTicked(field)) field.checked = before[index];
    else field.value = before[index];
  });
  tell(cell.fields.find((field) => field.checked) ?? cell.fields[0]);
}

const isTicked = (field) => field.type === "radio" || field.type === "checkbox";

/** As if it had been typed, so that everybody who listens takes it up. */
export function write(field, text) {
  field.value = text;
  tell(field);
}

export function tell(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Shows the field first where one thing stands at a time, then goes there as a spreadsheet does: all selected. */
export function goTo({ fields }) {
  const field = fields.find((one) => one.checked) ?? fields[0];
  field.dispatchEvent(new CustomEvent("entry:reveal", { bubbles: true }));
  field.focus();
  if (field.matches("input[type=text]")) field.select();
}
