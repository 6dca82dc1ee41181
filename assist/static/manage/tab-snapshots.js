// Snapshots: which are kept, how one differs from what serves, and letting it serve.

import { ask } from "./api.js";
import { changesView, totals } from "./changes.js";
import { busy, button, el, field, focusOn, number, replace, select, table } from "./dom.js";
import { confirmed } from "./dialogs.js";
import { shown } from "./problem.js";
import { recall, remember } from "./route.js";
import { count, size, t, time } from "./words.js";

export function render(root) {
  const parts = { list: el("div", {}), compare: el("div", {}), result: el("div", {}) };
  root.append(el("section", { className: "card" }, el("h2", {}, t("snapshots.kept")), parts.list), el("section", { className: "card" }, el("h2", {}, t("snapshots.compare")), parts.compare, parts.result));
  load(parts);
}

async function load(parts) {
  await shown(parts.list, async () => {
    const { data } = await ask("GET", "/v1/snapshots");
    const current = data.snapshots.find((each) => each.current)?.id;
    replace(parts.list, data.snapshots.length ? listView(parts, data.snapshots, current) : el("p", { className: "calm" }, t("snapshots.none")));
    drawCompare(parts, data.snapshots, current);
  });
}

function listView(parts, snapshots, current) {
  const rows = snapshots.map((each) => [
    el("code", {}, each.id),
    el("span", { className: "when" }, time(each.created_at)),
    ...["articles", "templates", "actions", "cases"].map((kind) => number(count(each.counts[kind] ?? 0))),
    number(size(each.bytes)),
    state(each),
    each.current ? "" : button(t("snapshots.compare_with"), () => compare(parts, current, each.id, current), "small"),
  ]);
  const kinds = ["articles", "templates", "actions", "cases"].map((kind) => t(`kind.${kind}`));
  return table(t("snapshots.kept"), [t("snapshot"), t("made"), ...kinds, t("size"), t("state"), t("action")], rows);
}

function state(each) {
  if (each.problems.length) return el("span", { className: "tag removed", lang: "en" }, each.problems.join("; "));
  return each.current ? el("span", { className: "tag new" }, t("serves_now")) : t("is_kept");
}

function drawCompare(parts, snapshots, current) {
  if (snapshots.length < 2) {
    replace(parts.compare, el("p", { className: "calm" }, t("snapshots.too_few")));
    return;
  }
  const options = snapshots.map((each) => [each.id, `${time(each.created_at)} · ${each.id}${each.current ? ` · ${t("serves_now")}` : ""}`]);
  const from = select(options, recall("from") || current);
  const to = select(options, recall("to") || snapshots.find((each) => !each.current).id);
  const start = button(t("snapshots.compare_button"), () => busy(start, () => compare(parts, from.value, to.value, current)));
  parts.selects = { from, to };
  replace(parts.compare, el("div", { className: "pair" }, field(t("from"), from), field(t("to"), to)), el("div", { className: "actions" }, start));
  if (recall("from") && recall("to")) compare(parts, recall("from"), recall("to"), current);
}

async function compare(parts, from, to, current) {
  remember({ from, to });
  Object.assign(parts.selects.from, { value: from });
  Object.assign(parts.selects.to, { value: to });
  await shown(parts.result, async () => {
    const { data } = await ask("GET", `/v1/snapshots/${from}/diff?to=${to}`);
    const heading = el("h3", { tabIndex: -1 }, t("snapshots.differs", { from, to }));
    replace(parts.result, heading, changesView(data.counts, data.changes), from === current && to !== current ? activation(parts, data) : null);
    heading.focus();
  });
}

function activation(parts, data) {
  const problem = el("div", {});
  const start = button(t("snapshots.activate"), () => busy(start, () => shown(problem, () => activate(parts, data))), "primary");
  return el("div", {}, el("p", { className: "hint" }, t("snapshots.activate_hint")), el("div", { className: "actions" }, start), problem);
}

async function activate(parts, data) {
  const content = [el("p", {}, t("snapshots.sure", { snapshot: data.after })), el("p", {}, el("strong", {}, totals(data.counts)))];
  if (!(await confirmed(t("snapshots.activate_title"), content, t("snapshots.activate"), { danger: true }))) return;
  await ask("POST", `/v1/snapshots/${data.after}/activate`);
  remember({ from: null, to: null });
  document.dispatchEvent(new CustomEvent("serving-changed"));
  replace(parts.result, el("p", { className: "good", role: "status" }, t("snapshots.activated", { snapshot: data.after })));
  focusOn(parts.result.firstChild);
  load(parts);
}
