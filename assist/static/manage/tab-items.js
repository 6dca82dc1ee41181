// Single items: find one, edit it against what others did meanwhile, withdraw it.

import { ask, idPath, Problem } from "./api.js";
import { changedFields, fieldsView } from "./changes.js";
import { busy, button, el, field, focusOn, replace, select, table } from "./dom.js";
import { confirmed, openDialog } from "./dialogs.js";
import { FIELDS, ItemForm, plain } from "./item-fields.js";
import { problemView, shown } from "./problem.js";
import { recall, remember } from "./route.js";
import { named, t, time } from "./words.js";

export function render(root) {
  const parts = { found: el("div", {}), item: el("div", {}) };
  const kind = select(Object.keys(FIELDS).map((each) => [each, named("kind", each)]), recall("kind") || "articles");
  const words = el("input", { type: "search", value: recall("q") || "" });
  const start = button(t("search"), () => busy(start, () => find(parts, kind.value, words.value.trim())), "primary");
  words.addEventListener("keydown", (event) => event.key === "Enter" && start.click());
  kind.addEventListener("change", () => kind.value === "pins" && find(parts, "pins", words.value.trim()));
  const make = button(t("items.new"), () => create(parts, kind.value));
  root.append(el("section", { className: "card" }, el("div", { className: "pair" }, field(t("kind"), kind), field(t("items.words"), words, t("items.words_hint"))), el("div", { className: "actions" }, start, make), parts.found), parts.item);
  if (recall("id")) open(parts, kind.value, recall("id"));
  else if (words.value || kind.value === "pins") find(parts, kind.value, words.value);
}

async function find(parts, kind, words) {
  if (!words && kind !== "pins") return;
  remember({ kind, q: words || null, id: null });
  replace(parts.item);
  await (kind === "pins" ? listPins(parts, words) : search(parts, kind, words));
}

async function search(parts, kind, words) {
  await shown(parts.found, async () => {
    const { data } = await ask("POST", "/v1/search", { json: { query: words, kinds: [kind], limit: 20 } });
    const rows = data.results[kind].map((hit) => [hit.id, hit.title, hit.language || "", button(t("items.open"), () => open(parts, kind, hit.id), "small")]);
    const direct = button(t("items.open_id", { id: words }), () => open(parts, kind, words), "small quiet");
    replace(parts.found, rows.length ? table(t("items.hits"), [t("id"), t("title"), t("field_language"), t("action")], rows) : el("p", { className: "calm" }, t("items.no_hits")), /\s/.test(words) ? null : direct);
  });
}

// No search finds pins: they are few, and all of them are listed.
async function listPins(parts, words) {
  await shown(parts.found, async () => {
    const { data } = await ask("GET", "/v1/pins");
    const holds = (pin) => `${pin.id} ${pin.item} ${pin.reason}`.toLowerCase().includes(words.toLowerCase());
    const headings = [t("id"), named("field", "effect"), t("item"), named("field", "reason"), named("field", "valid_until"), t("action")];
    const rows = data.pins.filter(holds).map((pin) => [pin.id, named("choice", pin.effect), `${named("kind", pin.kind)}: ${pin.item}`, pin.reason, pin.valid_until ? time(pin.valid_until) : "–", button(t("items.open"), () => open(parts, "pins", pin.id), "small")]);
    replace(parts.found, rows.length ? table(named("kind", "pins"), headings, rows) : el("p", { className: "calm" }, t("items.no_pins")));
  });
}

async function open(parts, kind, id) {
  remember({ kind, id });
  await shown(parts.item, async () => {
    const { data, etag } = await ask("GET", idPath(kind, id));
    edit(parts, { kind, id, before: data, etag });
  });
}

async function create(parts, kind) {
  const input = el("input", { type: "text", autofocus: true });
  const id = await openDialog(t("items.new"), [field(t("items.new_id"), input, t("items.id_hint"))], [
    { text: t("cancel"), value: null, kind: "quiet" },
    { text: t("items.start"), value: () => input.value.trim() || undefined, kind: "primary" },
  ]);
  if (!id) return;
  remember({ kind, id: null });
  edit(parts, { kind, id, before: { id, status: "published" }, etag: null });
}

function edit(parts, item, typed = null) {
  const form = new ItemForm(item.kind, typed ? { ...typed, id: item.id } : item.before);
  const told = el("div", {});
  const heading = el("h2", { tabIndex: -1 }, item.etag ? t("items.edit", { id: item.id }) : t("items.create", { id: item.id }));
  const save = button(t("items.save"), () => busy(save, () => saveItem(parts, item, form, told)), "primary");
  const withdraw = item.etag && button(t("items.withdraw"), () => busy(withdraw, () => shown(told, () => withdrawItem(parts, item))), "danger");
  const warning = item.before.format !== "text" && item.etag && item.kind === "articles" ? el("p", { className: "hint" }, t("items.sanitised")) : null;
  replace(parts.item, el("section", { className: "card" }, heading, warning, form.view, el("div", { className: "actions sticky" }, save, withdraw), told));
  heading.focus();
}

async function saveItem(parts, item, form, told) {
  let values;
  replace(told);
  form.tell([]);
  try {
    values = form.values();
  } catch (error) {
    form.tell([{ pointer: `/${error.field}`, detail: t("items.no_json", { why: error.message }) }]);
    return;
  }
  const before = plain(item.before);
  if (item.etag && !changedFields(before, values).length) {
    replace(told, el("p", { className: "calm", role: "status" }, t("nothing_changes")));
    return;
  }
  const view = [el("p", {}, t("items.sure")), fieldsView(item.etag ? before : {}, values)];
  if (!(await confirmed(t("items.save_title", { id: item.id }), view, t("items.save")))) return;
  await write(parts, item, form, told, values);
}

async function write(parts, item, form, told, values) {
  const headers = item.etag ? { "If-Match": item.etag } : { "If-None-Match": "*" };
  try {
    const { data, etag } = await ask("PUT", idPath(item.kind, item.id), { json: values, headers });
    remember({ kind: item.kind, id: item.id });
    edit(parts, { ...item, before: data, etag });
    parts.item.firstChild.append(el("p", { className: "good", role: "status" }, t("items.saved")));
  } catch (error) {
    if (error instanceof Problem && error.status === 412) await conflict(parts, item, told, values);
    else tell(error, form, told);
  }
}

function tell(error, form, told) {
  replace(told, problemView(error));
  form.tell(error.errors);
}

// Somebody else was quicker: both versions, field by field, and a choice.
async function conflict(parts, item, told, values) {
  await shown(told, async () => {
    const { data, etag } = await ask("GET", idPath(item.kind, item.id));
    const theirs = { ...item, before: data, etag };
    const heading = el("h3", { tabIndex: -1 }, t("items.conflict"));
    const mine = button(t("items.keep_mine"), () => edit(parts, theirs, values), "primary");
    const other = button(t("items.take_theirs"), () => edit(parts, theirs));
    replace(told, el("section", { className: "problem", role: "alert" }, heading, el("p", {}, t("items.conflict_why")), fieldsView(plain(data), values, [t("items.theirs"), t("items.mine")]), el("div", { className: "actions" }, mine, other)));
    heading.focus();
  });
}

async function withdrawItem(parts, item) {
  const content = [el("p", {}, t(item.kind === "pins" ? "items.unpin_sure" : "items.withdraw_sure", { id: item.id })), el("p", { className: "hint" }, t("items.withdraw_hint"))];
  if (!(await confirmed(t("items.withdraw_title"), content, t("items.withdraw"), { danger: true }))) return;
  try {
    await ask("DELETE", idPath(item.kind, item.id), { headers: { "If-Match": item.etag } });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 412) throw error;
    const { data, etag } = await ask("GET", idPath(item.kind, item.id));
    edit(parts, { ...item, before: data, etag });
    parts.item.firstChild.append(el("section", { className: "problem", role: "alert" }, el("h3", {}, t("items.conflict")), fieldsView(plain(item.before), plain(data), [t("items.seen"), t("items.theirs")])));
    return;
  }
  remember({ id: null });
  replace(parts.item, el("p", { className: "good", role: "status" }, t("items.withdrawn", { id: item.id })));
  focusOn(parts.item.firstChild);
  replace(parts.found);
}

