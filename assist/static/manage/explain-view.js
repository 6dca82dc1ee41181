// An explanation: how the case was read, what was considered with the parts of each score, and what was held back.

import { el } from "./dom.js";
import { count, named, percent, signed, t } from "./words.js";

export function explanationView(data) {
  const stories = Object.entries(data.kinds).filter(([, told]) => told.item);
  return [
    readView(data),
    stories.map(([kind, told]) => storyView(kind, told.item)),
    Object.entries(data.kinds).map(([kind, told]) => kindView(kind, told)),
  ];
}

function readView(data) {
  const by = `${t("snapshot")} ${data.snapshot} · ${data.language.code} · ${data.model.ranker}`;
  return el("section", { className: "card" }, el("h2", {}, t("explain.read")), el("blockquote", {}, data.text), el("p", { className: "hint" }, by), data.warnings.length > 0 && bullets(data.warnings));
}

function kindView(kind, told) {
  const name = named("kind", kind);
  const outcome = t(told.abstained ? "explain.abstained" : "explain.threshold", { threshold: percent(told.threshold) });
  const basis = t("explain.basis", { allowed: count(told.allowed), candidates: count(told.candidates), cases: count(told.cases), trust: percent(told.trust) });
  return el(
    "section",
    { className: "card" },
    el("h2", {}, name),
    el("p", {}, outcome),
    el("p", { className: "hint" }, basis),
    told.considered.length ? rankedView(kind, told.considered) : el("p", { className: "calm" }, t("explain.none")),
    heldView(kind, told),
  );
}

function rankedView(kind, considered) {
  const items = considered.map((each) => el("li", {}, el("span", { className: "rank" }, each.rank ?? "–"), el("div", {}, el("p", {}, nameOf(kind, each)), pinView(each), standingView(each), partsView(each))));
  return el("ol", { className: "ranked", "aria-label": t("explain.considered", { kind: named("kind", kind) }) }, items);
}

function standingView(each) {
  const shown = ["pinned", "shown"].includes(each.standing);
  const sure = t("explain.sure", { confidence: percent(each.confidence) });
  return el("p", { className: "hint" }, el("span", { className: shown ? "tag new" : "tag" }, named("standing", each.standing)), ` ${sure}`, shown ? null : ` · ${each.why}`);
}

function nameOf(kind, each) {
  const address = `#items?kind=${kind}&id=${encodeURIComponent(each.id)}`;
  return [el("strong", {}, each.name || each.id), " ", el("a", { href: address }, el("code", {}, each.id))];
}

// What a manager decided stands before what the ranking thought of it.
function pinView(each) {
  return each.reasons.filter((reason) => reason.kind === "pin").map((reason) =>
    el("p", {}, reason.text, " ", el("a", { href: `#items?kind=pins&id=${encodeURIComponent(reason.pin)}` }, reason.pin)),
  );
}

function partsView(each) {
  const summands = Object.entries(each.parts).filter(([, value]) => value);
  const found = Object.entries(each.evidence).filter(([, value]) => value);
  const reasons = each.reasons.filter((reason) => reason.kind !== "pin");
  return el(
    "details",
    {},
    el("summary", {}, t("explain.parts", { score: signed(each.score) })),
    terms("part", summands.map(([name, value]) => [name, signed(value)])),
    found.length > 0 && [el("h4", {}, t("explain.evidence")), terms("evidence", found.map(([name, value]) => [name, evidence(name, value)]))],
    reasons.length > 0 && bullets(reasons.map((reason) => reason.text)),
  );
}

function terms(group, pairs) {
  return el("dl", { className: "figures" }, pairs.map(([name, value]) => [el("dt", {}, named(group, name)), el("dd", {}, value)]));
}

const COUNTS = new Set(["similar_cases_for", "similar_cases", "used_in_cases"]);

function evidence(name, value) {
  if (value === true) return t("yes");
  return COUNTS.has(name) ? count(value) : percent(value);
}

function storyView(kind, { considered, held_back: held }) {
  return el(
    "section",
    { className: "card story" },
    el("h2", {}, t("explain.story")),
    el("p", {}, named("kind", kind), ": ", nameOf(kind, considered)),
    held ? [el("p", {}, el("span", { className: "tag removed" }, t("explain.held"))), bullets(held.map((each) => each.text)), el("p", { className: "hint" }, t("explain.if_not_held", { rank: considered.rank ?? "–", confidence: percent(considered.confidence) }))] : [pinView(considered), standingView(considered)],
    partsView(considered),
  );
}

function heldView(kind, told) {
  if (!told.held_back.length) return null;
  const counts = Object.entries(told.held_counts).map(([code, times]) => `${named("barrier", code)}: ${count(times)}`).join(" · ");
  return [
    el("h3", {}, t("explain.held")),
    el("p", { className: "hint" }, counts),
    el("ul", { className: "held" }, told.held_back.map((each) => el("li", {}, nameOf(kind, each), bullets(each.why.map((why) => why.text))))),
  ];
}

function bullets(texts) {
  return el("ul", {}, texts.map((text) => el("li", {}, text)));
}
