/**
 * `/embed`: the panel in a frame, moved by messages of the page around it. The protocol: docs/embed.md.
 *
 * Messages count only when they come from the parent window and from an origin that the service names
 * (`ASSIST_EMBED_ANCESTORS`); nothing is ever sent to any other.
 */

import "./stichwort-panel.js";

const PROTOCOL = 1;
const OPTIONS = ["language", "theme", "kinds", "limit", "mode"];
const TOLD = ["insert", "copy", "attach", "open", "done", "dismiss", "suggestions", "error", "note", "leave"];

const origins = document.querySelector('meta[name="stichwort-ancestors"]').content.split(" ").filter(Boolean);
const panel = document.querySelector("stichwort-panel");
/** The origin that spoke first, from then on the only one. @type {string|null} */
let host = null;

/** @param {Record<string, any>} message */
function tell(message) {
  // Until the parent has spoken it may be any that is named: a browser delivers to the right one only.
  for (const origin of host === null ? origins : [host]) {
    parent.postMessage({ stichwort: PROTOCOL, ...message }, origin);
  }
}

/** @param {string} detail */
function complain(detail) {
  tell({ type: "error", status: 0, detail, retryInS: null });
}

/** @param {Record<string, any>} options */
function setOptions(options) {
  for (const name of OPTIONS) {
    if (!(name in options)) continue;
    if (options[name] === null) panel.removeAttribute(name);
    else panel.setAttribute(name, String(options[name]));
  }
  document.documentElement.lang = panel.getAttribute("language") ?? "de";
}

/** What a message of each type does. */
const DOES = {
  case: ({ case: open }) => (panel.case = open ?? null),
  context: ({ context }) => (panel.context = context ?? null),
  message: ({ message }) => panel.addMessage(message),
  note: ({ note }) => (panel.note = note),
  token: ({ token }) => (panel.token = token),
  theme: ({ theme }) => setOptions({ theme }),
  options: ({ options }) => setOptions(options ?? {}),
  refresh: () => panel.refresh(),
  focus: () => panel.focusFirst(),
  sent: ({ suggestionId, textLength, edited }) => panel.sent(suggestionId, { textLength, edited }),
};

/** @param {MessageEvent} event */
function onMessage(event) {
  if (event.source !== parent || parent === window) return;
  if (!origins.includes(event.origin) || (host !== null && event.origin !== host)) return;
  const message = event.data;
  if (typeof message !== "object" || message === null || !("stichwort" in message)) return;
  host = event.origin;
  if (message.stichwort !== PROTOCOL) {
    complain(`found version ${message.stichwort} of the protocol, expected ${PROTOCOL}: see docs/embed.md`);
    return;
  }
  const does = Object.hasOwn(DOES, message.type) ? DOES[message.type] : null;
  if (does === null) {
    complain(`found the type ${message.type}, expected one of ${Object.keys(DOES).join(", ")}`);
    return;
  }
  try {
    does(message);
  } catch (error) {
    complain(`the message ${message.type} could not be used: ${error.message}`);
  }
}

/** @param {CustomEvent} event */
function onPanel(event) {
  const type = event.type.replace("stichwort-", "");
  tell({ type, ...event.detail });
  if (type === "error" && event.detail.status === 401) tell({ type: "token-needed" });
}

panel.service = new URL("..", import.meta.url).href;
for (const type of TOLD) panel.addEventListener(`stichwort-${type}`, onPanel);
addEventListener("message", onMessage);
new ResizeObserver(() => tell({ type: "height", height: Math.ceil(panel.getBoundingClientRect().height) })).observe(panel);
tell({ type: "ready" });
