// Numbers as people type them and as the screen shows them, exactly: the same as core/figures.py, in whole
// hundredths (BigInt), because 0.1 + 0.2 is not 0.3 here. A share is a pair of BigInts, rounded once, at the end.

const NUMBER = /^([-+]?)(\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.(\d+))?$/;
const HUNDREDTHS = 2;
const LIMIT = 10n ** 15n; // 13 digits before the point, in hundredths

export const UNREADABLE = Symbol("not readable as a number");

/** rules: {signs, units} from the page. Returns hundredths, null for blank, UNREADABLE. */
export function readFigure(typed, unit, rules, { min = null } = {}) {
  const text = withoutUnit(plain(typed, rules), plain(unit, rules), rules);
  if (text === "") return plain(typed, rules) === "" ? null : UNREADABLE;
  const match = NUMBER.exec(text.replace(/^¥/, "").replace(/^([-+]) +/, "$1"));
  if (!match) return UNREADABLE;
  const [, sign, whole, part = ""] = match;
  const digits = part.replace(/0+$/, "");
  if (digits.length > HUNDREDTHS) return UNREADABLE;
  const value = BigInt(whole.replace(/[, ]/g, "") + digits.padEnd(HUNDREDTHS, "0")) * (sign === "-" ? -1n : 1n);
  if (value >= LIMIT || value <= -LIMIT || (min !== null && value < min)) return UNREADABLE;
  return value;
}

function plain(text, rules) {
  return Array.from(text, (sign) => rules.signs[sign] ?? sign).join("").trim();
}

function withoutUnit(text, unit, rules) {
  if (unit && text.endsWith(unit)) return text.slice(0, -unit.length).trimEnd();
  return text.replace(new RegExp(rules.units), "").trimEnd();
}

/** A plain decimal text of the server ("52", "-0.5", "") in hundredths; null when empty. */
export function fromText(text) {
  if (text === "") return null;
  const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  return BigInt(whole + part.slice(0, HUNDREDTHS).padEnd(HUNDREDTHS, "0")) * (sign ? -1n : 1n);
}

/** 1,234.5: thousand separators, no trailing zeros. */
export function formatFigure(hundredths) {
  const [whole, part] = split(hundredths, HUNDREDTHS);
  const digits = part.replace(/0+$/, "");
  return signOf(hundredths) + grouped(whole) + (digits && `.${digits}`);
}

/** 54.2% for the share 542/10: always one decimal, half rounds away from zero. */
export function formatPercent(share) {
  const tenths = roundedTenths(share);
  const [whole, part] = split(tenths, 1);
  return `${signOf(tenths)}${grouped(whole)}.${part}%`;
}

export const share = (part, whole) => (whole < 0n ? { part: -part, whole: -whole } : { part, whole });

/** The share in tenths, half away from zero. */
export function roundedTenths({ part, whole }) {
  const size = (part < 0n ? -part : part) * 20n + whole;
  const rounded = size / (whole * 2n);
  return part < 0n ? -rounded : rounded;
}

function split(number, places) {
  const digits = String(number < 0n ? -number : number).padStart(places + 1, "0");
  return [digits.slice(0, -places), digits.slice(-places)];
}

const signOf = (number) => (number < 0n ? "-" : "");
const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");
