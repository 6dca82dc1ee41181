/** The panel as an element of your own page: a reply field, a button that sends, and Alt+S to reach the suggestions. */

/**
 * @param {any} panel the `<stichwort-panel>`
 * @param {{service: string, token: string|null, field: HTMLTextAreaElement, send: HTMLButtonElement, open: any,
 *   context: any}} crm
 */
export function connect(panel, { service, token, field, send, open, context }) {
  /** The suggestion that the reply holds, and how its text was. @type {{suggestionId: string, text: string}|null} */
  let used = null;

  panel.service = service;
  panel.token = token;
  panel.context = context;
  panel.case = open;

  panel.addEventListener("stichwort-insert", ({ detail }) => {
    field.setRangeText(detail.text, field.selectionStart, field.selectionEnd, "end");
    used = { suggestionId: detail.suggestionId, text: detail.text };
    field.focus();
  });
  send.addEventListener("click", () => {
    if (used === null) return;
    const edited = !field.value.includes(used.text);
    panel.sent(used.suggestionId, { textLength: field.value.length, edited });
    used = null;
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "s" && panel.focusFirst()) event.preventDefault();
  });
}
