/** What was said in a case, who is the customer, and which keys there are. */

import { byId, el } from "./dom.js";
import { named, t } from "./words.js";

/** @param {import("./open-case.js").OpenCase} open */
export function paintTalk(open) {
  const title = open.brought.subject ?? t("no-subject", { name: open.name, channel: named("channel", open.channel) });
  byId("work-title").textContent = title;
  const talk = byId("talk");
  talk.setAttribute("aria-label", t("talk"));
  talk.lang = open.brought.language ?? "";
  talk.replaceChildren(...open.turns.map((turn) => row(turn, open.name)));
  talk.scrollTop = open.turns.length > 1 ? talk.scrollHeight : 0;
  byId("typing").textContent = open.waiting ? t("typing", { name: open.name }) : "";
}

function row({ role, text }, name) {
  if (role === "done") return el("li", { class: "turn done", text });
  const who = el("p", { class: "who", text: t(`said-${role}`, { name }) });
  return el("li", { class: `turn ${role}` }, who, el("div", { class: "text" }, ...parts(text)));
}

/** Lines of a quoted mail stand back. */
function parts(text) {
  return text.split(/((?:^>.*\n?)+)/m).filter(Boolean).map((part) => (part.startsWith(">") ? el("span", { class: "quoted", text: part }) : part));
}

/** @param {import("./open-case.js").OpenCase} open */
export function paintFacts(open) {
  const { salutation, first_name: first, last_name: last } = open.context.contact;
  const rows = [["name", [salutation, first, last].filter(Boolean).join(" ")], ...Object.entries(open.brought.customer ?? {})];
  byId("facts").replaceChildren(...rows.flatMap(([key, value]) => [el("dt", { text: named("field", key) }), el("dd", { text: shown(value) })]));
}

function shown(value) {
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  return named("value", String(value));
}

const KEYS = [
  ["J K ↑ ↓", "help-move"], ["↵", "help-open"], ["F4", "help-suggestions"], ["F4 1–9", "help-number"],
  ["F2", "help-gap"], ["Ctrl ↵", "help-send"], ["Esc", "help-back"],
];

export function paintKeys() {
  const keys = KEYS.map(([key, word]) => el("li", {}, el("kbd", { text: key }), ` ${t(word)}`));
  const list = el("ul", { "aria-label": t("help"), role: "list" }, ...keys, el("li", { text: t("help-order") }));
  byId("keys").replaceChildren(list);
}
