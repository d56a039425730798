// On a phone one thing at a time: a sentence, an indicator, the budget … with 前へ and 次へ, the place 「7／21 ②-1」, and a
// list of contents to jump. The place is kept in the address, so that a reload or a turn of the phone changes nothing.
// 「一覧で見る」 shows the whole list instead, as it is on a wide screen and without scripts.

import { fieldsIn, form, typedPlace } from "./typed.js";

const narrow = window.matchMedia("(max-width: 47.99rem)");
const head = form?.querySelector("[data-steps]");
const bar = form?.querySelector("[data-stepper]");
const LISTED = "entry-listed";

let steps = [];
let here = 0;
let isListed = remembered();

function remembered() {
  try {
    return sessionStorage.getItem(LISTED) === "yes";
  } catch {
    return false; // storage can be switched off
  }
}

function remember() {
  try {
    sessionStorage.setItem(LISTED, isListed ? "yes" : "no");
  } catch {
    // see above
  }
}

const isStepping = () => narrow.matches && !isListed;

/** What says so, and every section that holds nothing that says so. */
function findSteps() {
  const found = Array.from(form.querySelectorAll("[data-step], .section"));
  return found.filter((element) => element.dataset.step || !element.querySelector("[data-step]"));
}

const labelOf = (step) => step.dataset.step ?? step.querySelector("h2").textContent.trim();
const titleOf = (step) => step.dataset.stepTitle ?? "";
const anchorOf = (step) => fieldsIn(step)[0]?.id ?? step.id;

/** What is said about a row stands behind it. */
function stepOf(element) {
  const around = element?.closest("tr.wide, .row-talk")?.previousElementSibling ?? element?.closest("[data-step], .section");
  return steps.findIndex((step) => step === around || step.contains(element) || element?.contains(step));
}

function setMode() {
  const { one, list } = head.dataset;
  form.classList.toggle("stepping", isStepping());
  head.hidden = !narrow.matches;
  head.querySelector("details").hidden = !isStepping();
  head.querySelector("[data-steps-mode]").textContent = isStepping() ? list : one;
  bar.hidden = !isStepping();
  for (const field of fieldsIn(form)) {
    if (!field.matches("input[type=text]")) continue;
    if (isStepping()) field.enterKeyHint = "next";
    else field.removeAttribute("enterkeyhint");
  }
}

function show(index, { isMove = true, focus = false } = {}) {
  here = Math.max(0, Math.min(index, steps.length - 1));
  const step = steps[here];
  steps.forEach((one) => one.classList.toggle("is-here", one === step));
  form.classList.toggle("at-end", here === steps.length - 1);
  const place = `${here + 1}／${steps.length} ${labelOf(step)}`;
  for (const element of form.querySelectorAll("[data-step-place]")) element.textContent = place;
  bar.querySelector("[data-step-back]").disabled = here === 0;
  bar.querySelector("[data-step-on]").hidden = here === steps.length - 1;
  if (!isMove || !isStepping()) return;
  head.querySelector("[role=status]").textContent = `${place} ${titleOf(step)}`;
  history.replaceState(history.state, "", `#${anchorOf(step)}`);
  window.scrollTo({ top: head.getBoundingClientRect().top + window.scrollY - 8, behavior: "instant" });
  if (focus) fieldsIn(step)[0]?.focus({ preventScroll: true });
}

/** Stays in the keyboard when somebody was typing. */
function go(by) {
  show(here + by, { focus: stepOf(document.activeElement) === here });
}

const isUndone = (place) => place.dataset.place && !typedPlace(place).isComplete;

/** Where the address points; else to the first thing that is wrong; else to the end, when only that is left to do; else
 *  to the first thing not yet done: who comes back goes on where there is something to write. */
function begin() {
  const pointed = stepOf(document.getElementById(decodeURIComponent(location.hash.slice(1))));
  const wrong = steps.findIndex((step) => step.querySelector(".is-invalid, .field-error, [data-unsaved]"));
  const asked = form.querySelector("[name=accept_blanks]") ? steps.length - 1 : -1;
  const undone = steps.findIndex((step) => Array.from(step.querySelectorAll("[data-place]")).some(isUndone));
  show([pointed, wrong, asked, undone].find((index) => index >= 0) ?? 0, { isMove: false });
  if (isStepping() && pointed < 0) form.querySelector(".notice-error, .notice-caution[role=alert]")?.scrollIntoView();
}

function listContents() {
  const { done, undone } = head.dataset;
  const items = steps.map((step, index) => {
    const link = document.createElement("a");
    link.href = `#${anchorOf(step)}`;
    link.append(labelOf(step), titleOf(step) && `　${titleOf(step)}`);
    if (index === here) link.setAttribute("aria-current", "step");
    const places = Array.from(step.querySelectorAll("[data-place]"));
    const mark = document.createElement("span");
    mark.className = "cap";
    if (places.length) mark.textContent = places.every((place) => typedPlace(place).isComplete) ? done : undone;
    const item = document.createElement("li");
    item.append(link, mark);
    return item;
  });
  head.querySelector("ol").replaceChildren(...items);
}

/** A link to a field shows its step. True when it led to one. */
function follow(hash) {
  const target = document.getElementById(decodeURIComponent(hash.slice(1)));
  const index = target ? stepOf(target) : -1;
  if (!isStepping() || index < 0) return false;
  head.querySelector("details").open = false;
  show(index);
  if (target.matches("input, textarea, select")) target.focus({ preventScroll: true });
  return true;
}

function onEnter(event) {
  if (!isStepping() || event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
  if (event.shiftKey || !event.target.matches("input[type=text]") || stepOf(event.target) < 0) return;
  event.preventDefault();
  event.stopPropagation(); // there is no row below to go to
  const fields = fieldsIn(steps[here]).filter((field) => field.matches("input[type=text]"));
  const next = fields[fields.indexOf(event.target) + 1];
  if (next) next.focus();
  else show(here + 1, { focus: true });
}

/** Keeps the bar above the keyboard of the phone, which covers the window without making it smaller. */
function lift() {
  const { height, offsetTop } = window.visualViewport;
  const covered = window.innerHeight - height - offsetTop;
  form.querySelector(".save-bar").style.transform = isStepping() && covered > 100 ? `translateY(-${covered}px)` : "";
}

function start() {
  steps = findSteps();
  setMode();
  begin();
  narrow.addEventListener("change", () => {
    setMode();
    show(here);
    if (!isStepping()) steps[here].scrollIntoView();
  });
  head.querySelector("[data-steps-mode]").addEventListener("click", () => {
    isListed = isStepping();
    remember();
    setMode();
    show(here);
    if (isListed) steps[here].scrollIntoView();
  });
  head.querySelector("details").addEventListener("toggle", listContents);
  for (const [name, by] of [["back", -1], ["on", 1]]) {
    const button = bar.querySelector(`[data-step-${name}]`);
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays where one types
    button.addEventListener("click", () => go(by));
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash && follow(link.hash)) event.preventDefault();
  });
  window.addEventListener("hashchange", () => follow(location.hash));
  form.addEventListener("keydown", onEnter, { capture: true });
  form.addEventListener("entry:reveal", (event) => {
    const index = stepOf(event.target);
    if (isStepping() && index >= 0 && index !== here) show(index);
  });
  window.visualViewport?.addEventListener("resize", lift);
  window.visualViewport?.addEventListener("scroll", lift);
}

if (head && bar) start();
