// The page: language, key, tabs. Each tab is a module that fills the content.

import { ask } from "./api.js";
import { el, replace } from "./dom.js";
import { askForKey, keyButton } from "./keys.js";
import { where } from "./route.js";
import { currentLanguage, setLanguage, t } from "./words.js";
import * as corpus from "./tab-corpus.js";
import * as snapshots from "./tab-snapshots.js";
import * as imports from "./tab-imports.js";
import * as items from "./tab-items.js";
import * as templates from "./tab-templates.js";
import * as reports from "./tab-reports.js";
import * as explain from "./tab-explain.js";

const TABS = { corpus, snapshots, imports, items, templates, reports, explain };
const content = document.getElementById("content");
let shown = null;

function draw({ focus = false } = {}) {
  const tab = where().tab in TABS ? where().tab : "corpus";
  document.documentElement.lang = currentLanguage();
  document.title = `${t(`tab.${tab}`)} – Stichwort`;
  document.getElementById("skip").textContent = t("skip");
  replace(document.getElementById("tabs"), el("ul", {}, Object.keys(TABS).map((name) => link(name, tab))));
  document.getElementById("tabs").setAttribute("aria-label", t("areas"));
  replace(document.getElementById("languages"), ["de", "en"].map(languageButton));
  document.getElementById("languages").setAttribute("aria-label", t("language"));
  keyButton(document.getElementById("key"));
  const root = el("div", { className: "tab" });
  replace(content, el("h1", {}, t(`tab.${tab}`)), el("p", { className: "lead" }, t(`lead.${tab}`)), root);
  TABS[tab].render(root);
  shown = tab;
  if (focus) content.focus();
}

function link(name, tab) {
  return el("li", {}, el("a", { href: `#${name}`, "aria-current": name === tab ? "page" : null }, t(`tab.${name}`)));
}

function languageButton(language) {
  const names = { de: "Deutsch", en: "English" };
  return el("button", { type: "button", lang: language, "aria-pressed": String(language === currentLanguage()), onclick: () => change(language) }, names[language]);
}

function change(language) {
  setLanguage(language);
  draw();
  serving();
  document.querySelector(`#languages [lang=${language}]`).focus();
}

// What serves now, told at the top; it also finds out whether a key is needed.
async function serving() {
  const place = document.getElementById("serving");
  try {
    const { data } = await ask("GET", "/v1/snapshots");
    const current = data.snapshots.find((each) => each.current);
    place.textContent = current ? t("serves", { snapshot: current.id }) : t("serves_nothing");
  } catch (error) {
    place.textContent = error.status === 401 ? t("key.needed") : "";
  }
}

let asking = false;
document.addEventListener("key-needed", async (event) => {
  if (asking) return;
  asking = true;
  const given = await askForKey(event.detail);
  asking = false;
  if (given) restart();
});
document.addEventListener("key-changed", restart);
document.addEventListener("serving-changed", serving);
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  content.focus();
});
window.addEventListener("hashchange", () => draw({ focus: where().tab !== shown }));

function restart() {
  draw();
  serving();
}

restart();
