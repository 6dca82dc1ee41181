// What a check found: changes, what deserves a look, and what it does to suggestions.

import { changesView } from "./changes.js";
import { el, number, table } from "./dom.js";
import { count, named, t } from "./words.js";

export function checkView(result) {
  return el("div", { className: "check" }, el("h3", {}, t("check.changes")), changesView(result.diff, result.ids), unchanged(result), el("h3", {}, t("check.look")), looks(result), el("h3", {}, t("check.effect_title")), effectView(result.effect));
}

function unchanged(result) {
  const sum = Object.values(result.diff).reduce((all, each) => all + (each.unchanged || 0), 0);
  return el("p", { className: "hint" }, t("check.unchanged", { number: count(sum) }));
}

function looks(result) {
  const lines = [
    result.too_old > 0 && t("check.too_old", { number: count(result.too_old) }),
    result.templates_with_warnings > 0 && t("check.templates", { number: count(result.templates_with_warnings) }),
    ...Object.entries(result.quarantined).map(([reason, times]) => `${t("check.quarantined")}: ${count(times)} × ${reason}`),
    ...byKind(result.expired, t("check.expired")),
    ...byKind(result.not_yet_valid, t("check.not_yet")),
    ...Object.entries(result.duplicates).filter(([, pairs]) => pairs.length).map(([kind, pairs]) => `${named("kind", kind)}: ${t("check.duplicates")}: ${pairs.slice(0, 10).map((pair) => (Array.isArray(pair) ? pair.join(" ~ ") : pair)).join(", ")}`),
    ...Object.entries(result.dangling).filter(([, ids]) => Object.keys(ids).length).map(([where, ids]) => `${where}: ${t("check.dangling")}: ${Object.keys(ids).slice(0, 10).join(", ")}`),
    ...Object.entries(result.personal_data).flatMap(([kind, found]) => Object.entries(found).filter(([, ids]) => ids.length).map(([what, ids]) => `${named("kind", kind)}: ${t("check.personal")} (${what}): ${ids.slice(0, 10).join(", ")}`)),
  ].filter(Boolean);
  const asked = result.smoke_questions ? t("check.smoke", { number: count(result.smoke_questions) }) : t("check.no_smoke");
  return [lines.length ? el("ul", {}, lines.map((line) => el("li", {}, line))) : el("p", { className: "calm" }, t("check.nothing")), el("p", { className: "hint" }, asked)];
}

function byKind(found, text) {
  return Object.entries(found).filter(([, ids]) => ids.length).map(([kind, ids]) => `${named("kind", kind)} ${text}: ${ids.slice(0, 10).join(", ")}${ids.length > 10 ? ", …" : ""}`);
}

function effectView(effect) {
  if (!effect) return el("p", { className: "calm" }, t("check.no_effect"));
  if (!effect.cases) return el("p", { className: "calm" }, t("check.no_cases"));
  const told = t("check.effect", { cases: count(effect.cases), changed: count(effect.changed_cases) });
  const kinds = Object.entries(effect.changes).map(([kind, times]) => [named("kind", kind), number(count(times))]);
  const examples = effect.examples.map((each) => [each.case, named("kind", each.kind), each.was || t("check.none"), each.would_be || t("check.none")]);
  return [
    el("p", {}, told),
    effect.changed_cases > 0 && table(t("check.effect_by_kind"), [t("kind"), t("cases")], kinds),
    examples.length > 0 && el("details", {}, el("summary", {}, t("examples")), table(t("examples"), [t("case"), t("kind"), t("before"), t("after")], examples)),
  ];
}
