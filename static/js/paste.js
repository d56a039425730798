// A block copied from a spreadsheet and pasted into a figure spreads over the cells to the right and below. What finds
// no place is shown to be copied, never dropped, and the whole can be taken back. An empty cell of the block leaves
// the field as it is.

import { UNREADABLE, readFigure } from "./figures.js";
import { isNote, placeOf, restore, snapshot, tell, write } from "./rows.js";
import { form } from "./typed.js";

const rules = form ? JSON.parse(form.dataset.reading) : null;
const board = form?.querySelector("[data-pasted]");
let pasted = []; // [{cell, before, isRewritten}] of the last paste
let origin = null; // the field it went into
let isFresh = false; // nothing was typed since

const QUOTED = /"((?:[^"]|"")*)"(?=\t|\r|\n|$)/y;
const BARE = /[^\t\r\n]*/y;
const BREAK = /\t|\r\n|\r|\n/y;

/** Rows of texts, as Excel and LibreOffice put them on the clipboard. */
export function readBlock(text) {
  const block = [[]];
  for (let at = 0; at <= text.length; ) {
    const [match, inner] = matchAt(QUOTED, text, at) ?? matchAt(BARE, text, at);
    block.at(-1).push(inner === undefined ? match : inner.replaceAll('""', '"'));
    at += match.length;
    const between = matchAt(BREAK, text, at)?.[0];
    if (between === undefined) break;
    if (between !== "\t") block.push([]);
    at += between.length;
  }
  if (block.length > 1 && block.at(-1).join("") === "") block.pop();
  return block;
}

function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

form?.addEventListener("paste", (event) => {
  const field = event.target;
  if (!field.matches("input[type=text]")) return;
  const block = readBlock(event.clipboardData.getData("text/plain"));
  const place = placeOf(field);
  if (!place || (block.length === 1 && block[0].length === 1)) return;
  event.preventDefault();
  spread(block, place);
  origin = field;
  isFresh = true;
  field.select();
});

function spread(block, { all, row, cell }) {
  const start = all[row];
  const kind = start.element.dataset.figure ? "figure" : "cost";
  const below = all.slice(row).filter(({ element }) => element.dataset[kind]);
  pasted = [];
  const leftOver = block.map((texts, index) => {
    const line = below[index];
    const first = line ? (cell === 0 ? 0 : secondPart(line)) : -1;
    return first < 0 ? texts : fill(line.cells.slice(first), texts);
  });
  report(leftOver.map((texts) => texts.filter((text) => text.trim())).filter((texts) => texts.length));
}

const secondPart = ({ cells }) => cells.findIndex(({ name }) => name.endsWith("-denominator"));

/** Fills the cells of one row from the left; returns the texts that found no place. */
function fill(slots, texts) {
  const leftOver = [];
  let slot = 0;
  texts.forEach((raw, index) => {
    const text = raw.trim();
    const isLast = texts.slice(index + 1).every((later) => !later.trim());
    if (!text) {
      if (texts.length - index <= slots.length - slot) slot += 1; // else the row has no such column
      return;
    }
    if (isLast) slot = laterSlot(slots, slot, text);
    const taken = slot < slots.length ? put(slots, slot, text) : 0;
    if (!taken) leftOver.push(raw);
    slot += taken || 1;
  });
  return leftOver;
}

/** Words where a second number or a word of the list should stand belong to the text beside it. */
function laterSlot(slots, slot, text) {
  const field = slots[slot]?.fields[0];
  const isSecond = slot > 0 || field?.name.endsWith("-denominator");
  if (isSecond && field?.matches("input[type=text]") && readFigure(text, "", rules) === UNREADABLE) {
    const note = slots.findIndex(isNote);
    return note < 0 ? slot : note;
  }
  if (field?.matches("select") && !optionOf(field, text)) return slot + 1;
  return slot;
}

/** How many cells it took: 2 for 5／8 into a ratio, 0 when it does not fit. */
function put(slots, slot, text) {
  const cell = slots[slot];
  const [field] = cell.fields;
  const before = snapshot(cell);
  const parts = field.name.endsWith("-numerator") && /^([^/／]+)[/／]([^/／]+)$/.exec(text);
  if (parts && slots[slot + 1]) {
    return put(slots, slot, parts[1].trim()) + put(slots, slot + 1, parts[2].trim());
  }
  if (field.type === "radio") {
    const radio = cell.fields.find((one) => one.value && one.closest("label").textContent.trim() === text);
    if (!radio) return 0;
    radio.checked = true;
    tell(radio);
  } else if (field.matches("select")) {
    const option = optionOf(field, text);
    if (!option) return 0;
    write(field, option.value);
  } else {
    write(field, field.matches("textarea") ? text : text.replaceAll(/\s*[\r\n]+\s*/g, " "));
  }
  pasted.push({ cell, before, isRewritten: false });
  return 1;
}

/** 計画どおり進んでいる is found with and without its glyph. */
function optionOf(select, text) {
  return Array.from(select.options).find((option) => {
    const label = option.textContent.trim();
    return option.value && (label === text || label.replace(/^\S\s+/, "") === text);
  });
}

function report(leftOver) {
  const { filled, leftover } = board.dataset;
  const count = leftOver.flat().length;
  const words = [filled.replace("{count}", pasted.length)];
  if (count) words.push(leftover.replace("{count}", count));
  const text = leftOver.map((texts) => texts.join("\t")).join("\n");
  say(words.join(" "), { isOpen: true, isUndoable: pasted.length > 0, text });
}

function say(words, { isOpen = false, isUndoable = false, text = "" } = {}) {
  board.querySelector("[role=status]").textContent = words;
  board.querySelector("[data-pasted-rest]").hidden = text === "";
  board.querySelector("textarea").value = text;
  board.querySelector("[data-pasted-acts]").hidden = !isOpen;
  board.querySelector("[data-pasted-undo]").hidden = !isUndoable;
}

function undo() {
  const { undone, kept } = board.dataset;
  const untouched = pasted.filter(({ isRewritten }) => !isRewritten);
  untouched.forEach(({ cell, before }) => restore(cell, before));
  const changed = pasted.length - untouched.length;
  pasted = [];
  isFresh = false;
  say(changed ? `${undone} ${kept.replace("{count}", changed)}` : undone, { isOpen: true });
  origin.focus();
}

// What somebody wrote since then stays. A saved figure that now stands there as it is stored, -500 for ▲500, nobody wrote.
function rewrites(isHere) {
  for (const one of pasted) one.isRewritten ||= one.cell.fields.some(isHere);
}
form?.addEventListener("input", ({ isTrusted, target }) => {
  if (isTrusted) rewrites((field) => field === target);
});
form?.addEventListener("cell:refreshed", ({ target }) => rewrites((field) => target.contains(field)));

// Whoever types after a paste means the typing with Ctrl+Z.
form?.addEventListener("beforeinput", () => {
  isFresh = false;
});
form?.addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
  if (!isUndo || event.isComposing || !isFresh || !pasted.length) return;
  event.preventDefault();
  undo();
});
board?.querySelector("[data-pasted-undo]").addEventListener("click", undo);
board?.querySelector("[data-pasted-close]").addEventListener("click", () => {
  say("");
  origin.focus();
});
