// The keyboard moves through the sheet as through a spreadsheet. Silent while a conversion is going on.

import { goTo, isAsBefore, isNote, placeOf, restore, snapshot } from "./rows.js";
import { form } from "./typed.js";

const isArea = (field) => field.matches("textarea");
const isText = (field) => field.matches("input[type=text]");
const isSelect = (field) => field.matches("select");
const isRadio = (field) => field.type === "radio";

let begun = null; // the cell with the focus and what stood in it: {name, cell, before}
let column = null; // while moving up and down: the column that is kept through rows that lack it
let isMoving = false;

form?.addEventListener("focusin", (event) => {
  if (!isMoving) column = null;
  const place = placeOf(event.target);
  const cell = place?.all[place.row].cells[place.cell];
  if (!cell || begun?.name === cell.name) return;
  begun = { name: cell.name, cell, before: snapshot(cell) };
});

form?.addEventListener("focusout", (event) => {
  if (!begun?.cell.fields.includes(event.relatedTarget)) begun = null;
});

form?.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const act = actOf(event, event.target);
  const place = act && placeOf(event.target);
  if (!place) return;
  if (act === "takeBack" ? takeBack(event.target) : move(act, place)) event.preventDefault();
});

/** What a key asks for here; undefined leaves it to the browser. */
function actOf(event, field) {
  const { key } = event;
  if (key === "Enter") return ofEnter(event, field);
  if (key === "Escape") return "takeBack";
  if (key === "ArrowUp" || key === "ArrowDown") return isVertical(event, field) && key.slice(5).toLowerCase();
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return undefined;
  if (key === "ArrowLeft" && isAtEdge(field, 0)) return "left";
  if (key === "ArrowRight" && isAtEdge(field, 1)) return "right";
  return undefined;
}

function ofEnter(event, field) {
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.altKey || isOpen(field) || (isArea(field) && !isCommand)) return undefined;
  return event.shiftKey ? "previous" : "next";
}

/** In text of several lines, and in an open list, the arrows belong to the text and to the list. */
function isVertical(event, field) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || isOpen(field)) return false;
  if (isArea(field)) return event.altKey;
  return isSelect(field) ? !event.altKey : true;
}

function isOpen(field) {
  try {
    return isSelect(field) && field.matches(":open");
  } catch {
    return false; // a browser that does not know :open keeps the keys of an open list to itself
  }
}

/** side 0 is the left. Among words to choose from, the first and the last are the edges. */
function isAtEdge(field, side) {
  if (isSelect(field)) return true;
  if (isText(field)) {
    const edge = side ? field.value.length : 0;
    return field.selectionStart === edge && field.selectionEnd === edge;
  }
  if (!isRadio(field)) return false;
  const group = placeOf(field);
  const { fields } = group.all[group.row].cells[group.cell];
  return field === fields.at(side ? -1 : 0);
}

/** True when the key has been dealt with, even where there was nowhere to go: an arrow must not change a word. */
function move(act, { all, row, cell }) {
  const here = all[row].cells[cell];
  const target = {
    next: () => all[row + 1]?.cells[0],
    previous: () => all[row - 1]?.cells[0],
    down: () => inColumn(all[row + 1], columnOf(all[row], cell)),
    up: () => inColumn(all[row - 1], columnOf(all[row], cell)),
    left: () => all[row].cells[cell - 1],
    right: () => all[row].cells[cell + 1],
  }[act]();
  if (!target) {
    if (act === "next") form.querySelector(".save-bar .btn-primary[type=submit]")?.focus();
    return act !== "left" && act !== "right" ? true : isSelect(here.fields[0]) || isRadio(here.fields[0]);
  }
  column = act === "up" || act === "down" ? (column ?? columnOf(all[row], cell)) : null;
  isMoving = true;
  goTo(target);
  isMoving = false;
  return true;
}

function columnOf({ cells }, cell) {
  return column ?? (isNote(cells[cell]) ? "note" : cell);
}

function inColumn(row, wanted) {
  if (!row) return undefined;
  const figures = row.cells.filter((cell) => !isNote(cell));
  const note = row.cells.find(isNote);
  if (wanted === "note") return note ?? row.cells[0];
  return figures[Math.min(wanted, figures.length - 1)] ?? note;
}

function takeBack(field) {
  if (!begun?.cell.fields.includes(field) || isAsBefore(begun.cell, begun.before)) return false;
  restore(begun.cell, begun.before);
  if (isText(field)) field.select();
  return true;
}
