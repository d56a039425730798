// The bar and the columns of core/charts.py and templates/ui/_bar.html, _months.html, drawn again while typing.

import { formatFigure, formatPercent, fromText, share } from "./figures.js";

const SVG = "http://www.w3.org/2000/svg";
const FULL = 1100n; // tenths of a percent: the bar ends at 110 %
const SLOT = 8;
const HEIGHT = 240n; // tenths

const oneDecimal = (tenths) => `${tenths / 10n}.${tenths % 10n}`;
const halfUp = (part, whole) => (part * 2n + whole) / (whole * 2n);

function svgElement(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** achieved: tenths of a percent, or null. */
export function drawBar(svg, live, achieved, words) {
  if (!svg) return;
  const unit = live.method === "ratio" ? "%" : live.unit;
  const target = formatFigure(fromText(live.target)) + unit;
  const sentence = achieved === null ? words.noFigure : words.achieved;
  const done = achieved === null ? "" : formatPercent(share(achieved, 10n));
  svg.setAttribute("aria-label", sentence.replace("{done}", done).replace("{target}", target));
  const held = achieved === null || achieved < 0n ? 0n : achieved > FULL ? FULL : achieved;
  svg.querySelectorAll("rect")[1].setAttribute("width", `${oneDecimal(halfUp(held * 1000n, FULL))}%`);
  drawArrow(svg, achieved !== null && achieved > FULL);
}

function drawArrow(svg, isOver) {
  const there = svg.querySelector('svg[x="100%"]');
  if (!isOver) there?.remove();
  if (!isOver || there) return;
  const arrow = svgElement("svg", { x: "100%", y: "8", width: "1", height: "1", overflow: "visible" });
  arrow.append(svgElement("path", { d: "M0 -6l6 6l-6 6z", fill: "#0b5d66" }));
  svg.querySelectorAll("rect")[3].after(arrow);
}

/** now: [hundredths, its word]; null hundredths for a period that has no entry yet. */
export function drawColumns(svg, live, now, words) {
  if (!svg) return;
  const values = [...live.past.map(([height]) => fromText(height)), now[0]];
  const said = [...live.past, now].map(([, word]) => word);
  const title = svg.querySelector("title");
  title.textContent = live.sentence.replace("{values}", said.join(words.comma));
  const highest = values.reduce((high, value) => (value !== null && value > high ? value : high), 0n);
  svg.replaceChildren(title, ...values.map((value, index) => column(value, highest, index, values.length - 1)));
}

function column(value, highest, index, last) {
  if (value === null) {
    return svgElement("rect", {
      x: index * SLOT + 1.5, y: "17.5", width: "5", height: "6",
      fill: "none", stroke: "#8a5200", "stroke-dasharray": "2 1.5",
    });
  }
  const height = value <= 0n ? 10n : larger(halfUp(value * (HEIGHT - 10n), highest), 15n);
  return svgElement("rect", {
    x: index * SLOT + 1, y: oneDecimal(HEIGHT - height), width: "6", height: oneDecimal(height),
    fill: index === last ? "#0b5d66" : "#a9b9ba",
  });
}

const larger = (one, other) => (one > other ? one : other);
