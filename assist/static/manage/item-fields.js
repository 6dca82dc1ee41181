// The fields of each kind of item: how each is shown in a form, and read back out of it.

import { el, field, select } from "./dom.js";
import { text } from "./changes.js";
import { named, t } from "./words.js";

const LIFE = [["audience", "list"], ["status", "select", ["published", "draft", "archived"]], ["valid_from", "text"], ["valid_until", "text"], ["updated_at", "text"], ["replaces", "list"]];

export const FIELDS = {
  articles: [["title", "text"], ["language", "text"], ["format", "select", ["markdown", "html", "text"]], ["summary", "area"], ["body", "long"], ["keywords", "list"], ["products", "list"], ["categories", "list"], ...LIFE, ["version", "text"], ["url", "text"], ["translation_of", "text"]],
  templates: [["name", "text"], ["language", "text"], ["format", "select", ["text", "html"]], ["kind", "select", ["reply", "snippet", "header", "footer"]], ["address", "select", ["neutral", "sie", "du"]], ["subject", "text"], ["body", "long"], ["shortcode", "text"], ["channels", "list"], ["category", "text"], ["articles", "list"], ...LIFE, ["syntax", "text"]],
  pins: [["kind", "select", ["articles", "templates", "actions"]], ["item", "text"], ["effect", "select", ["pin", "forbid"]], ["reason", "text"], ["language", "text"], ["when", "json"], ...LIFE.filter(([name]) => !["audience", "replaces"].includes(name))],
  actions: [["name", "text"], ["language", "text"], ["kind", "select", ["", "macro", "task", "escalation", "offer", "callback", "reply", "lookup"]], ["description", "area"], ["steps", "json"], ["when", "json"], ["max_per_case", "number"], ["templates", "list"], ["articles", "list"], ...LIFE],
};
const REQUIRED = new Set(["title", "name", "language", "body", "item", "reason"]);
const ANY_LANGUAGE = new Set(["actions", "pins"]);

export class ItemForm {
  constructor(kind, record) {
    this.kind = kind;
    this.controls = new Map();
    const known = new Set(["id", ...FIELDS[kind].map(([name]) => name)]);
    this.rest = Object.fromEntries(Object.entries(record).filter(([name, value]) => !known.has(name) && value !== null));
    this.view = el("div", { className: "form" }, FIELDS[kind].map((each) => this.#field(each, record)));
  }

  #field([name, form, options], record) {
    const control = makeControl(form, options, record[name]);
    control.name = name;
    control.required = REQUIRED.has(name) && !(name === "language" && ANY_LANGUAGE.has(this.kind));
    const fault = el("p", { className: "fault", hidden: true });
    this.controls.set(name, { control, form, fault });
    const hints = { list: t("items.list_hint"), json: t("items.json_hint") };
    const hint = ["valid_from", "valid_until", "updated_at"].includes(name) ? t("items.time_hint") : hints[form] || null;
    const made = field(named("field", name), control, hint);
    made.classList.add(form);
    made.append(fault);
    return made;
  }

  // What the form says; raises SyntaxError naming the field where JSON is not JSON.
  values() {
    const found = { ...this.rest };
    for (const [name, { control, form }] of this.controls) {
      const value = valueOf(form, control.value, name);
      if (value !== null) found[name] = value;
    }
    return found;
  }

  // Puts each fault beside the field that its pointer names; returns what fits none.
  tell(errors) {
    for (const { control, fault } of this.controls.values()) {
      control.removeAttribute("aria-invalid");
      fault.hidden = true;
    }
    const other = errors.filter((each) => !this.#tellOne(each));
    this.view.querySelector("[aria-invalid]")?.focus();
    return other;
  }

  #tellOne({ pointer, detail }) {
    const held = this.controls.get(pointer.split("/")[1]);
    if (!held) return false;
    held.control.setAttribute("aria-invalid", "true");
    held.fault.textContent = detail;
    held.fault.hidden = false;
    return true;
  }
}

function makeControl(form, options, value) {
  if (form === "select") return select(options.map((each) => [each, each ? named("choice", each) : t("unset")]), text(value) || options[0]);
  if (form === "long") return el("textarea", { rows: 12, value: text(value), spellcheck: true });
  if (["area", "list", "json"].includes(form)) return el("textarea", { rows: form === "json" ? 5 : 2, value: text(value), spellcheck: form === "area", className: form === "json" ? "code" : "" });
  return el("input", { type: form === "number" ? "number" : "text", value: text(value) });
}

function valueOf(form, raw, name) {
  if (form === "list") {
    const parts = raw.split("\n").map((part) => part.trim()).filter(Boolean);
    return parts.length ? parts : null;
  }
  if (!raw.trim()) return null;
  if (form === "number") return Number(raw);
  if (form !== "json") return raw;
  try {
    return JSON.parse(raw);
  } catch (error) {
    throw Object.assign(new SyntaxError(error.message), { field: name });
  }
}

// A record as `PUT` takes it: without what is absent, and without the id of the path.
export function plain(record) {
  const { id: _, ...rest } = record;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && text(value) !== ""));
}
