// A template before anybody saves it: what is wrong with it, and how it reads for a case.

import { ask, idPath } from "./api.js";
import { busy, button, el, field, replace, select } from "./dom.js";
import { shown } from "./problem.js";
import { recall, remember } from "./route.js";
import { named, t } from "./words.js";

const WAIT_MS = 500;
const CONTACT = [["salutation", "Frau"], ["first_name", "Helga"], ["last_name", "Brandt"]];

export function render(root) {
  const form = controls();
  const result = el("div", { "aria-live": "polite" }, el("p", { className: "calm" }, t("templates.first")));
  const look = button(t("templates.look"), () => busy(look, () => preview(form, result)), "primary");
  const fetch = button(t("templates.fetch"), () => busy(fetch, () => shown(result, () => load(form, result))));
  let timer = 0;
  for (const control of Object.values(form)) {
    control.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => form.body.value.trim() && preview(form, result), WAIT_MS);
    });
  }
  root.append(
    el("div", { className: "columns" },
      el("section", { className: "card" }, el("h2", {}, t("templates.text")),
        el("div", { className: "pair" }, field(t("templates.id"), form.id, t("templates.id_hint")), el("div", { className: "actions end" }, fetch)),
        el("div", { className: "pair" }, field(named("field", "language"), form.language), field(named("field", "format"), form.format), field(named("field", "syntax"), form.syntax)),
        field(named("field", "subject"), form.subject), field(named("field", "body"), form.body, t("templates.fields")),
        el("h3", {}, t("templates.case")),
        el("div", { className: "pair" }, CONTACT.map(([name]) => field(named("field", `contact.${name}`), form[name])), field(named("field", "agent.name"), form.agent)),
        el("div", { className: "actions" }, look)),
      el("section", { className: "card" }, el("h2", {}, t("templates.result")), result)),
  );
  if (recall("id")) shown(result, () => load(form, result));
}

function controls() {
  const text = (value = "") => el("input", { type: "text", value });
  return {
    id: text(recall("id") || ""),
    language: text("de"),
    format: select([["text", "text"], ["html", "html"]], "text"),
    syntax: text("liquid"),
    subject: text(),
    body: el("textarea", { rows: 12, spellcheck: true }),
    agent: text("Jana Weiß"),
    ...Object.fromEntries(CONTACT.map(([name, value]) => [name, text(value)])),
  };
}

async function load(form, result) {
  const id = form.id.value.trim();
  if (!id) return;
  const { data } = await ask("GET", idPath("templates", id));
  remember({ id });
  for (const name of ["language", "format", "syntax", "subject", "body"]) form[name].value = data[name] ?? "";
  await preview(form, result);
}

async function preview(form, result) {
  const given = (name) => (form[name].value.trim() ? { [name]: form[name].value } : {});
  const template = { name: "?", format: form.format.value, ...given("language"), ...given("syntax"), ...given("subject"), body: form.body.value };
  const contact = Object.assign({}, ...CONTACT.map(([name]) => given(name)));
  const agent = form.agent.value.trim() ? { name: form.agent.value } : {};
  await shown(result, async () => {
    const { data } = await ask("POST", "/v1/templates/preview", { json: { template, context: { contact, agent }, language: document.documentElement.lang } });
    replace(result, findingsView(data.findings, form), data.rendered && renderedView(data.rendered));
  });
}

function findingsView(findings, form) {
  if (!findings.length) return el("p", { className: "good" }, t("templates.clean"));
  const rows = findings.map((each) => {
    const place = each.line === null ? each.pointer : t("templates.place", { pointer: each.pointer, line: each.line, column: each.column });
    const control = form[each.pointer.slice(1)];
    const jump = control && each.line !== null ? button(place, () => go(control, each), "small quiet") : el("code", {}, place);
    return el("li", {}, el("span", { className: `tag ${each.severity === "refused" ? "removed" : "changed"}` }, named("severity", each.severity)), " ", jump, " ", el("span", { lang: "en" }, each.detail));
  });
  return el("ul", { className: "remarks" }, rows);
}

function go(control, { line, column }) {
  const lines = control.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  control.focus();
  control.setSelectionRange(start, Math.min(control.value.length, start + 1));
}

function renderedView(rendered) {
  const lists = [["missing", rendered.missing_fields], ["unknown", rendered.unknown_fields], ["warnings", rendered.warnings]];
  return el(
    "div",
    {},
    rendered.subject && el("p", {}, el("strong", {}, `${named("field", "subject")}: `), rendered.subject),
    el("pre", { className: "letter" }, rendered.text),
    lists.filter(([, names]) => names.length).map(([name, names]) => el("p", { className: "hint" }, t(`templates.${name}`), " ", names.join(", "))),
    rendered.html && el("details", {}, el("summary", {}, t("templates.html")), el("pre", { className: "code" }, rendered.html)),
  );
}
