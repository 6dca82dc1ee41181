// The words of the page, German or English; what the service itself says stays as it says it.

import de from "./words-de.js";
import en from "./words-en.js";

const ALL = { de, en };
const KEPT = "stichwort.language";
let language = first();

function first() {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept in ALL) return kept;
  } catch {
    // No storage, no memory of it.
  }
  return (navigator.language || "de").toLowerCase().startsWith("de") ? "de" : "en";
}

export function currentLanguage() {
  return language;
}

export function setLanguage(chosen) {
  language = chosen;
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    // It holds until the page is closed.
  }
}

export function t(name, values = {}) {
  const text = ALL[language][name] ?? ALL.en[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, part) => (part in values ? values[part] : whole));
}

// The word of a kind, a verdict or another name of the service, if there is one.
export function named(group, name) {
  const found = ALL[language][`${group}.${name}`];
  return found ?? name;
}

export function count(value) {
  return new Intl.NumberFormat(language).format(value);
}

export function percent(value) {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(value);
}

// A number that is added to others.
export function signed(value) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2, minimumFractionDigits: 2, signDisplay: "exceptZero" }).format(value);
}

export function time(text) {
  if (!text) return t("unknown");
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
}

export function size(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 && step ? 1 : 0 }).format(value)} ${units[step]}`;
}
