/** The list of cases: arrows or J and K move through it, Enter opens. */

import { byId, el } from "./dom.js";
import { named, t } from "./words.js";

const MOVES = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

export class Inbox {
  #list = byId("inbox");

  /** @type {import("./open-case.js").OpenCase[]} */
  cases = [];
  /** @type {import("./open-case.js").OpenCase|null} */
  current = null;

  /** @param {(chosen: import("./open-case.js").OpenCase) => void} onOpen */
  constructor(onOpen) {
    this.onOpen = onOpen;
    this.#list.addEventListener("keydown", (event) => this.#onKey(event));
  }

  paint() {
    const at = this.#buttons().indexOf(document.activeElement);
    const empty = el("li", { class: "hint", text: t("inbox-empty") });
    this.#list.replaceChildren(...(this.cases.length > 0 ? this.cases.map((each) => this.#row(each)) : [empty]));
    if (at >= 0) this.#buttons()[at].focus();
  }

  focus() {
    (this.#list.querySelector("[tabindex='0']") ?? this.#buttons()[0])?.focus();
  }

  /** Put the focus on the next case that waits for an answer, after the current one; whether there is one. */
  focusNext() {
    const from = this.cases.indexOf(this.current) + 1;
    const order = [...this.cases.slice(from), ...this.cases.slice(0, from)];
    const next = order.find((each) => !each.answered && !each.waiting);
    if (next) this.#focusOn(this.#buttons()[this.cases.indexOf(next)]);
    return next !== undefined;
  }

  #row(each) {
    const { name, at, channel } = each;
    const current = each === this.current;
    const state = each.unread ? t("new") : each.answered ? `✓ ${t("answered")}` : each.opened ? "" : "•";
    const subject = each.brought.subject ?? firstLine(each);
    const chosen = current || (this.current === null && each === this.cases[0]);
    const row = el(
      "button",
      { type: "button", tabindex: chosen ? 0 : -1, "aria-current": current ? "true" : null, on: { click: () => this.onOpen(each) } },
      el("span", { class: "who", text: name }),
      el("span", { class: "at", text: `${named("channel", channel)} · ${at}` }),
      el("span", { class: "what", text: subject }),
      el("span", { class: `state ${each.unread ? "unread" : ""}`, text: state }),
    );
    return el("li", {}, row);
  }

  #buttons() {
    return [...this.#list.querySelectorAll("button")];
  }

  #focusOn(button) {
    for (const each of this.#buttons()) each.tabIndex = each === button ? 0 : -1;
    button.focus();
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in MOVES)) return;
    const buttons = this.#buttons();
    const to = buttons.indexOf(document.activeElement) + MOVES[event.key];
    this.#focusOn(buttons[Math.min(buttons.length - 1, Math.max(0, to))]);
    event.preventDefault();
  }
}

function firstLine(each) {
  const text = each.turns.findLast((turn) => turn.role === "customer" || turn.role === "caller")?.text ?? "";
  return text.split("\n", 1)[0];
}
