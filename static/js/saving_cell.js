// One cell of a page that saves itself: its inputs, what they were, and what became of them.

import { tell, tellConflict, untell } from "./saving_told.js";

const TYPING = 900; // ms after the last letter in which a text is left alone

const same = (one, two) => one.length === two.length && one.every((text, index) => text === two[index]);
const line = (text) => text.replaceAll("\r\n", "\n");

export class Cell {
  /** `whenChosen` is called with the cell and "mine" or "theirs". */
  constructor(element, whenChosen) {
    this.element = element;
    this.key = element.dataset.cell;
    this.seen = element.dataset.seen ? JSON.parse(element.dataset.seen) : this.names.map(() => "");
    this.isSeenAnew = false;
    this.isHalf = element.dataset.unsaved === "half";
    this.state = { typed: "dirty", half: "wrong", wrong: "wrong", conflict: "conflict" }[element.dataset.unsaved] ?? "clean";
    this.settled = this.state === "clean" ? this.defaults : null; // the texts in which it is stored
    this.sent = null; // the texts under way
    this.isComposing = false;
    this.touched = -Infinity;
    this.whenChosen = whenChosen;
    if (this.state === "conflict") this.conflict(JSON.parse(element.dataset.theirs));
  }

  // --- the inputs ---

  get inputs() {
    const { names } = this.element.dataset;
    if (names) {
      const wanted = names.split(" ");
      return [...this.element.closest("form").elements].filter((input) => wanted.includes(input.name));
    }
    return [...this.element.querySelectorAll("input[name], textarea[name], select[name]")].filter(
      (input) => input.closest("[data-cell]") === this.element && !input.closest("[data-told]") && input.type !== "hidden",
    );
  }

  get names() {
    const { names } = this.element.dataset;
    return names ? names.split(" ") : [...new Set(this.inputs.map((input) => input.name))];
  }

  get texts() {
    return this.read((input) => (isChoice(input) ? (input.checked ? input.value : null) : input.value));
  }

  get defaults() {
    return this.read((input) => {
      if (isChoice(input)) return input.defaultChecked ? input.value : null;
      if (input.tagName !== "SELECT") return input.defaultValue;
      const options = [...input.options];
      return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
    });
  }

  read(textOf) {
    const { inputs } = this;
    return this.names.map((name) => {
      const mine = inputs.filter((input) => input.name === name);
      const texts = mine.map(textOf).filter((text) => text !== null);
      return line(isGroup(mine) ? texts.sort().join(",") : (texts[0] ?? ""));
    });
  }

  hasTexts(texts) {
    return texts !== null && same(this.texts, texts);
  }

  fill(texts) {
    const { inputs, names } = this;
    for (const input of inputs) {
      const text = texts[names.indexOf(input.name)] ?? "";
      const before = isChoice(input) ? input.checked : input.value;
      const isOfGroup = isGroup(inputs.filter((other) => other.name === input.name));
      if (input.type === "checkbox") input.checked = isOfGroup ? text.split(",").includes(input.value) : text !== "";
      else if (input.type === "radio") input.checked = input.value === text;
      else if (line(input.value) !== text) input.value = text;
      if (before !== (isChoice(input) ? input.checked : input.value)) {
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
  }

  get hasFocus() {
    return document.hasFocus() && this.inputs.includes(document.activeElement);
  }

  // --- its life ---

  /** Something is typed that is not stored. */
  get isUnsaved() {
    return this.state !== "clean" || this.sent !== null;
  }

  /** Not stored, and not by waiting either: it wants to be looked at. */
  get isOpen() {
    return this.state === "wrong" || this.state === "conflict" || this.state === "gone";
  }

  typed(isTyping) {
    if (isTyping) this.touched = performance.now();
    if (this.state === "conflict" || this.state === "gone") return;
    const isBack = this.sent === null && this.hasTexts(this.settled);
    if (isBack && this.state !== "clean") untell(this, "errors");
    this.state = isBack ? "clean" : "dirty";
  }

  isReady(everything) {
    if (this.state !== "dirty" || this.sent !== null || this.isComposing) return false;
    const rests = !this.hasFocus || performance.now() - this.touched >= TYPING; // who has left it is not typing there
    return everything || (rests && !this.isHalfTyped);
  }

  /** One number of two stands there, and its writer is still at them: not yet a mistake to be told of. */
  get isHalfTyped() {
    const { texts } = this;
    return this.hasFocus && this.inputs[0].closest("[data-pair]") !== null && texts.includes("") && texts.some(Boolean);
  }

  /** It was only half written, and what it waited for may have come with another cell. */
  waitsNoMore() {
    if (this.state === "waiting") this.state = "dirty";
  }

  send() {
    this.sent = this.texts;
    return { typed: this.sent, seen: this.seen };
  }

  landed() {
    this.under = this.sent;
    this.sent = null;
  }

  answered(answer) {
    const isNow = this.hasTexts(this.under);
    if (answer.state === "conflict") {
      this.conflict(answer);
      return;
    }
    if (answer.state === "gone") {
      this.state = "gone";
      tell(this, answer);
      return;
    }
    if (answer.state === "wrong" || answer.state === "waiting") {
      if (isNow) {
        this.state = answer.state;
        tell(this, answer);
      }
      return;
    }
    if (answer.state === "kept" && !isNow) return; // typed on: then it is a conflict next time
    this.see(answer.stored);
    this.settled = this.under;
    this.state = isNow ? "clean" : "dirty";
    if (!isNow) return;
    this.shown = answer.shown;
    tell(this, answer);
    if (answer.state === "kept" || !this.hasFocus) this.showAsStored();
  }

  see(stored) {
    this.seen = stored;
    this.isSeenAnew = true;
  }

  /** 1,234 for １２３４, once nobody types there. */
  showAsStored() {
    if (this.state !== "clean" || !this.shown) return;
    this.fill(this.shown);
    this.settled = this.texts;
    this.shown = null;
  }

  conflict(theirs) {
    this.state = "conflict";
    this.theirs = theirs;
    tellConflict(this, theirs, (whose) => this.whenChosen(this, whose));
  }

  choose(whose) {
    this.see(this.theirs.stored);
    untell(this, "all");
    if (whose === "mine") {
      this.state = "dirty";
      this.touched = -Infinity;
    } else {
      this.state = this.theirs.unsaved ? "dirty" : "clean"; // what was not at odds may not be stored yet
      this.fill(this.theirs.shown);
      this.settled = this.theirs.unsaved ? null : this.texts;
    }
    this.inputs[0]?.focus();
  }

  /** What somebody else wrote, where nothing is being typed. */
  refresh(stored, shown) {
    if (this.state !== "clean" || this.sent !== null || this.hasFocus || same(this.seen, stored)) return false;
    this.see(stored);
    this.fill(shown);
    this.settled = this.texts;
    untell(this, "all");
    return true;
  }

  /** Its row has come to be, and has a key of its own now. Names that begin with the old key follow. */
  rename(key) {
    const anew = (name) => (name.startsWith(this.key) ? key + name.slice(this.key.length) : name);
    const { inputs, names } = this;
    for (const input of inputs) input.name = anew(input.name);
    if (this.element.dataset.names) this.element.dataset.names = names.map(anew).join(" ");
    this.key = key;
    this.element.dataset.cell = key;
  }
}

/** Checkboxes of one name: their text is the values of those that are checked. */
function isGroup(inputs) {
  return inputs.length > 1 && inputs[0].type === "checkbox";
}

function isChoice(input) {
  return input.type === "checkbox" || input.type === "radio";
}
