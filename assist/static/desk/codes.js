/** Shortcodes: `/` and letters in the reply list the templates that begin so; Tab or Enter takes the chosen one. */

import { byId, el, say } from "./dom.js";
import { ask } from "./service.js";
import { t } from "./words.js";

const TYPED = /(?:^|\s)\/([\p{L}\p{N}-]{0,30})$/u;
const MOST = 8;

export class Codes {
  #known = [];
  #found = [];
  #at = 0;
  #list = byId("codes");

  /**
   * @param {HTMLTextAreaElement} area
   * @param {(code: {id: string, kind: string, shortcode: string}, start: number, end: number) => void} onTake
   */
  constructor(area, onTake) {
    Object.assign(this, { area, onTake, open: null });
    area.addEventListener("keydown", (event) => this.#onKey(event));
    area.addEventListener("blur", () => this.close());
  }

  async load() {
    this.#known = (await ask("GET", "/desk/shortcodes")).shortcodes;
  }

  /** The kind of a template, as far as its shortcode is known. @param {string} id */
  pieceOf(id) {
    const known = this.#known.find((each) => each.id === id);
    return { id, kind: known?.kind ?? "reply", shortcode: known?.shortcode ?? null };
  }

  /** Look at what is typed before the caret. */
  update() {
    const typed = this.#typed();
    const found = typed === null ? [] : this.#matching(typed.letters);
    if (found.length === 0) {
      this.close();
      return;
    }
    this.#found = found;
    this.#at = 0;
    this.#paint();
    say(t(found.length === 1 ? "codes-found-one" : "codes-found", { count: found.length }));
  }

  close() {
    this.#found = [];
    this.#list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  #typed() {
    const { selectionStart: caret, selectionEnd: end, value } = this.area;
    const found = caret === end ? TYPED.exec(value.slice(0, caret)) : null;
    return found && { letters: found[1].toLowerCase(), start: caret - found[1].length - 1, end: caret };
  }

  /** What fits the case comes first: its language, its channel, then by shortcode. */
  #matching(letters) {
    const { language, channel } = this.open?.brought ?? {};
    const misfit = (each) =>
      2 * Number(Boolean(language) && !each.language.startsWith(language)) +
      Number(each.channels.length > 0 && !each.channels.includes(channel));
    const found = this.#known.filter((each) => each.shortcode.toLowerCase().startsWith(letters));
    return found.sort((one, other) => misfit(one) - misfit(other)).slice(0, MOST);
  }

  #paint() {
    const options = this.#found.map((each, place) => {
      const parts = { role: "option", id: `code-${place}`, "aria-selected": String(place === this.#at) };
      const take = (event) => {
        event.preventDefault(); // the focus stays in the text
        this.#take(place);
      };
      return el("li", { ...parts, on: { pointerdown: take } }, el("kbd", { text: `/${each.shortcode}` }), el("span", { text: each.name, lang: each.language }));
    });
    this.#list.setAttribute("aria-label", t("codes"));
    this.#list.replaceChildren(...options);
    this.#list.hidden = false;
    this.#list.scrollIntoView({ block: "nearest" });
    this.#list.children[this.#at].scrollIntoView({ block: "nearest" });
    this.area.setAttribute("aria-activedescendant", `code-${this.#at}`);
  }

  #take(place) {
    const typed = this.#typed();
    const code = this.#found[place];
    this.close();
    if (typed && code) this.onTake(code, typed.start, typed.end);
  }

  #onKey(event) {
    if (this.#found.length === 0 || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      this.#at = (this.#at + move + this.#found.length) % this.#found.length;
      this.#paint();
    } else if ((event.key === "Tab" && !event.shiftKey) || event.key === "Enter") this.#take(this.#at);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
