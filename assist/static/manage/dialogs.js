// Real dialogs for what changes serving or cannot be undone; the harmless answer has the focus.

import { button, el, newId } from "./dom.js";
import { t } from "./words.js";

export function openDialog(title, content, actions) {
  const heading = newId("d");
  const dialog = el("dialog", { "aria-labelledby": heading });
  return new Promise((answer) => {
    let given = null;
    const row = actions.map(({ text, value, kind, first }) => {
      const made = button(text, () => {
        given = typeof value === "function" ? value() : value;
        if (given !== undefined) dialog.close();
      }, kind || "");
      if (first) made.autofocus = true;
      return made;
    });
    dialog.append(el("h2", { id: heading }, title), el("div", { className: "dialog-body" }, content), el("div", { className: "actions" }, row));
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(given);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

// An ellipsis says that a question follows; this is the question.
export async function confirmed(title, content, action, { danger = false } = {}) {
  const answer = await openDialog(title, content, [
    { text: t("cancel"), value: false, first: true, kind: "quiet" },
    { text: action.replace(/ …$/, ""), value: true, kind: danger ? "danger" : "primary" },
  ]);
  return answer === true;
}
