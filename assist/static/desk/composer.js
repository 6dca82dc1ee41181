/** Where the reply is written: text comes in from the panel and by shortcode, and goes out when it has no gap. */

import { Codes } from "./codes.js";
import { byId, el } from "./dom.js";
import { gapsOf, nextGap, paintGaps, paintUnder } from "./gaps.js";
import { Letter } from "./letter.js";
import { currentLanguage, named, t } from "./words.js";

export class Composer {
  #form = byId("composer");
  #area = byId("reply");
  #subject = byId("subject");
  #framed = byId("framed");
  #fields = [this.#subject, this.#area];
  #filling = 0;
  #open = null;
  codes = new Codes(this.#area, (code, start, end) => this.#onCode(code, start, end));

  /** @param {(open: any, reply: {text: string, edited: boolean}) => void} onSend */
  constructor(onSend) {
    this.onSend = onSend;
    this.#form.addEventListener("submit", (event) => this.#onSubmit(event));
    this.#form.addEventListener("keydown", (event) => this.#onKey(event));
    this.#area.addEventListener("input", () => this.#onInput());
    this.#area.addEventListener("scroll", () => (byId("under").scrollTop = this.#area.scrollTop));
    this.#subject.addEventListener("input", () => {
      this.#open.draft.subject = this.#subject.value;
      this.paint();
    });
    this.#framed.addEventListener("change", () => this.#refill());
  }

  /** @param {import("./open-case.js").OpenCase} open */
  show(open) {
    this.#open = open;
    this.codes.open = open;
    this.codes.close();
    this.#form.hidden = false;
    byId("subject-field").hidden = byId("framed-field").hidden = !open.isLetter;
    this.#area.value = open.draft.text;
    this.#area.lang = this.#subject.lang = open.brought.language ?? "";
    this.#showSubject();
    byId("remarks").replaceChildren();
    this.paint();
  }

  paint() {
    if (this.#open === null) return;
    const { draft, channel } = this.#open;
    const gaps = gapsOf(this.#fields);
    const why = this.#why(gaps);
    byId("reply-label").textContent = t("answer-by", { channel: named("channel", channel) });
    byId("send").textContent = t("send");
    byId("send").setAttribute("aria-disabled", String(why !== ""));
    if (byId("why").textContent !== why) byId("why").textContent = why;
    byId("attached").hidden = draft.attached.length === 0;
    byId("attached").textContent = t("attached", { titles: draft.attached.join(", ") });
    paintUnder(this.#area);
    paintGaps(gaps);
  }

  focus() {
    if (!nextGap(this.#fields)) this.#area.focus();
  }

  nextGap() {
    return nextGap(this.#fields);
  }

  /** Put a template into the reply: together with what is there already, unless that was edited. */
  async addTemplate(piece, instead) {
    const { draft } = this.#open;
    const letter = draft.letter ?? new Letter();
    const untouched = this.#area.value.trim() === "" || this.#area.value === letter.text;
    const framing = piece.kind === "header" || piece.kind === "footer";
    const pieces = untouched && this.#area.value !== "" ? [...letter.pieces.filter((each) => each.id !== piece.id), piece] : [piece];
    const whole = untouched && !framing;
    const filled = await this.#fill(whole ? letter : new Letter(), pieces, whole && this.#framed.checked, instead);
    if (filled === null) return;
    if (whole) draft.letter = letter;
    this.#put(filled.text, whole);
    if (whole && filled.subject) draft.offered = filled.subject;
    this.#showSubject();
    this.#onInput();
    this.focus();
  }

  /** Put any text in at the caret. @param {string} text */
  addText(text) {
    this.#put(text, false);
    this.#onInput();
    this.focus();
  }

  /** Fill a letter for the open case; null when another case is open by now, or nothing could be filled. */
  async #fill(letter, pieces, framed, instead = null) {
    const open = this.#open;
    this.#filling += 1;
    this.paint();
    try {
      const filled = await letter.fill(pieces, { case: open.case, context: open.context, language: currentLanguage() }, framed && open.isLetter);
      if (open === this.#open) this.#remark(filled.warnings);
      return open === this.#open ? filled : null;
    } catch (error) {
      if (open === this.#open) this.#remark([t(instead ? "plain" : "not-filled", { detail: error.message })]);
      return open === this.#open ? instead : null;
    } finally {
      this.#filling -= 1;
      this.paint();
    }
  }

  /** Header and footer come and go as long as the letter is as it was made. */
  async #refill() {
    const { letter } = this.#open.draft;
    if (!letter || letter.pieces.length === 0 || this.#area.value !== letter.text) return;
    const filled = await this.#fill(letter, letter.pieces, this.#framed.checked);
    if (filled === null) return;
    this.#area.value = filled.text;
    this.#onInput();
  }

  #remark(texts) {
    byId("remarks").replaceChildren(...texts.map((text) => el("li", { text })));
  }

  #onCode(code, start, end) {
    this.#area.setSelectionRange(start, end);
    this.#put("", false);
    this.addTemplate(code, null);
  }

  /** Write into the field so that Ctrl+Z takes it back. */
  #put(text, whole) {
    this.#area.focus();
    if (whole) this.#area.select();
    const written = document.execCommand("insertText", false, text);
    if (!written && text) this.#area.setRangeText(text, this.#area.selectionStart, this.#area.selectionEnd, "end");
    this.#area.scrollTop = 0;
  }

  /** What the agent wrote, else what the template brought, else an answer to the customer's. */
  #showSubject() {
    const { draft, brought } = this.#open;
    this.#subject.value = draft.subject ?? draft.offered ?? (brought.subject ? t("re", { subject: brought.subject }) : "");
  }

  #onInput() {
    this.#open.draft.text = this.#area.value;
    if (document.activeElement === this.#area) this.codes.update();
    this.paint();
  }

  /** Why the reply may not go out yet, or nothing. */
  #why(gaps) {
    if (this.#filling > 0) return t("locked-filling");
    if (gaps.length > 0) return t(gaps.length === 1 ? "locked-gap" : "locked-gaps", { count: gaps.length });
    if (this.#area.value.trim() === "") return t("locked-empty");
    return this.#open.draft.letter ? t("filled") : "";
  }

  #isLocked() {
    return this.#filling > 0 || this.#area.value.trim() === "" || gapsOf(this.#fields).length > 0;
  }

  #onSubmit(event) {
    event.preventDefault();
    if (this.#open === null) return;
    if (this.#isLocked()) {
      this.focus();
      return;
    }
    const { draft } = this.#open;
    this.onSend(this.#open, { text: this.#area.value, edited: this.#area.value !== (draft.letter?.text ?? "") });
  }

  #onKey(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }
}
