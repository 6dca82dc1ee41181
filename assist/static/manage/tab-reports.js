// Reports: a new one about the knowledge base, and reading those that lie in the state directory.

import { ask } from "./api.js";
import { busy, button, el, number, replace, table } from "./dom.js";
import { followJob } from "./jobs.js";
import { shown } from "./problem.js";
import { recall, remember } from "./route.js";
import { count, named, size, t, time } from "./words.js";

const METRICS = ["P@1", "Success@3", "nDCG@10"];

export function render(root) {
  const parts = { job: el("div", {}), list: el("div", {}), report: el("div", {}) };
  const problem = el("div", {});
  const start = button(t("reports.make"), () =>
    busy(start, () =>
      shown(problem, async () => {
        const { data } = await ask("POST", "/v1/reports/corpus");
        remember({ job: data.job_id });
        follow(parts, data.job_id);
      }),
    ), "primary");
  root.append(
    el("section", { className: "card" }, el("h2", {}, t("reports.new")), el("p", {}, t("reports.about")), el("div", { className: "actions" }, start), problem, parts.job),
    el("section", { className: "card" }, el("h2", {}, t("reports.kept")), parts.list),
    parts.report,
  );
  load(parts);
  if (recall("job")) follow(parts, recall("job"));
}

function follow(parts, id) {
  replace(
    parts.job,
    followJob(id, (job) => {
      if (job.status !== "done") return;
      load(parts);
      if (recall("report") !== job.result.report) open(parts, job.result.report, "corpus-report.json");
    }),
  );
}

async function load(parts) {
  await shown(parts.list, async () => {
    const { data } = await ask("GET", "/v1/reports");
    if (!data.reports.length) {
      replace(parts.list, el("p", { className: "calm" }, t("reports.none")));
      return;
    }
    const rows = data.reports.map((each) => [each.name, time(each.created_at), el("div", { className: "actions" }, each.files.map((file) => opener(parts, each.name, file)))]);
    replace(parts.list, table(t("reports.kept"), [t("name"), t("made"), t("action")], rows));
    const kept = data.reports.find((each) => each.name === recall("report"));
    const readable = kept?.files.find((file) => file.name.endsWith(".json"));
    if (readable && !parts.report.hasChildNodes()) open(parts, kept.name, readable.name);
  });
}

function opener(parts, name, file) {
  if (file.name.endsWith(".json")) return button(t("reports.read"), () => open(parts, name, file.name), "small");
  return button(t("reports.save", { size: size(file.bytes) }), () => shown(parts.report, () => save(name, file.name)), "small quiet");
}

async function save(name, file) {
  const { data } = await ask("GET", `/v1/reports/${name}/${file}`, { as: "blob" });
  const address = URL.createObjectURL(data);
  el("a", { href: address, download: `${name}-${file}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

async function open(parts, name, file) {
  remember({ report: name });
  await shown(parts.report, async () => {
    const { data } = await ask("GET", `/v1/reports/${name}/${file}`);
    const heading = el("h2", { tabIndex: -1 }, name);
    replace(parts.report, el("section", { className: "card" }, heading, file === "metrics.json" ? metricsView(data) : corpusView(data)));
    heading.focus();
  });
}

function corpusView(report) {
  return Object.values(report.sections).map((section) =>
    el(
      "details",
      { className: "finding-section", open: section.findings.length > 0 && section.findings.length <= 5 },
      el("summary", {}, el("span", { lang: "en" }, section.title), " ", el("span", { className: "tag" }, count(section.findings.length))),
      el("p", { className: "hint", lang: "en" }, section.about),
      section.notes.map((note) => el("p", { className: "hint", lang: "en" }, note)),
      el("ul", { className: "findings", lang: "en" }, section.findings.slice(0, 50).map(finding)),
      section.findings.length > 50 && el("p", {}, t("and_more", { number: count(section.findings.length - 50) })),
    ),
  );
}

function finding(each) {
  return el(
    "li",
    {},
    el("p", {}, each.says),
    each.items.length > 0 && el("ul", {}, each.items.map((item) => el("li", {}, el("a", { href: `#items?kind=${item.kind}&id=${encodeURIComponent(item.id)}` }, item.id), ` ${item.title}`))),
    each.quotes.map((quote) => el("blockquote", {}, quote.text, quote.note && el("footer", {}, quote.note))),
    el("p", { className: "remedy" }, each.todo),
  );
}

function metricsView(metrics) {
  const kinds = [...new Set(Object.values(metrics.systems).flatMap((each) => Object.keys(each)))];
  const tables = kinds.map((kind) => {
    const systems = Object.entries(metrics.systems).filter(([, each]) => each[kind]);
    const rows = systems.map(([system, each]) => [system, ...METRICS.map((metric) => number(figure(each[kind][metric], metrics.ci95?.[system]?.[kind]?.[metric]))), number(count(each[kind].n ?? 0))]);
    return [el("h3", {}, named("kind", kind)), table(`${metrics.dataset}: ${named("kind", kind)}`, [t("reports.system"), ...METRICS, t("number")], rows)];
  });
  return [el("p", {}, `${metrics.dataset} (${metrics.kind})`), tables];
}

function figure(value, interval) {
  if (value === undefined || value === null) return "–";
  const told = value.toFixed(3);
  return interval ? `${told} (${interval.map((each) => Number(each).toFixed(3)).join(" – ")})` : told;
}
