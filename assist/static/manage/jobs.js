// A job on the page: live progress each second, its messages, and its end. Another tab or a reload finds it again.

import { ask } from "./api.js";
import { el, replace } from "./dom.js";
import { problemView } from "./problem.js";
import { count, named, t, time } from "./words.js";

const EVERY_MS = 1000;

export function followJob(id, onEnd) {
  const status = el("p", { className: "job-status", role: "status" }, t("job.waiting"));
  const bar = el("progress", { max: 1, "aria-label": t("job.progress") });
  const lines = el("div", {});
  const box = el("section", { className: "job", "aria-label": t("job.title") }, status, bar, lines);
  look(id, { status, bar, lines, box, onEnd, was: "" });
  return box;
}

async function look(id, view) {
  let job = null;
  try {
    job = (await ask("GET", `/v1/jobs/${encodeURIComponent(id)}`)).data;
  } catch (error) {
    if (error.status !== 0 && error.status !== 503) {
      view.bar.remove();
      replace(view.lines, error.status === 404 ? el("p", {}, t("job.gone")) : problemView(error));
      view.status.textContent = t("job.lost");
      return;
    }
    view.status.textContent = t("job.unreachable");
  }
  if (job) show(job, view);
  if (job && ["done", "failed"].includes(job.status)) {
    view.onEnd?.(job);
  } else if (view.box.isConnected || !view.seen) {
    view.seen ||= view.box.isConnected;
    setTimeout(() => look(id, view), EVERY_MS);
  }
}

function show(job, view) {
  const { stage, done, total } = job.progress || {};
  const counted = total ? ` ${count(done)} / ${count(total)}` : "";
  const ended = job.finished_at ? ` · ${time(job.finished_at)}` : "";
  const told = stage ? `${named("status", job.status)}: ${stage}${counted}` : `${named("status", job.status)}${ended}`;
  if (told !== view.was) view.status.textContent = view.was = told;
  view.box.dataset.status = job.status;
  if (total) view.bar.value = done / total;
  else view.bar.removeAttribute("value");
  view.bar.hidden = ["done", "failed"].includes(job.status);
  replace(view.lines, endOf(job), messages(job));
}

function endOf(job) {
  if (job.status !== "failed") return null;
  const why = job.exit_code === 3 ? t("job.guard") : job.exit_code === 4 ? t("job.not_good") : null;
  return el("div", { className: "problem", role: "alert" }, el("h3", {}, t("job.failed", { kind: named("job", job.kind) })), why && el("p", {}, why), faults(job.result), lastError(job));
}

function faults(result) {
  if (!result?.faults) return null;
  const rows = result.faults.map((each) =>
    el("li", {}, el("code", {}, `${each.file}${each.line === null ? "" : `:${each.line}`} ${each.pointer}`.trim()), " ", el("span", { lang: "en" }, each.detail)),
  );
  return [el("p", {}, t("job.faults")), el("ul", {}, rows), result.more > 0 && el("p", {}, t("and_more", { number: count(result.more) }))];
}

function lastError(job) {
  const errors = job.messages.filter((line) => line.startsWith("error:"));
  return job.result?.faults ? null : el("p", { lang: "en", className: "pre" }, errors.at(-1) || job.messages.at(-1) || "");
}

function messages(job) {
  if (!job.messages.length) return null;
  return el(
    "details",
    { open: false },
    el("summary", {}, t("job.messages", { number: count(job.messages.length) })),
    el("ol", { className: "log", lang: "en" }, job.messages.map((line) => el("li", {}, line))),
  );
}
