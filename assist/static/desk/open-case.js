/** One case of the inbox and what has become of it; nothing of it outlives the page. */

/** @typedef {{role: "customer"|"agent"|"caller"|"done", text: string}} Turn */

export class OpenCase {
  /** @type {Turn[]} */
  turns = [];
  answered = false;
  unread = false;
  waiting = false;
  opened = false;
  note = "";
  done = [];
  draft = newDraft();
  #said = [];
  #followups;

  constructor({ name, at, case: brought, context, spoken, followups }) {
    Object.assign(this, { name, at, brought, context, spoken });
    this.#followups = [...followups];
    const { description, messages = [] } = brought;
    if (description) this.turns.push({ role: "customer", text: description });
    if (spoken) this.turns.push({ role: "caller", text: spoken });
    this.turns.push(...messages);
  }

  get id() {
    return this.brought.id;
  }

  get channel() {
    return this.brought.channel;
  }

  get isLetter() {
    return this.channel === "email" || this.channel === "letter";
  }

  /** The case as the service reads it; what a caller says is known through the agent's note alone. */
  get case() {
    const messages = [...(this.brought.messages ?? []), ...this.#said];
    return { ...this.brought, ...(messages.length > 0 ? { messages } : {}), actions_done: this.done };
  }

  /** @param {{role: string, text: string}} message @returns {boolean} whether the service may read it */
  add(message) {
    const heard = this.channel === "phone" && message.role === "customer";
    this.turns.push(heard ? { ...message, role: "caller" } : message);
    if (!heard) this.#said.push(message);
    return !heard;
  }

  /** What the customer says to the answer just sent, or null. @returns {string|null} */
  nextFollowup() {
    return this.#followups.shift() ?? null;
  }

  clearDraft() {
    this.draft = newDraft();
  }
}

/** `offered` is the subject that a template brought, `used` the suggestions in the text by their item. */
function newDraft() {
  return { text: "", subject: null, offered: null, letter: null, used: new Map(), attached: [] };
}
