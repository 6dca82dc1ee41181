/**
 * `/desk`: an agent desk around the panel, to try it with made-up cases (docs/desk.md).
 *
 * Nothing is sent to anybody: a reply ends up in the conversation, and the customer answers by script.
 */

import "../stichwort-panel.js";
import { Composer } from "./composer.js";
import { byId, el, say } from "./dom.js";
import { askForKey, openDoor } from "./door.js";
import { Inbox } from "./inbox.js";
import { OpenCase } from "./open-case.js";
import { Refused } from "./service.js";
import { paintFacts, paintKeys, paintTalk } from "./talk.js";
import { currentLanguage, languages, setLanguage, t } from "./words.js";

const FOLLOWUP_MS = 1_200;

const panel = document.querySelector("stichwort-panel");
const composer = new Composer(onSend);
/** @type {OpenCase|null} */
let current = null;
const inbox = new Inbox(openCase);

// --- words

function paintWords() {
  const language = currentLanguage();
  document.documentElement.lang = language;
  panel.setAttribute("language", language);
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = t(node.dataset.word);
  document.title = t("title");
  const chosen = (code) => String(code === language);
  const choose = (code) => () => {
    setLanguage(code);
    paintWords();
    byId("languages").querySelector("[aria-pressed='true']").focus();
  };
  const button = (code) => el("button", { type: "button", lang: code, "aria-pressed": chosen(code), text: code.toUpperCase(), on: { click: choose(code) } });
  byId("languages").replaceChildren(...languages.map(button));
  paintKeys();
  paintCase();
}

function paintCase() {
  inbox.paint();
  if (current === null) {
    byId("work-title").textContent = t("pick");
    return;
  }
  paintTalk(current);
  paintFacts(current);
  composer.paint();
}

// --- opening

/** @param {OpenCase} open */
function openCase(open) {
  current = inbox.current = open;
  open.opened = true;
  open.unread = false;
  const isPhone = open.channel === "phone";
  panel.context = open.context;
  panel.case = open.case;
  if (isPhone) panel.setAttribute("mode", "phone");
  else panel.removeAttribute("mode");
  panel.note = isPhone ? open.note : "";
  composer.show(open);
  paintCase();
  focusWork(open);
}

/** On the phone the agent takes notes first: they are what the panel knows of the caller. */
function focusWork(open) {
  const note = open.channel === "phone" ? panel.shadowRoot.querySelector("#note") : null;
  if (note) note.focus();
  else composer.focus();
}

// --- what the panel tells

panel.addEventListener("stichwort-insert", ({ detail }) => {
  if (current === null) return;
  current.draft.used.set(`${detail.kind}/${detail.id}`, detail.suggestionId);
  if (detail.kind === "templates") composer.addTemplate(composer.codes.pieceOf(detail.id), { ...detail, warnings: [] });
  else composer.addText(detail.text);
});
panel.addEventListener("stichwort-attach", ({ detail }) => {
  current?.draft.attached.push(detail.title);
  composer.paint();
});
panel.addEventListener("stichwort-done", ({ detail }) => {
  if (current === null) return;
  const done = detail.steps.filter((step) => step.done).length;
  const word = detail.steps.length > 0 ? "did-steps" : "did";
  current.done.push(detail.id);
  current.turns.push({ role: "done", text: t(word, { title: detail.title, done, all: detail.steps.length }) });
  paintTalk(current);
});
panel.addEventListener("stichwort-note", ({ detail }) => {
  if (current !== null) current.note = detail.note;
});
panel.addEventListener("stichwort-error", ({ detail }) => {
  if (detail.status === 401) askForKey();
});

// --- sending

/**
 * @param {OpenCase} open
 * @param {{text: string, edited: boolean}} reply
 */
function onSend(open, { text, edited }) {
  tellSent(open, { textLength: text.length, edited });
  tell(open, { role: "agent", text });
  open.clearDraft();
  const followup = open.nextFollowup();
  if (followup === null) {
    open.answered = true;
    say(t(inbox.cases.every((each) => each.answered) ? "all-answered" : "sent-last", { name: open.name }));
  } else {
    open.waiting = true;
    say(t("sent", { name: open.name }));
    setTimeout(() => onFollowup(open, followup), FOLLOWUP_MS);
  }
  composer.show(open);
  paintCase();
  if (followup !== null || !inbox.focusNext()) focusWork(open);
}

/** Tell which suggestions went out; of templates that came by shortcode those that were suggested, too. */
function tellSent(open, how) {
  const used = new Map(open.draft.used);
  const pieces = open.draft.letter?.pieces ?? [];
  for (const item of panel.suggestions?.templates ?? []) {
    if (pieces.some((each) => each.id === item.id)) used.set(`templates/${item.id}`, item.suggestion_id);
  }
  for (const suggestionId of used.values()) panel.sent(suggestionId, how);
}

function tell(open, message) {
  const read = open.add(message);
  if (read && open === current) panel.addMessage(message);
}

function onFollowup(open, text) {
  open.waiting = false;
  tell(open, { role: "customer", text });
  open.unread = open !== current;
  say(t("arrived", { name: open.name }));
  paintCase();
}

// --- keys of the page

const KEYS = {
  F2: () => composer.nextGap(),
  F4: () => panel.focusFirst(),
  Escape: () => inbox.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (!Object.hasOwn(KEYS, event.key) || event.isComposing) return;
  KEYS[event.key]();
  event.preventDefault();
});

// --- starting

openDoor((key) => {
  panel.token = key;
  loadCodes();
  inbox.focus();
});

async function loadCodes() {
  try {
    await composer.codes.load();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) askForKey();
    else say(t("no-codes", { detail: error.message }));
  }
}

async function start() {
  paintWords();
  try {
    const reply = await fetch("/static/desk/inbox.json");
    if (!reply.ok) throw new Error(`${reply.status} ${reply.statusText}`);
    inbox.cases = (await reply.json()).map((each) => new OpenCase(each));
    inbox.paint();
    inbox.focus();
  } catch (error) {
    byId("work-title").textContent = t("failed", { detail: error.message });
  }
  await loadCodes();
}

start();
