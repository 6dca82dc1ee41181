// The API key: typed in, kept in memory, or in this tab's session where that is asked for.

import { hasKey, keepKey } from "./api.js";
import { el, field } from "./dom.js";
import { openDialog } from "./dialogs.js";
import { t } from "./words.js";

export function keyButton(control) {
  control.textContent = hasKey() ? t("key.change") : t("key.enter");
  control.onclick = async () => {
    if (await askForKey(null)) document.dispatchEvent(new CustomEvent("key-changed"));
  };
}

export async function askForKey(problem) {
  const input = el("input", { type: "password", autocomplete: "off", spellcheck: false, autofocus: true });
  const keep = el("input", { type: "checkbox" });
  const label = el("label", { className: "check" }, keep, " ", t("key.keep"));
  const content = [
    problem && el("p", { lang: "en", role: "alert" }, problem.detail),
    el("p", {}, t("key.why")),
    field(t("key.label"), input, t("key.hint")),
    label,
  ].filter(Boolean);
  const give = () => ({ key: input.value.trim(), keep: keep.checked });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") input.closest("dialog").querySelector("button.primary").click();
  });
  const answer = await openDialog(t("key.title"), content, [
    { text: t("cancel"), value: null, kind: "quiet" },
    ...(hasKey() ? [{ text: t("key.forget"), value: { key: "", keep: false }, kind: "quiet" }] : []),
    { text: t("key.use"), value: give, kind: "primary" },
  ]);
  if (!answer) return false;
  keepKey(answer.key, answer.keep);
  return true;
}
