/** The templates of one reply, filled by the service: several together become one letter with one greeting. */

import { ask } from "./service.js";

/** @typedef {{id: string, kind: string, shortcode: string|null}} Piece */

export class Letter {
  /** @type {Piece[]} */
  pieces = [];
  /** What the service made of them: as long as the draft is just that, another piece makes a new letter. */
  text = "";
  subject = null;

  /**
   * Fill the pieces for a case.
   * @param {Piece[]} pieces
   * @param {{case: any, context: any, language: string}} about
   * @param {boolean} framed whether a header and a footer are wanted, as far as the channel has them
   */
  async fill(pieces, about, framed) {
    const base = pieces.find((each) => each.kind === "reply") ?? pieces[0];
    const others = pieces.filter((each) => each !== base);
    const wanted = {
      templates: others.filter((each) => each.kind !== "snippet" || !each.shortcode).map((each) => each.id),
      snippets: others.filter((each) => each.kind === "snippet" && each.shortcode).map((each) => each.shortcode),
      header: framed && about.case.channel === "letter",
      footer: framed && (about.case.channel === "email" || about.case.channel === "letter"),
    };
    const filled = await ask("POST", `/v1/templates/${encodeURIComponent(base.id)}/render`, { ...about, with: wanted });
    Object.assign(this, { pieces, text: filled.text, subject: filled.subject });
    return filled;
  }
}
