// Running totals, achievements, bars and columns follow what is being typed: provisional, and the very text that the
// server will show once it is saved (mentoring/totals.py, core/figures.py, core/charts.py). What cannot be read as a
// number leaves the total as it was and says so.

import { formatFigure, formatPercent, fromText, roundedTenths, share } from "./figures.js";
import { drawBar, drawColumns } from "./live_charts.js";
import { form, onTyped, typedFigure, typedYen } from "./typed.js";

const words = form?.dataset ?? {};

function follow(row) {
  const live = JSON.parse(row.dataset.figure);
  if (live.method === "state") return;
  const typed = typedFigure(row, live);
  const part = (name) => row.querySelector(`[data-total="${name}"]`);
  show(part("unread"), typed.isUnread);
  if (typed.isBlank || typed.isComplete) show(part("without"), typed.isBlank);
  if (live.method === "presence") {
    const word = typed.word || live.before.presence;
    part("presence").textContent = word && `${word}　`;
    return;
  }
  if (!typed.isBlank && !typed.isComplete) return;
  const total = totalOf(live, typed);
  showTotal(live, total, part);
  if (part("year")) showYear(live, typed, part("year"));
  drawBar(row.querySelector("svg.bar"), live, achievement(live, total.value), words);
  drawColumns(row.querySelector("svg.months"), live, columnNow(live, typed), words);
  if (live.method === "ratio") showNowPercent(row, typed);
}

/** value: a share, or null when there is none; numerator and denominator of a ratio beside it. */
function totalOf(live, typed) {
  const before = Object.fromEntries(
    ["value", "numerator", "denominator"].map((name) => [name, fromText(live.before[name])]),
  );
  if (live.method === "ratio") {
    let [numerator, denominator] = typed.numbers;
    if (typed.isBlank || live.pooled) {
      numerator = added(before.numerator, numerator);
      denominator = added(before.denominator, denominator);
    }
    const value = denominator ? share(numerator * 100n, denominator) : null;
    return { value, numerator, denominator };
  }
  const [now] = typed.numbers;
  if (live.method === "latest") return { value: counted(now ?? before.value) };
  return { value: counted(now === null ? before.value : (before.value ?? fromText(live.baseline)) + now) };
}

const added = (one, other) => (one === null ? other : one + (other ?? 0n));
const counted = (hundredths) => (hundredths === null ? null : share(hundredths, 100n));

function showTotal(live, { value, numerator, denominator }, part) {
  show(part("none"), value === null);
  show(part("line"), value !== null);
  if (value === null) {
    part("value").textContent = part("side").textContent = "";
    return;
  }
  if (live.method === "ratio") {
    part("value").textContent = formatPercent(value);
    part("side").textContent = `${formatFigure(numerator)}／${formatFigure(denominator)}${live.enteredUnit}`;
    return;
  }
  const achieved = achievement(live, value);
  part("value").textContent = formatFigure(value.part);
  part("side").textContent = achieved === null ? "" : formatPercent(share(achieved, 10n));
}

/** Tenths of a percent of the way from baseline to target; null without a way. */
function achievement(live, value) {
  const target = fromText(live.target);
  const baseline = fromText(live.baseline);
  if (value === null || target === null || target === baseline) return null;
  const way = (100n * value.part - baseline * value.whole) * 100n;
  return roundedTenths(share(way, value.whole * (target - baseline)));
}

function showYear(live, typed, place) {
  const before = fromText(live.before.year);
  const [now] = typed.numbers;
  let year = null;
  if (live.method === "latest") year = now ?? before;
  else if (live.method !== "ratio") year = added(before, now);
  place.textContent = place.dataset.words.replace("{done}", year === null ? "0" : formatFigure(year));
}

function columnNow(live, typed) {
  if (typed.isBlank) return [null, words.blank];
  const [part, whole] = typed.numbers;
  if (live.method !== "ratio") return [part, formatFigure(part) + live.unit];
  if (whole === 0n) return [0n, "－"]; // nobody was asked
  const percent = share(part * 100n, whole);
  return [roundedTenths(percent) * 10n, formatPercent(percent)];
}

function showNowPercent(row, typed) {
  const place = row.querySelector("[data-now-percent]");
  const [part, whole] = typed.numbers;
  const percent = whole ? formatPercent(share(part * 100n, whole)) : "";
  place.textContent = percent && place.dataset.words.replace("{value}", percent);
  show(place, percent !== "");
  show(row.querySelector("[data-hint]"), percent === "");
}

function followCost(row) {
  const cost = JSON.parse(row.dataset.cost);
  const typed = typedYen(row.querySelector("input"));
  if (typed.isUnread) return;
  const plan = BigInt(cost.plan);
  const total = BigInt(cost.before) + (typed.amount ?? 0n) / 100n;
  const yen = (amount) => cost.yen.replace("{amount}", formatFigure(amount * 100n));
  row.querySelector("[data-cost-total]").textContent = yen(total);
  const rate = executionRate(total, plan);
  row.querySelector("[data-cost-rate]").textContent = rate === null ? "－" : formatPercent(share(rate, 10n));
  const left = row.querySelector("[data-cost-left]");
  left.textContent = yen(plan - total);
  left.classList.toggle("gap", total > plan);
}

/** Never more than 100.0, and never 100.0 while yen remain (core/money.py). */
function executionRate(total, plan) {
  if (plan === 0n) return null;
  if (total >= plan) return 1000n;
  const rate = roundedTenths(share(total * 100n, plan));
  return rate < 999n ? rate : 999n;
}

function show(element, isShown) {
  if (element) element.hidden = !isShown;
}

function followAll() {
  form.querySelectorAll("tr[data-figure]").forEach(follow);
  form.querySelectorAll("tr[data-cost]").forEach(followCost);
}

if (form) {
  onTyped((field) => {
    const row = field.closest("tr[data-figure], tr[data-cost]");
    if (row) (row.dataset.figure ? follow : followCost)(row);
  });
  followAll();
  window.addEventListener("pageshow", followAll); // a browser may have put back what was typed before a reload
}
