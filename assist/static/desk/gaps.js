/** Gaps that a template left: marked under the text, listed beside it, and in the way of sending. */

import { byId, el } from "./dom.js";
import { named, t } from "./words.js";

const GAP = /\[\[([^[\]]{1,200})\]\]/g;

/** @param {HTMLInputElement|HTMLTextAreaElement} field */
function gapsIn(field) {
  return [...field.value.matchAll(GAP)].map((found) => ({ field, name: found[1], start: found.index, end: found.index + found[0].length }));
}

/** All gaps of the reply in reading order. @param {HTMLElement[]} fields */
export function gapsOf(fields) {
  return fields.filter((field) => field.offsetParent !== null).flatMap(gapsIn);
}

/** Mark the gaps in the layer under the text, whose lines break where those of the text do. */
export function paintUnder(area) {
  const under = byId("under");
  const nodes = [];
  let from = 0;
  for (const { start, end } of gapsIn(area)) {
    nodes.push(area.value.slice(from, start), el("mark", { text: area.value.slice(start, end) }));
    from = end;
  }
  // A line break at the end takes up a line in a text field, and none elsewhere.
  under.replaceChildren(...nodes, `${area.value.slice(from)}\u200b`);
  under.scrollTop = area.scrollTop;
}

/** @param {ReturnType<typeof gapsOf>} gaps */
export function paintGaps(gaps) {
  const list = byId("gaps");
  list.hidden = gaps.length === 0;
  const buttons = gaps.map((gap) =>
    el("li", {}, el("button", { type: "button", text: named("gap", gap.name), on: { click: () => choose(gap) } })),
  );
  list.replaceChildren(el("p", { id: "gaps-title", text: t("gaps") }), el("ul", { "aria-labelledby": "gaps-title" }, ...buttons));
}

function choose({ field, start, end }) {
  field.focus();
  field.setSelectionRange(start, end);
}

/** Select the gap after the caret, else the first: what is typed next takes its place. */
export function nextGap(fields) {
  const gaps = gapsOf(fields);
  const at = fields.indexOf(document.activeElement);
  const after = gaps.find(({ field, start }) => fields.indexOf(field) > at || (field === document.activeElement && start >= field.selectionEnd));
  if (gaps.length > 0) choose(after ?? gaps[0]);
  return gaps.length > 0;
}
