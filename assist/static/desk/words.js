/** The words of the desk, German or English; what cases and templates say stays as it is. */

import de from "./words-de.js";
import en from "./words-en.js";

const ALL = { de, en };
let language = (navigator.language || "de").toLowerCase().startsWith("de") ? "de" : "en";

export const languages = Object.keys(ALL);

export function currentLanguage() {
  return language;
}

/** @param {string} chosen */
export function setLanguage(chosen) {
  language = chosen;
}

/**
 * @param {string} name
 * @param {Record<string, string|number>} [values]
 */
export function t(name, values = {}) {
  return ALL[language][name].replace(/\{(\w+)\}/g, (whole, part) => (part in values ? String(values[part]) : whole));
}

/** The word of a channel, field or value if there is one, else its name. @param {string} group @param {string} name */
export function named(group, name) {
  return ALL[language][`${group}.${name}`] ?? name;
}
