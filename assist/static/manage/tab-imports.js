// Imports: what each did when it came, what undoing it would change, and undoing it.

import { ask } from "./api.js";
import { changesView, totals } from "./changes.js";
import { busy, button, el, focusOn, number, replace, table } from "./dom.js";
import { confirmed } from "./dialogs.js";
import { followJob } from "./jobs.js";
import { shown } from "./problem.js";
import { recall, remember } from "./route.js";
import { count, named, t, time } from "./words.js";

export function render(root) {
  const parts = { list: el("div", {}), undo: el("div", {}) };
  root.append(el("section", { className: "card" }, parts.list), parts.undo);
  load(parts);
  if (recall("job")) follow(parts, recall("job"));
}

async function load(parts) {
  await shown(parts.list, async () => {
    const { data } = await ask("GET", "/v1/imports");
    replace(parts.list, data.imports.length ? listView(parts, data.imports) : el("p", { className: "calm" }, t("imports.none")));
  });
}

function listView(parts, imports) {
  const rows = imports.map((each) => [
    number(String(each.id)),
    el("span", { className: "when" }, time(each.at)),
    named("mode_short", each.mode),
    each.source,
    totals(each.counts),
    each.undone_at ? t("imports.undone", { time: time(each.undone_at) }) : undoButton(parts, each),
  ]);
  return table(t("tab.imports"), [t("number"), t("made"), t("mode.label"), t("source"), t("imports.did"), t("action")], rows);
}

function undoButton(parts, each) {
  const start = button(t("imports.undo_look"), () => busy(start, () => preview(parts, each)), "small");
  start.setAttribute("aria-label", t("imports.undo_look_of", { number: each.id }));
  return start;
}

async function preview(parts, each) {
  const problem = el("div", {});
  replace(parts.undo, problem);
  await shown(problem, async () => {
    const { data } = await ask("GET", `/v1/imports/${each.id}/undo`);
    const heading = el("h2", { tabIndex: -1 }, t("imports.would", { number: each.id }));
    const told = el("div", {});
    const start = button(t("imports.undo"), () => busy(start, () => shown(told, () => undo(parts, each, data))), "danger");
    replace(parts.undo, el("section", { className: "card" }, heading, changesView(data.counts, data.changes), el("p", { className: "hint" }, t("imports.stays")), el("div", { className: "actions" }, start), told));
    heading.focus();
  });
}

async function undo(parts, each, data) {
  const content = [el("p", {}, t("imports.sure", { number: each.id })), el("p", {}, el("strong", {}, totals(data.counts)))];
  if (!(await confirmed(t("imports.undo_title"), content, t("imports.undo"), { danger: true }))) return;
  const begun = (await ask("POST", `/v1/imports/${each.id}/undo`)).data;
  remember({ job: begun.job_id });
  follow(parts, begun.job_id);
  focusOn(parts.undo.querySelector("h2"));
}

function follow(parts, id) {
  const end = el("div", {});
  const box = followJob(id, (job) => {
    if (job.status !== "done") return;
    document.dispatchEvent(new CustomEvent("serving-changed"));
    replace(end, el("div", { className: "good" }, el("p", {}, t("imports.done", { number: job.result.import, snapshot: job.result.snapshot })), job.result.changes && changesView(countsOf(job.result.changes), job.result.changes)));
    load(parts);
  });
  replace(parts.undo, el("section", { className: "card" }, el("h2", {}, t("imports.undoing")), box, end));
}

function countsOf(changes) {
  const counted = (parts) => Object.fromEntries(Object.entries(parts).map(([what, ids]) => [what, count(ids.length) && ids.length]));
  return Object.fromEntries(Object.entries(changes).map(([kind, parts]) => [kind, counted(parts)]));
}
