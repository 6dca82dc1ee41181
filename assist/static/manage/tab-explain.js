// Why a case is answered as it is: what was considered, what was held back by which rule, and one item's story.

import { ask, Problem } from "./api.js";
import { busy, button, el, field, number, replace, table } from "./dom.js";
import { shown } from "./problem.js";
import { named, percent, t } from "./words.js";

export function render(root) {
  const form = {
    subject: el("input", { type: "text" }),
    description: el("textarea", { rows: 5, spellcheck: true }),
    channel: el("input", { type: "text" }),
    product: el("input", { type: "text" }),
    customer: el("textarea", { rows: 2, className: "code", value: "" }),
    actions_done: el("input", { type: "text" }),
    item: el("input", { type: "text" }),
  };
  const result = el("div", {});
  const start = button(t("explain.start"), () => busy(start, () => explain(form, result)), "primary");
  root.append(
    el("section", { className: "card" },
      field(named("field", "subject"), form.subject), field(named("field", "description"), form.description),
      el("div", { className: "pair" }, field(named("field", "channel"), form.channel), field(named("field", "product"), form.product)),
      field(t("explain.customer"), form.customer, t("explain.customer_hint")),
      el("div", { className: "pair" }, field(t("explain.actions_done"), form.actions_done, t("explain.actions_hint")), field(t("explain.item"), form.item, t("explain.item_hint"))),
      el("div", { className: "actions" }, start)),
    result,
  );
}

async function explain(form, result) {
  const filled = (name) => (form[name].value.trim() ? { [name]: form[name].value.trim() } : {});
  const done = form.actions_done.value.split(/[\s,]+/).filter(Boolean);
  let customer = null;
  try {
    customer = form.customer.value.trim() ? JSON.parse(form.customer.value) : null;
  } catch (error) {
    replace(result, el("p", { role: "alert", className: "problem" }, t("items.no_json", { why: error.message })));
    form.customer.focus();
    return;
  }
  const found = { ...filled("subject"), ...filled("description"), ...filled("channel"), ...filled("product"), ...(customer ? { customer } : {}), ...(done.length ? { actions_done: done } : {}) };
  await shown(result, async () => {
    try {
      const { data } = await ask("POST", "/v1/explain", { json: { case: found, language: document.documentElement.lang, ...filled("item") } });
      replace(result, explanationView(data));
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404) throw error;
      replace(result, el("section", { className: "card", role: "status" }, el("h2", {}, t("explain.missing")), el("p", {}, t("explain.missing_why"))));
    }
  });
}

function explanationView(data) {
  if (!data.kinds) return el("section", { className: "card" }, tree(data));
  return [
    el("section", { className: "card" }, el("h2", {}, t("explain.read")), el("blockquote", {}, data.text), el("p", { className: "hint" }, `${t("snapshot")} ${data.snapshot} · ${data.language.code} · ${data.model.ranker}`)),
    Object.entries(data.kinds).map(([kind, told]) => kindView(kind, told)),
  ];
}

function kindView(kind, told) {
  const rows = told.considered.map((each) => [number(each.rank ?? "–"), [el("strong", {}, each.name || each.id), el("br"), el("code", {}, each.id)], number(percent(each.confidence)), named("standing", each.standing), [each.why, partsView(each)]]);
  return el(
    "section",
    { className: "card" },
    el("h2", {}, named("kind", kind)),
    el("p", {}, told.abstained ? t("explain.abstained", { threshold: percent(told.threshold) }) : t("explain.threshold", { threshold: percent(told.threshold) })),
    rows.length ? table(t("explain.considered", { kind: named("kind", kind) }), [t("explain.rank"), t("item"), t("explain.confidence"), t("state"), t("explain.why")], rows) : el("p", { className: "calm" }, t("explain.none")),
    told.item && [el("h3", {}, t("explain.story")), storyView(told.item)],
    told.held_back.length > 0 && [el("h3", {}, t("explain.held")), el("ul", {}, told.held_back.map((each) => el("li", {}, el("strong", {}, each.name || each.id), " ", el("code", {}, each.id), reasons(each.why))))],
  );
}

function storyView({ considered, held_back: held }) {
  return el("div", { className: "story" }, el("p", {}, el("strong", {}, considered.name || considered.id), ": ", named("standing", considered.standing), ". ", considered.why), held && reasons(held), partsView(considered));
}

function reasons(list) {
  return el("ul", {}, list.map((each) => el("li", {}, each.text)));
}

function partsView(each) {
  return el("details", {}, el("summary", {}, t("explain.parts")), tree(each.parts), each.reasons.length > 0 && reasons(each.reasons));
}

// Anything as nested terms, so that what a later version tells more is shown too.
function tree(value) {
  if (Array.isArray(value)) return el("ul", {}, value.map((part) => el("li", {}, tree(part))));
  if (value === null || typeof value !== "object") return el("span", {}, typeof value === "number" ? String(Math.round(value * 1e4) / 1e4) : String(value));
  return el("dl", {}, Object.entries(value).map(([name, part]) => [el("dt", {}, named("part", name)), el("dd", {}, tree(part))]));
}
