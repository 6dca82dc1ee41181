// Why a case is answered as it is: the question, asked as an agent's page would ask it.

import { ask } from "./api.js";
import { busy, button, el, field, replace } from "./dom.js";
import { explanationView } from "./explain-view.js";
import { shown } from "./problem.js";
import { currentLanguage, named, t } from "./words.js";

export function render(root) {
  const form = {
    subject: el("input", { type: "text" }),
    description: el("textarea", { rows: 5, spellcheck: true }),
    channel: el("input", { type: "text" }),
    product: el("input", { type: "text" }),
    customer: el("textarea", { rows: 2, className: "code" }),
    context: el("textarea", { rows: 2, className: "code" }),
    actions_done: el("input", { type: "text" }),
    as_of: el("input", { type: "text" }),
    item: el("input", { type: "text" }),
  };
  const result = el("div", {});
  const start = button(t("explain.start"), () => busy(start, () => explain(form, result)), "primary");
  const pair = (...fields) => el("div", { className: "pair" }, fields);
  root.append(
    el("section", { className: "card" },
      field(named("field", "subject"), form.subject), field(named("field", "description"), form.description),
      pair(field(named("field", "channel"), form.channel), field(named("field", "product"), form.product)),
      pair(field(t("explain.customer"), form.customer, t("explain.customer_hint")), field(t("explain.context"), form.context, t("explain.context_hint"))),
      pair(field(t("explain.actions_done"), form.actions_done, t("explain.actions_hint")), field(t("explain.as_of"), form.as_of, t("items.time_hint"))),
      field(t("explain.item"), form.item, t("explain.item_hint")),
      el("div", { className: "actions" }, start)),
    result,
  );
}

async function explain(form, result) {
  const facts = {};
  for (const name of ["customer", "context"]) {
    try {
      facts[name] = form[name].value.trim() ? JSON.parse(form[name].value) : undefined;
    } catch (error) {
      replace(result, el("p", { role: "alert", className: "problem" }, t("items.no_json", { why: error.message })));
      form[name].focus();
      return;
    }
  }
  await shown(result, async () => {
    const { data } = await ask("POST", "/v1/explain", { json: question(form, facts) });
    replace(result, explanationView(data));
  });
}

function question(form, { customer, context }) {
  const filled = (...names) => Object.fromEntries(names.map((name) => [name, form[name].value.trim()]).filter(([, value]) => value));
  const done = form.actions_done.value.split(/[\s,]+/).filter(Boolean);
  const open = { ...filled("subject", "description", "channel", "product"), customer, actions_done: done.length ? done : undefined };
  return { case: open, context, language: currentLanguage(), ...filled("item", "as_of") };
}
