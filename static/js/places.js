// How far the sheet is: the counts in the list of contents, 「あと3か所」 in the save bar and in the head, and
// まだ入っていません at the fields follow what is being typed.

import { fieldsIn, form, onTyped, typedPlace } from "./typed.js";

const NAMED = 4; // places named in the save bar; the rest is ほか

function look() {
  const open = [];
  const counts = new Map();
  for (const place of form.querySelectorAll("[data-place]")) {
    const typed = typedPlace(place);
    const section = place.closest("section");
    const count = counts.get(section.id) ?? { done: 0, of: 0 };
    counts.set(section.id, { done: count.done + (typed.isComplete ? 1 : 0), of: count.of + 1 });
    if (!typed.isComplete && place.dataset.place) open.push(place);
    markBlank(place, typed.isBlank);
  }
  showCounts(counts);
  showLeft(open);
  showNext(open);
}

function markBlank(place, isBlank) {
  const around = place.closest("tr[data-figure]") ?? place;
  const still = around.querySelector("[data-still]");
  const isWrong = fieldsIn(place).some((field) => field.getAttribute("aria-invalid") === "true");
  if (still) still.hidden = !isBlank || isWrong;
  if (around.matches("tr[data-figure]")) around.classList.toggle("todo", isBlank && !isWrong);
}

function showCounts(counts) {
  for (const place of document.querySelectorAll("[data-count][data-words]")) {
    const count = counts.get(place.closest("a").hash.slice(1));
    if (!count) continue;
    const [spoken, shown] = place.children;
    spoken.textContent = place.dataset.words.replace("{done}", count.done).replace("{of}", count.of);
    shown.textContent = `${count.done}／${count.of}`;
  }
}

const anchorOf = (place) => `#${fieldsIn(place)[0].id}`;

function linkTo(place, words = place.dataset.place) {
  const link = document.createElement("a");
  link.href = anchorOf(place);
  link.textContent = words;
  return link;
}

function showLeft(open) {
  const line = form.querySelector("[data-left]");
  const { some, none, more, comma } = line.dataset;
  const links = open.slice(0, NAMED).flatMap((place, index) => (index ? [comma, linkTo(place)] : [": ", linkTo(place)]));
  if (open.length > NAMED) links.push(` ${more}`);
  line.querySelector("[data-left-count]").textContent = open.length ? some.replace("{count}", open.length) : none;
  line.querySelector("[data-left-links]").replaceChildren(...links);
  showAtTheEnd(open);
}

/** The last step on a phone names them all. */
function showAtTheEnd(open) {
  const words = form.querySelector("[data-left-words]");
  const { some, none } = words.dataset;
  words.textContent = open.length ? some.replace("{count}", open.length) : none;
  const items = open.map((place) => {
    const item = document.createElement("li");
    const { step, stepTitle } = place.closest("[data-step]")?.dataset ?? {};
    item.append(step ? linkTo(place, `${step}　${stepTitle}`) : linkTo(place));
    return item;
  });
  form.querySelector("[data-left-all]").replaceChildren(...items);
}

function showNext(open) {
  const next = document.querySelector("[data-next]");
  if (!next) return;
  const { some, none, toBlank, toEnd } = next.dataset;
  next.querySelector(".why").textContent = open.length ? some.replace("{count}", open.length) : none;
  const link = next.querySelector("a");
  link.href = open.length ? anchorOf(open[0]) : "#finish";
  link.textContent = open.length ? toBlank : toEnd;
}

if (form) {
  onTyped(look);
  look();
  window.addEventListener("pageshow", look);
}
