// What differs: ids by kind, and the fields of one record before and after.

import { el, table } from "./dom.js";
import { count, named, t } from "./words.js";

const SHOWN = 12;
const WHAT = ["new", "changed", "removed", "refused", "conflicts"];

export function changesView(counts, ids) {
  const kinds = Object.keys(counts).filter((kind) => WHAT.some((what) => counts[kind][what]));
  if (!kinds.length) return el("p", { className: "calm" }, t("nothing_changes"));
  return el(
    "div",
    { className: "changes" },
    kinds.map((kind) =>
      el(
        "section",
        {},
        el("h4", {}, named("kind", kind)),
        el("ul", {}, WHAT.filter((what) => counts[kind][what]).map((what) => line(what, counts[kind][what], ids?.[kind]?.[what] || []))),
      ),
    ),
  );
}

function line(what, number, ids) {
  const head = [el("span", { className: `tag ${what}` }, named("verdict", what)), " ", count(number), ids.length ? ": " : ""];
  const first = ids.slice(0, SHOWN).join(", ");
  if (ids.length <= SHOWN) return el("li", {}, head, first);
  return el("li", {}, head, first, el("details", {}, el("summary", {}, t("all_of_them")), ids.join(", "), number > ids.length ? " …" : ""));
}

export function totals(counts) {
  const sums = WHAT.map((what) => [what, Object.values(counts).reduce((sum, each) => sum + (each[what] || 0), 0)]);
  return sums.filter(([, sum]) => sum).map(([what, sum]) => `${count(sum)} ${named("verdict", what)}`).join(", ") || t("nothing_changes");
}

export function changedFields(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => text(before[name]) !== text(after[name]));
}

export function fieldsView(before, after, headings = [t("before"), t("after")]) {
  const names = changedFields(before, after);
  if (!names.length) return el("p", { className: "calm" }, t("nothing_changes"));
  const rows = names.map((name) => {
    const [was, is] = cut(text(before[name]), text(after[name]));
    return [el("th", { scope: "row" }, named("field", name)), el("td", { className: "pre old" }, was), el("td", { className: "pre new" }, is)];
  });
  return table(t("changed_fields"), [t("field"), ...headings], rows);
}

export function text(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.every((part) => typeof part === "string")) return value.join("\n");
  return typeof value === "object" ? (Object.keys(value).length ? JSON.stringify(value, null, 2) : "") : String(value);
}

// Equal lines at both ends of long texts are counted instead of shown.
function cut(was, is) {
  const [old, now] = [was.split("\n"), is.split("\n")];
  let [head, tail] = [0, 0];
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const keep = 2;
  const same = (lines, from, to) => (to - from > keep ? [`… ${t("equal_lines", { number: count(to - from) })}`] : lines.slice(from, to));
  const part = (lines) => [...same(lines, 0, head), ...lines.slice(head, lines.length - tail), ...same(lines, lines.length - tail, lines.length)].join("\n");
  return [part(old), part(now)];
}
