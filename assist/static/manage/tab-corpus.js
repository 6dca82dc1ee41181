// Upload, check, import: what an import would change is shown before it can be begun.

import { ask } from "./api.js";
import { changesView, totals } from "./changes.js";
import { checkView } from "./check-view.js";
import { busy, button, el, field, focusOn, replace, select } from "./dom.js";
import { confirmed } from "./dialogs.js";
import { followJob } from "./jobs.js";
import { shown } from "./problem.js";
import { recall, remember } from "./route.js";
import { count, named, size, t, time } from "./words.js";

const KINDS = ["articles", "templates", "actions", "cases", "pins"];

export function render(root) {
  const parts = { kept: el("div", {}), check: el("div", {}), result: el("div", {}), run: el("div", {}) };
  root.append(step(1, t("corpus.send"), sending(parts), parts.kept), step(2, t("corpus.check"), parts.check, parts.result), step(3, t("corpus.import"), parts.run));
  list(parts);
  drawCheck(parts);
  drawRun(parts, null);
  const [check, run] = [recall("check"), recall("import")];
  if (check) followCheck(parts, check);
  if (run) followRun(parts, run);
}

function step(place, title, ...content) {
  return el("section", { className: "card step" }, el("h2", {}, el("span", { className: "place", "aria-hidden": "true" }, String(place)), title), content);
}

function sending(parts) {
  const file = el("input", { type: "file", accept: ".zip,.jsonl,application/zip" });
  const kind = select(KINDS.map((each) => [each, named("kind", each)]), "articles");
  const kindField = field(t("corpus.kind"), kind, t("corpus.kind_hint"));
  const problem = el("div", {});
  kindField.hidden = true;
  file.addEventListener("change", () => {
    const name = file.files[0]?.name || "";
    kindField.hidden = !name.endsWith(".jsonl");
    kind.value = KINDS.find((each) => name.startsWith(each)) || "articles";
  });
  const send = button(t("corpus.send_button"), () => busy(send, () => shown(problem, () => upload(file, kind, parts, problem))), "primary");
  return el("div", {}, field(t("corpus.file"), file, t("corpus.file_hint")), kindField, el("div", { className: "actions" }, send), problem);
}

async function upload(file, kind, parts, problem) {
  const chosen = file.files[0];
  if (!chosen) {
    replace(problem, el("p", { role: "alert", className: "calm" }, t("corpus.no_file")));
    file.focus();
    return;
  }
  const lines = chosen.name.endsWith(".jsonl");
  const path = lines ? `/v1/uploads?kind=${kind.value}` : "/v1/uploads";
  const { data } = await ask("POST", path, { body: chosen, type: lines ? "application/x-ndjson" : "application/zip" });
  if (data.ignored.length) replace(problem, el("p", { className: "calm", role: "status" }, t("corpus.ignored"), " ", data.ignored.join(", ")));
  choose(parts, data.id);
  list(parts);
}

function choose(parts, id) {
  remember({ upload: id, check: null, import: null });
  drawCheck(parts);
  replace(parts.result);
  drawRun(parts, null);
}

async function list(parts) {
  await shown(parts.kept, async () => {
    const { data } = await ask("GET", "/v1/uploads");
    if (!data.uploads.length) return;
    const chosen = recall("upload");
    const rows = data.uploads.map((each) =>
      el(
        "li",
        { className: each.id === chosen ? "chosen" : "" },
        el("div", {}, el("strong", {}, time(each.created_at)), " ", el("span", { className: "hint" }, each.files.map((file) => `${file.name} (${size(file.bytes)})`).join(", "))),
        el("div", { className: "actions" }, chooser(parts, each, chosen), dropper(parts, each)),
      ),
    );
    replace(parts.kept, el("h3", {}, t("corpus.kept")), el("p", { className: "hint" }, t("corpus.kept_hint")), el("ul", { className: "rows" }, rows));
  });
}

function chooser(parts, each, chosen) {
  if (each.id === chosen) return el("span", { className: "tag" }, t("chosen"));
  return button(t("choose"), async () => {
    choose(parts, each.id);
    await list(parts);
    focusOn(parts.check.querySelector("select"));
  });
}

function dropper(parts, each) {
  return button(t("remove"), async () => {
    await shown(parts.kept, () => ask("DELETE", `/v1/uploads/${each.id}`));
    if (recall("upload") === each.id) choose(parts, null);
    await list(parts);
    focusOn(parts.kept.querySelector("h3") ?? parts.kept.parentElement.querySelector("input"));
  }, "quiet");
}

function drawCheck(parts) {
  const upload = recall("upload");
  if (!upload) {
    replace(parts.check, el("p", { className: "calm" }, t("corpus.first_send")));
    return;
  }
  const mode = select([["full", t("mode.full")], ["upsert", t("mode.upsert")]], recall("mode") || "full");
  mode.addEventListener("change", () => {
    remember({ mode: mode.value, check: null, import: null });
    replace(parts.result);
    drawRun(parts, null);
  });
  const problem = el("div", {});
  const start = button(t("corpus.check_button"), () =>
    busy(start, () =>
      shown(problem, async () => {
        const { data } = await ask("POST", `/v1/uploads/${upload}/check`, { json: { mode: mode.value } });
        remember({ check: data.job_id, import: null, mode: mode.value });
        drawRun(parts, null);
        followCheck(parts, data.job_id);
      }),
    ), "primary");
  replace(parts.check, field(t("mode.label"), mode, t("mode.hint")), el("div", { className: "actions" }, start), problem);
}

function followCheck(parts, id) {
  const told = el("div", {});
  replace(
    parts.result,
    followJob(id, (job) => {
      if (job.status !== "done" || recall("check") !== id) return;
      replace(told, checkView(job.result));
      drawRun(parts, job.result);
    }),
    told,
  );
}

function drawRun(parts, checked) {
  if (recall("import") && !checked) return;
  if (!checked) {
    replace(parts.run, el("p", { className: "calm" }, t("corpus.first_check")));
    return;
  }
  const problem = el("div", {});
  const start = button(t("corpus.import_button"), () => busy(start, () => shown(problem, () => run(parts, checked, false))), "primary");
  const slot = el("div", {});
  replace(parts.run, el("p", {}, t("corpus.would"), " ", el("strong", {}, totals(checked.diff))), el("div", { className: "actions" }, start), problem, slot);
  parts.slot = slot;
  if (recall("import")) followRun(parts, recall("import"), checked);
}

async function run(parts, checked, force) {
  const content = [
    el("p", {}, force ? t("corpus.force_sure") : t("corpus.sure")),
    checked && changesView(checked.diff, checked.ids),
    checked?.effect && el("p", {}, t("check.effect", { cases: count(checked.effect.cases), changed: count(checked.effect.changed_cases) })),
  ].filter(Boolean);
  const title = force ? t("corpus.force_title") : t("corpus.import_title");
  if (!(await confirmed(title, content, force ? t("corpus.force_button") : t("corpus.import_button"), { danger: force }))) return;
  const wish = { upload: recall("upload"), mode: recall("mode") || "full", ...(force ? { force: true } : {}) };
  const { data } = await ask("POST", "/v1/reindex", { json: wish });
  remember({ import: data.job_id });
  followRun(parts, data.job_id, checked);
}

function followRun(parts, id, checked = null) {
  const end = el("div", {});
  const box = followJob(id, (job) => {
    if (job.status === "done") {
      replace(end, imported(job.result));
      document.dispatchEvent(new CustomEvent("serving-changed"));
    } else if (job.exit_code === 3 || job.exit_code === 4) {
      const problem = el("div", {});
      const force = button(t("corpus.force_button"), () => busy(force, () => shown(problem, () => run(parts, checked, true))), "danger");
      replace(end, el("p", {}, t("corpus.guarded")), el("div", { className: "actions" }, force), problem);
    }
  });
  replace(parts.slot || parts.run, box, end);
}

function imported(result) {
  const told = t("corpus.done", { number: result.import, snapshot: result.snapshot });
  return el("div", { className: "good" }, el("p", {}, told), el("p", {}, totals(result.imported || {})), el("p", {}, el("a", { href: "#imports" }, t("corpus.see_imports"))));
}
