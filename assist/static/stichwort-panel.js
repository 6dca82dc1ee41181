/**
 * `<stichwort-panel>`: suggestions beside the mail, chat or call that an agent answers.
 *
 * One module without dependencies or build step. How to use it: docs/panel.md. Everything that comes from the service
 * or the host is untrusted here: it reaches the page as text, or through the allow-list of `safeFragment`.
 *
 * @module stichwort-panel
 */

/** @typedef {"templates"|"articles"|"actions"|"similar_cases"} Kind */
/** @typedef {"insert"|"copy"|"attach"|"open"|"done"|"dismiss"} Act */
/** @typedef {{role: "customer"|"agent"|"system", text: string, at?: string}} Message */
/** @typedef {{status: number, detail: string, retryInS: number|null}} Trouble */
/** @typedef {Record<string, any> & {id: string, suggestion_id: string, rank: number, confidence: number}} Item */

const KINDS = /** @type {const} */ (["templates", "articles", "actions", "similar_cases"]);
const MAIN = { templates: "insert", articles: "insert", actions: "done", similar_cases: "open" };
const OTHERS = {
  templates: ["copy", "open"],
  articles: ["copy", "attach", "open"],
  actions: ["open"],
  similar_cases: ["copy"],
};
const KEYS = { c: "copy", a: "attach", o: "open", x: "dismiss" };
const DISMISS_REASONS = ["wrong_topic", "outdated", "wrong_language", "already_tried", "declined", "other"];

const MESSAGE_DEBOUNCE_MS = 300;
const NOTE_DEBOUNCE_MS = 400;
const NOTE_WORDS = 3;
const SLOW_MS = 2_000;
const GIVE_UP_MS = 15_000;
const CHECK_MS = 6_000;
const MAX_LIMIT = 20;
const MAX_MESSAGES = 500;
const RETRY_FIRST_S = 2;
const RETRY_LAST_S = 60;
const FEEDBACK_MS = 1_000;
const FEEDBACK_BATCH = 50; // a page that closes may send 64 kB; one event is below 1 kB
const FEEDBACK_WAITING = 1_000;
const REMEMBERED = 5_000;

// ---------------------------------------------------------------------------------------------------- words

const GERMAN = {
  panel: "Vorschläge zu diesem Fall",
  kinds: { templates: "Antworten", articles: "Artikel", actions: "Nächste Schritte", similar_cases: "Ähnliche Fälle" },
  counted: {
    templates: ["1 Antwort", "{n} Antworten"],
    articles: ["1 Artikel", "{n} Artikel"],
    actions: ["1 nächster Schritt", "{n} nächste Schritte"],
    similar_cases: ["1 ähnlicher Fall", "{n} ähnliche Fälle"],
  },
  acts: {
    insert: "Einfügen", copy: "Kopieren", attach: "Anhängen", open: "Öffnen", close: "Schließen", done: "Erledigt",
    dismiss: "Passt nicht",
  },
  confidence: ["unsicher", "möglich", "wahrscheinlich", "sehr wahrscheinlich"],
  nothing: "Nichts, was wahrscheinlich hilft",
  none: "Keine Vorschläge",
  idle: "Sobald ein Fall offen ist, stehen hier Vorschläge.",
  loading: "Vorschläge werden gesucht …",
  slow: "Noch immer die Vorschläge von eben: Der Dienst braucht gerade länger.",
  slowEmpty: "Der Dienst braucht gerade länger als sonst …",
  away: "Der Dienst ist nicht erreichbar. Neuer Versuch in {s} s.",
  awayKept: "Noch immer die Vorschläge von eben: Der Dienst ist nicht erreichbar. Neuer Versuch in {s} s.",
  busy: "Der Dienst ist ausgelastet. Neuer Versuch in {s} s.",
  busyKept: "Noch immer die Vorschläge von eben: Der Dienst ist ausgelastet. Neuer Versuch in {s} s.",
  signedOut: "Die Anmeldung am Vorschlagsdienst ist abgelaufen. Die Seite muss ein neues Token setzen.",
  refused: "Der Dienst nimmt diesen Fall nicht an: {detail}",
  again: "Jetzt versuchen",
  missing: "Fehlt noch: {fields}",
  unknown: "Unbekanntes Feld: {fields}",
  reasons: {
    wrong_topic: "Anderes Thema", outdated: "Veraltet", wrong_language: "Falsche Sprache",
    already_tried: "Schon versucht", declined: "Kunde lehnt ab", other: "Anderer Grund",
  },
  why: "Warum passt „{title}“ nicht?",
  hidden: "„{title}“ ist für diesen Fall ausgeblendet.",
  inserted: "„{title}“ eingefügt.",
  insertedMissing: "„{title}“ eingefügt. Bitte noch ergänzen: {fields}",
  changed: "„{title}“ wurde geändert – neuer Text eingefügt.",
  copied: "„{title}“ kopiert.",
  copiedChanged: "„{title}“ wurde geändert – neuer Text kopiert.",
  notCopied: "Der Browser erlaubt das Kopieren hier nicht.",
  attached: "„{title}“ angehängt.",
  done: "„{title}“ als erledigt vermerkt.",
  gone: "„{title}“ wurde gerade zurückgezogen. Nichts eingefügt.",
  goneOnly: "„{title}“ wurde gerade zurückgezogen.",
  unchecked: "Ob „{title}“ noch gilt, ließ sich nicht prüfen: Der Dienst antwortet nicht. Nichts eingefügt.",
  resolution: "Lösung",
  closedAt: "gelöst am {date}",
  steps: "Schritte",
  website: "Im Browser öffnen",
  note: "Gesprächsnotiz",
  noteHint: "Vorschläge erscheinen ab drei Wörtern.",
  used: "eingefügt",
  help: [
    ["↑ ↓", "wählen"], ["↵", "Hauptaktion"], ["1–9", "Antwort einfügen"], ["C", "kopieren"], ["O", "öffnen"],
    ["A", "anhängen"], ["X", "passt nicht"], ["Esc", "zurück"],
  ],
  helpLabel: "Tasten",
};

const ENGLISH = {
  panel: "Suggestions for this case",
  kinds: { templates: "Replies", articles: "Articles", actions: "Next steps", similar_cases: "Similar cases" },
  counted: {
    templates: ["1 reply", "{n} replies"],
    articles: ["1 article", "{n} articles"],
    actions: ["1 next step", "{n} next steps"],
    similar_cases: ["1 similar case", "{n} similar cases"],
  },
  acts: {
    insert: "Insert", copy: "Copy", attach: "Attach", open: "Open", close: "Close", done: "Done",
    dismiss: "Does not fit",
  },
  confidence: ["unsure", "possible", "likely", "very likely"],
  nothing: "Nothing that is likely to help",
  none: "No suggestions",
  idle: "Suggestions appear here as soon as a case is open.",
  loading: "Looking for suggestions …",
  slow: "Still the suggestions from before: the service is taking longer.",
  slowEmpty: "The service is taking longer than usual …",
  away: "The service cannot be reached. Next try in {s} s.",
  awayKept: "Still the suggestions from before: the service cannot be reached. Next try in {s} s.",
  busy: "The service is busy. Next try in {s} s.",
  busyKept: "Still the suggestions from before: the service is busy. Next try in {s} s.",
  signedOut: "Your access to the suggestion service has ended. The page has to set a new token.",
  refused: "The service does not accept this case: {detail}",
  again: "Try now",
  missing: "Still missing: {fields}",
  unknown: "Unknown field: {fields}",
  reasons: {
    wrong_topic: "Another topic", outdated: "Outdated", wrong_language: "Wrong language",
    already_tried: "Tried already", declined: "Customer declines", other: "Another reason",
  },
  why: "Why does “{title}” not fit?",
  hidden: "“{title}” is hidden for this case.",
  inserted: "“{title}” inserted.",
  insertedMissing: "“{title}” inserted. Please fill in: {fields}",
  changed: "“{title}” has been changed – new text inserted.",
  copied: "“{title}” copied.",
  copiedChanged: "“{title}” has been changed – new text copied.",
  notCopied: "The browser does not allow copying here.",
  attached: "“{title}” attached.",
  done: "“{title}” noted as done.",
  gone: "“{title}” has just been withdrawn. Nothing inserted.",
  goneOnly: "“{title}” has just been withdrawn.",
  unchecked: "Whether “{title}” still holds could not be checked: the service does not answer. Nothing inserted.",
  resolution: "Resolution",
  closedAt: "solved on {date}",
  steps: "Steps",
  website: "Open in the browser",
  note: "Call note",
  noteHint: "Suggestions appear from three words on.",
  used: "inserted",
  help: [
    ["↑ ↓", "choose"], ["↵", "main action"], ["1–9", "insert reply"], ["C", "copy"], ["O", "open"],
    ["A", "attach"], ["X", "does not fit"], ["Esc", "back"],
  ],
  helpLabel: "Keys",
};

const WORDS = { de: GERMAN, en: ENGLISH };

/** Fill `{name}` in a text of ours. @param {string} text @param {Record<string, string|number>} values */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

// ---------------------------------------------------------------------------------------------------- nodes

/**
 * Make an element. `text` becomes its text, `on` its listeners, everything else an attribute.
 * @param {string} tag
 * @param {Record<string, any>} [parts]
 * @param {...(Node|string|null)} children
 */
function el(tag, parts = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(parts)) {
    if (name === "text") node.textContent = value;
    else if (name === "on") Object.entries(value).forEach(([type, listener]) => node.addEventListener(type, listener));
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

const ICONS = {
  copy: "M5 5V3.5A1.5 1.5 0 0 1 6.5 2h6A1.5 1.5 0 0 1 14 3.5v6a1.5 1.5 0 0 1-1.5 1.5H11M3.5 5h6A1.5 1.5 0 0 1 11 6.5v6A1.5 1.5 0 0 1 9.5 14h-6A1.5 1.5 0 0 1 2 12.5v-6A1.5 1.5 0 0 1 3.5 5Z",
  attach: "m13.5 7.5-5.6 5.6a3.2 3.2 0 0 1-4.6-4.6l6-6a2.1 2.1 0 0 1 3 3l-5.7 5.8a1 1 0 0 1-1.5-1.5L10 5",
  open: "m4 6 4 4 4-4",
  dismiss: "m4 4 8 8m0-8-8 8",
};
const SVG = "http://www.w3.org/2000/svg";

/** @param {keyof typeof ICONS} name */
function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// ---------------------------------------------------------------------------------------------------- safe HTML

const TAGS = new Set(
  ("abbr b code em i kbd q s small span strong sub sup u blockquote br div h1 h2 h3 h4 h5 h6 hr p pre dd dl dt li ol ul " +
    "caption table tbody td tfoot th thead tr a").split(" "),
);
const DROPPED = new Set("script style iframe object noscript svg math template title head textarea select".split(" "));
const ATTRIBUTES = {
  a: ["href", "title"], abbr: ["title"], ol: ["start"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan", "scope"],
};
const LINKS = /^(?:https?:\/\/|mailto:|tel:)/i;
const MAX_DEPTH = 100;

/**
 * Return the address if a page may lead there (http, https, mailto, tel), else null.
 * @param {string|null|undefined} address
 */
function safeUrl(address) {
  const url = (address ?? "").trim();
  return LINKS.test(url) && !/[\u0000-\u0020]/.test(url) ? url : null;
}

let policy;

/** @param {string} html @returns {any} */
function parseable(html) {
  // Pages that require trusted types accept only what went through a policy; nothing that is parsed here ever runs.
  if (globalThis.trustedTypes && policy === undefined) {
    try {
      policy = globalThis.trustedTypes.createPolicy("stichwort", { createHTML: (text) => text });
    } catch {
      policy = null;
    }
  }
  return policy ? policy.createHTML(html) : html;
}

/**
 * Return HTML as nodes with only those tags, attributes and links that corpus/safe_html.py allows.
 * @param {string} html
 * @returns {DocumentFragment}
 */
export function safeFragment(html) {
  const parsed = new DOMParser().parseFromString(parseable(html), "text/html");
  const fragment = document.createDocumentFragment();
  copySafely(parsed.body, fragment, 0);
  return fragment;
}

/** @param {Node} from @param {Node} to @param {number} depth */
function copySafely(from, to, depth) {
  if (depth > MAX_DEPTH) return;
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(child.nodeValue ?? ""));
    else if (child.nodeType === Node.ELEMENT_NODE) copyElement(/** @type {Element} */ (child), to, depth);
  }
}

/** @param {Element} element @param {Node} to @param {number} depth */
function copyElement(element, to, depth) {
  const tag = element.localName.toLowerCase();
  if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || DROPPED.has(tag)) return;
  if (!TAGS.has(tag)) {
    copySafely(element, to, depth + 1);
    return;
  }
  const copy = document.createElement(tag);
  for (const name of ATTRIBUTES[tag] ?? []) {
    const value = element.getAttribute(name);
    if (value !== null && name !== "href") copy.setAttribute(name, value);
  }
  if (tag === "a") makeLink(/** @type {HTMLAnchorElement} */ (copy), element.getAttribute("href"));
  copySafely(element, copy, depth + 1);
  to.appendChild(copy);
}

/** @param {HTMLAnchorElement} anchor @param {string|null} address */
function makeLink(anchor, address) {
  const url = safeUrl(address);
  if (url === null) return;
  anchor.href = url;
  anchor.rel = "noopener noreferrer";
  anchor.target = "_blank";
}

/** @param {string} label @param {string|null|undefined} address */
function link(label, address) {
  const anchor = /** @type {HTMLAnchorElement} */ (el("a", { text: label }));
  makeLink(anchor, address ?? null);
  return anchor.hasAttribute("href") ? anchor : document.createTextNode(label);
}

/** Return HTML as a text of ours that is safe to hand to the host. @param {Node} content */
function serialise(content) {
  const box = document.createElement("div");
  box.append(content);
  return box.innerHTML;
}

// ---------------------------------------------------------------------------------------------------- Markdown

const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|\*(.+?)\*|\b_(.+?)_\b|!\[([^\]]*)\]\([^)]*\)|\[([^\]]+)\]\(<?([^)\s>]+)>?[^)]*\)|<((?:https?|mailto|tel):[^\s<>]*)>|\\([!-/:-@[-`{-~])/;

/** @param {string} text @returns {Node[]} */
function inline(text) {
  const nodes = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    nodes.push(document.createTextNode(rest.slice(0, found.index)), inlineNode(found));
    rest = rest.slice(found.index + found[0].length);
  }
  nodes.push(document.createTextNode(rest));
  return nodes;
}

/** @param {RegExpExecArray} found */
function inlineNode(found) {
  const [, , code, strong, strong2, em, em2, image, label, address, bare, escaped] = found;
  if (code) return el("code", { text: code });
  if (strong || strong2) return el("strong", {}, ...inline(strong || strong2));
  if (em || em2) return el("em", {}, ...inline(em || em2));
  if (label) return link(label.replace(/[*`_]/g, ""), address);
  if (bare) return link(bare.replace(/^(?:mailto|tel):/, ""), bare);
  return document.createTextNode(image ?? escaped ?? "");
}

/** Lists, each an opening pattern and its tag. */
const BULLET = /^\s*[-*+]\s+/;
const ORDERED = /^\s*(\d{1,9})[.)]\s+/;

/**
 * Return Markdown as nodes: headings, lists, quotes, code, tables, paragraphs; HTML in it stays text.
 * @param {string} markdown
 * @returns {DocumentFragment}
 */
export function markdownFragment(markdown) {
  const fragment = document.createDocumentFragment();
  const lines = markdown.replace(/\r\n?/g, "\n").split("\n");
  let at = 0;
  while (at < lines.length) {
    const [node, next] = block(lines, at);
    if (node) fragment.append(node);
    at = next;
  }
  return fragment;
}

/** @param {string[]} lines @param {number} at @returns {[Node|null, number]} */
function block(lines, at) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  const fence = /^\s*(```+|~~~+)/.exec(line);
  if (fence) return fenced(lines, at, fence[1]);
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading) return [el(`h${Math.min(6, heading[1].length + 3)}`, {}, ...inline(heading[2])), at + 1];
  if (/^\s*([-*_])(?:\s*\1){2,}\s*$/.test(line)) return [el("hr"), at + 1];
  if (BULLET.test(line) || ORDERED.test(line)) return list(lines, at);
  if (/^\s*>/.test(line)) return quote(lines, at);
  if (line.includes("|") && /^\s*\|?\s*:?-+:?\s*(?:\||$)/.test(lines[at + 1] ?? "")) return table(lines, at);
  return paragraph(lines, at);
}

/** @param {string[]} lines @param {number} at @param {string} mark @returns {[Node, number]} */
function fenced(lines, at, mark) {
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end += 1;
  return [el("pre", {}, el("code", { text: lines.slice(at + 1, end).join("\n") })), end + 1];
}

/** @param {string[]} lines @param {number} at @returns {[Node, number]} */
function list(lines, at) {
  const mark = BULLET.test(lines[at]) ? BULLET : ORDERED;
  const node = el(mark === BULLET ? "ul" : "ol", { start: ORDERED.exec(lines[at])?.[1] });
  let end = at;
  while (end < lines.length && (mark.test(lines[end]) || /^\s{2,}\S/.test(lines[end]))) {
    if (mark.test(lines[end])) node.append(el("li", {}, ...inline(lines[end].replace(mark, ""))));
    else node.lastElementChild?.append(" ", ...inline(lines[end].trim().replace(BULLET, "– ")));
    end += 1;
  }
  return [node, end];
}

/** @param {string[]} lines @param {number} at @returns {[Node, number]} */
function quote(lines, at) {
  let end = at;
  while (end < lines.length && /^\s*>/.test(lines[end])) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(/^\s*>\s?/, "")).join("\n");
  return [el("blockquote", {}, ...inline(inner)), end];
}

/** @param {string[]} lines @param {number} at @returns {[Node, number]} */
function table(lines, at) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => inline(cell.trim()));
  const head = el("thead", {}, el("tr", {}, ...cells(lines[at]).map((cell) => el("th", { scope: "col" }, ...cell))));
  const body = el("tbody");
  let end = at + 2;
  for (; end < lines.length && lines[end].includes("|"); end += 1) {
    body.append(el("tr", {}, ...cells(lines[end]).map((cell) => el("td", {}, ...cell))));
  }
  return [el("table", {}, head, body), end];
}

/** @param {string[]} lines @param {number} at @returns {[Node, number]} */
function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && !/^(?:#{1,6}\s|\s*>|\s*```)/.test(lines[end])) {
    if (BULLET.test(lines[end]) || ORDERED.test(lines[end])) break;
    end += 1;
  }
  return [el("p", {}, ...inline(lines.slice(at, end).map((line) => line.trim()).join(" "))), end];
}

/** @param {{format: string, body: string}} article @returns {Node} */
function articleBody(article) {
  if (article.format === "html") return safeFragment(article.body);
  if (article.format === "markdown") return markdownFragment(article.body);
  return el("div", { class: "text", text: article.body });
}

// ---------------------------------------------------------------------------------------------------- is it current?

/** @param {{status?: string, valid_from?: string|null, valid_until?: string|null}} record */
function isInForce(record) {
  const now = Date.now();
  const begun = !record.valid_from || Date.parse(record.valid_from) <= now;
  return (record.status ?? "published") === "published" && begun && !(record.valid_until && Date.parse(record.valid_until) <= now);
}

/** Letters and digits only, without the numbers of lists: what survives every conversion to text. @param {string} text */
function squashed(text) {
  return text.replace(/\b\d+[.)]\s/g, "").normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

/** @param {{format: string, body: string}} article */
function bareText(article) {
  if (article.format === "html") return safeFragment(article.body).textContent ?? "";
  if (article.format !== "markdown") return article.body;
  return article.body
    .replace(/<((?:https?|mailto|tel):[^\s<>]*)>/g, "$1")
    .replace(/\]\([^)]*\)/g, "]")
    .replace(/<[^<>]*>/g, "");
}

/**
 * Return whether every sentence of an excerpt still stands in the article.
 * @param {string} excerpt
 * @param {{format: string, body: string, summary?: string|null}} article
 */
export function stillSays(excerpt, article) {
  const body = squashed(`${article.summary ?? ""}\n${bareText(article)}`);
  return excerpt
    .split(/…|(?<=[.!?:;])\s+|\n|\s\|\s/)
    .every((sentence) => body.includes(squashed(sentence)));
}

/** Return that paragraph of an article which shares most words with an excerpt. @param {string} excerpt @param {any} article */
function newExcerpt(excerpt, article) {
  const words = new Set(excerpt.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
  const box = el("div", {}, articleBody(article));
  const blocks = [...box.querySelectorAll("p, li, td, div.text")].map((node) => (node.textContent ?? "").trim());
  const shared = (text) => (text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []).filter((word) => words.has(word)).length;
  const best = blocks.reduce((left, right) => (shared(right) > shared(left) ? right : left), blocks[0] ?? article.title);
  return best.length > 600 ? `${best.slice(0, 600).replace(/\s+\S*$/, "")} …` : best;
}

// ---------------------------------------------------------------------------------------------------- service

/** What the service refused, or why it could not be asked (status 0). */
class ServiceError extends Error {
  /** @param {number} status @param {string} detail @param {number|null} [retryAfterS] @param {any[]} [errors] */
  constructor(status, detail, retryAfterS = null, errors = []) {
    super(detail);
    this.status = status;
    this.retryAfterS = retryAfterS;
    this.errors = errors;
  }

  /** Whether the same request may succeed later. */
  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Asks the service. */
class Service {
  /** @param {() => {base: string, token: string|null}} where */
  constructor(where) {
    this.where = where;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {any} [body]
   * @param {{signal?: AbortSignal, keepalive?: boolean}} [options]
   */
  async ask(method, path, body, options = {}) {
    const { base, token } = this.where();
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    const asked = { method, headers, cache: method === "GET" ? "no-cache" : "no-store", ...options };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      asked.body = JSON.stringify(body);
    }
    let reply;
    try {
      reply = await fetch(base + path, asked);
      if (reply.ok) return await reply.json();
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ServiceError(0, String(error));
    }
    throw await refusal(reply);
  }
}

/** @param {Response} reply */
async function refusal(reply) {
  const problem = await reply.json().catch(() => ({}));
  const seconds = Number.parseInt(reply.headers.get("Retry-After") ?? "", 10);
  const first = problem.errors?.[0];
  const detail = first ? `${first.pointer} ${first.detail}` : String(problem.detail ?? reply.statusText);
  return new ServiceError(reply.status, detail, Number.isFinite(seconds) ? seconds : null, problem.errors ?? []);
}

/** Seconds to wait before the next try. @param {number} failures @param {number|null} retryAfterS */
function waitS(failures, retryAfterS) {
  const backoff = Math.min(RETRY_LAST_S, RETRY_FIRST_S * 2 ** Math.max(0, failures - 1));
  return Math.max(retryAfterS ?? 0, Math.ceil(backoff * (0.75 + Math.random() / 4)));
}

/** A UUID, also where the page is not a secure context. */
function newKey() {
  if (globalThis.crypto.randomUUID) return globalThis.crypto.randomUUID();
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Tells the service what the agent did, in batches, each event once, as often as it takes. */
class FeedbackQueue {
  #waiting = [];
  #timer = 0;
  #sending = false;
  #failures = 0;

  /** @param {Service} service @param {(error: ServiceError) => void} onRefused */
  constructor(service, onRefused) {
    this.service = service;
    this.onRefused = onRefused;
  }

  /** @param {string} event @param {string} suggestionId @param {Record<string, any>} [more] */
  add(event, suggestionId, more = {}) {
    this.#waiting.push({ key: newKey(), suggestion_id: suggestionId, event, at: new Date().toISOString(), ...more });
    if (this.#waiting.length > FEEDBACK_WAITING) this.#forgetOne();
    this.#schedule(FEEDBACK_MS);
  }

  /** Send what waits, now. */
  async flush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.#sending || this.#waiting.length === 0) return;
    this.#sending = true;
    const batch = this.#waiting.slice(0, FEEDBACK_BATCH);
    try {
      await this.#send(batch);
      this.#failures = 0;
      this.#settle(batch);
    } catch (error) {
      this.#onError(batch, error);
    } finally {
      this.#sending = false;
    }
    if (this.#waiting.length > 0 && !this.#timer && this.#failures === 0) this.#schedule(0);
  }

  /** Send everything before the page goes; what arrives twice counts once. */
  leave() {
    for (let at = 0; at < this.#waiting.length; at += FEEDBACK_BATCH) {
      this.#send(this.#waiting.slice(at, at + FEEDBACK_BATCH)).then((batch) => this.#settle(batch), () => {});
    }
  }

  async #send(batch) {
    await this.service.ask("POST", "/v1/feedback", { events: batch }, { keepalive: true });
    return batch;
  }

  #settle(batch) {
    const settled = new Set(batch.map((event) => event.key));
    this.#waiting = this.#waiting.filter((event) => !settled.has(event.key));
  }

  #onError(batch, error) {
    this.#failures += 1;
    if (!(error instanceof ServiceError) || error.passes) {
      this.#schedule(1000 * waitS(this.#failures, error.retryAfterS ?? null));
    } else if (error.status !== 401) {
      // All of a body is kept or nothing: what cannot be kept must not hold up the rest. After 401 all waits for a token.
      this.#settle(refusedEvents(batch, error));
      this.#failures = 0;
      this.onRefused(error);
    }
  }

  #forgetOne() {
    const place = this.#waiting.findIndex((event) => event.event === "shown");
    this.#waiting.splice(Math.max(0, place), 1);
  }

  #schedule(ms) {
    if (!this.#timer) this.#timer = setTimeout(() => this.flush(), ms);
  }
}

/** @param {any[]} batch @param {ServiceError} error */
function refusedEvents(batch, error) {
  const places = error.errors.map((each) => /^\/events\/(\d+)/.exec(each.pointer)?.[1]).filter(Boolean);
  return places.length > 0 ? places.map((place) => batch[Number(place)]).filter(Boolean) : batch;
}

// ---------------------------------------------------------------------------------------------------- clipboard

/**
 * Put a text on the clipboard that is still being fetched: some browsers demand that this begins with the key press.
 * @param {Promise<{text: string, html: string|null}>} content
 * @param {boolean} rich
 * @param {ParentNode} root
 */
async function writeClipboard(content, rich, root) {
  try {
    const as = (type, value) => [type, content.then((found) => new Blob([value(found) ?? ""], { type }))];
    const parts = [as("text/plain", (found) => found.text), ...(rich ? [as("text/html", (found) => found.html)] : [])];
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(parts))]);
  } catch {
    copyByHand((await content).text, root);
  }
}

/** @param {string} text @param {any} root */
function copyByHand(text, root) {
  const before = root.activeElement;
  const area = el("textarea", { class: "unseen", "aria-hidden": "true", tabindex: -1 });
  area.value = text;
  root.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  before?.focus?.();
  if (!copied) throw new NotCopiedError();
}

class NotCopiedError extends Error {}
class DeclinedError extends Error {}

// ---------------------------------------------------------------------------------------------------- one item

/** @param {Kind} kind @param {Item} item */
function titleOf(kind, item) {
  if (kind === "articles") return String(item.title);
  if (kind === "similar_cases") return String(item.subject || item.excerpt || item.id);
  return String(item.name);
}

/** @param {Kind} kind @param {Item} item */
function previewOf(kind, item) {
  if (kind === "articles") return item.excerpt;
  if (kind === "templates") return item.text;
  if (kind === "actions") return item.description;
  return item.resolution || item.excerpt;
}

/** What a paste of it holds. @param {Kind} kind @param {Item} item @returns {{text: string, html: string|null}} */
function contentOf(kind, item) {
  if (kind === "templates") return { text: item.text, html: item.html ? serialise(safeFragment(item.html)) : null };
  if (kind === "similar_cases") return { text: item.resolution || item.excerpt, html: null };
  const url = safeUrl(item.url);
  const text = [item.excerpt, url ? `${item.title}: ${url}` : item.title].join("\n\n");
  const nodes = document.createDocumentFragment();
  nodes.append(el("p", { text: item.excerpt }), el("p", {}, link(item.title, url)));
  return { text, html: serialise(nodes) };
}

/** The view of one item: its node, kept as long as the item is shown, so that focus and ticked steps stay. */
class ItemView {
  #told = "";

  /**
   * @param {Kind} kind
   * @param {typeof GERMAN} words
   * @param {string} language
   * @param {(act: Act|"close", view: ItemView, reason?: string) => void} act
   */
  constructor(kind, words, language, act) {
    this.kind = kind;
    this.words = words;
    this.language = language;
    this.act = act;
    this.ticked = new Set();
    this.dirty = true;
    this.node = el("li", { class: `item ${kind}` });
    this.#build();
  }

  #build() {
    this.number = el("kbd", { class: "number", "aria-hidden": "true" });
    this.title = el("h3", { id: newKey() });
    this.share = el("span", { class: "share" });
    this.bar = el("span", { class: "bar", "aria-hidden": "true" }, el("span"));
    this.details = el("div", { id: newKey() });
    this.primary = this.#button(MAIN[this.kind], "primary");
    this.others = OTHERS[this.kind].map((act) => this.#button(act, "icon"));
    this.dismiss = this.#button("dismiss", "icon");
    this.dismiss.setAttribute("aria-expanded", "false");
    this.more = el("div", { class: "more", hidden: true });
    this.menu = this.#menu();
    const head = el("div", { class: "head" }, this.number, this.title);
    const sure = el("div", { class: "sure" }, this.bar, this.share);
    const buttons = el("div", { class: "buttons" }, this.primary, ...this.others, this.dismiss, sure);
    this.node.append(head, this.details, this.more, buttons, this.menu);
  }

  #button(act, look) {
    const label = this.words.acts[act];
    const button = el("button", { type: "button", class: look, "data-act": act, on: { click: () => this.act(act, this) } });
    if (look === "primary") button.append(label);
    else button.append(icon(act));
    if (look === "icon") button.title = label;
    return button;
  }

  #menu() {
    const choose = (reason) => () => this.act("dismiss", this, reason);
    const buttons = DISMISS_REASONS.map((reason) =>
      el("button", { type: "button", "data-reason": reason, text: this.words.reasons[reason], on: { click: choose(reason) } }),
    );
    return el("div", { class: "menu", role: "group", hidden: true }, el("p"), ...buttons);
  }

  /** Show an item at a place (from 1). @param {Item} item @param {number} place */
  update(item, place) {
    this.item = item;
    this.place = place;
    this.number.textContent = String(place);
    this.number.hidden = this.kind !== "templates" || place > 9;
    const json = JSON.stringify(item);
    if (json === this.#told) return;
    this.#told = json;
    this.dirty = true;
    this.#tell(item);
    if (!this.more.hidden) this.showMore();
  }

  #tell(item) {
    const { words } = this;
    const title = titleOf(this.kind, item);
    this.title.textContent = title;
    if (item.language) this.title.lang = item.language;
    const share = Math.min(1, Math.max(0, Number(item.confidence) || 0));
    const percent = new Intl.NumberFormat(this.language, { style: "percent" }).format(share);
    this.share.textContent = `${percent} · ${words.confidence[[0.35, 0.6, 0.8].filter((bound) => share >= bound).length]}`;
    /** @type {HTMLElement} */ (this.bar.firstElementChild).style.width = `${Math.round(share * 100)}%`;
    this.details.replaceChildren(...this.#lines(item));
    this.menu.setAttribute("aria-label", fill(words.why, { title }));
    this.menu.firstElementChild.textContent = fill(words.why, { title });
    this.#label(title);
  }

  #label(title) {
    for (const button of [this.primary, ...this.others, this.dismiss]) {
      button.setAttribute("aria-label", `${this.words.acts[button.dataset.act]}: ${title}`);
    }
    this.primary.setAttribute("aria-describedby", this.details.id);
    this.node.setAttribute("aria-labelledby", this.title.id);
  }

  #lines(item) {
    const { words } = this;
    const lines = [el("p", { class: "reason", text: (item.reasons ?? []).map((reason) => reason.text).join(" · ") })];
    const preview = previewOf(this.kind, item);
    if (preview) lines.unshift(el("p", { class: "preview", lang: item.language, text: preview }));
    if (item.closed_at) lines.push(el("p", { class: "reason", text: fill(words.closedAt, { date: this.#date(item.closed_at) }) }));
    const warn = (text) => lines.push(el("p", { class: "warning", text }));
    if (item.missing_fields?.length) warn(fill(words.missing, { fields: item.missing_fields.join(", ") }));
    if (item.unknown_fields?.length) warn(fill(words.unknown, { fields: item.unknown_fields.join(", ") }));
    (item.warnings ?? []).forEach(warn);
    return lines;
  }

  #date(text) {
    return new Intl.DateTimeFormat(this.language, { dateStyle: "medium" }).format(new Date(text));
  }

  get isOpen() {
    return !this.more.hidden;
  }

  /** Show the whole item. @param {Node} [content] what an article says, once it was fetched */
  showMore(content) {
    if (content || this.dirty) this.more.replaceChildren(content ?? this.#whole());
    this.dirty = false;
    this.#setOpen(true);
  }

  hideMore() {
    this.#setOpen(false);
  }

  #setOpen(open) {
    this.more.hidden = !open;
    this.node.classList.toggle("opened", open);
    const button = [this.primary, ...this.others].find((each) => each.dataset.act === "open");
    button?.setAttribute("aria-expanded", String(open));
  }

  #whole() {
    const { item } = this;
    if (this.kind === "templates") return this.#letter(item);
    if (this.kind === "actions") return this.#steps(item);
    if (this.kind === "articles") return el("p", { class: "text", lang: item.language, text: item.excerpt });
    const resolution = item.resolution ? el("p", { class: "text" }, el("strong", { text: `${this.words.resolution}: ` }), item.resolution) : null;
    return el("div", {}, el("p", { class: "text", text: item.excerpt }), resolution);
  }

  #letter(item) {
    const subject = item.subject ? el("p", {}, el("strong", { text: item.subject })) : null;
    const text = item.html ? safeFragment(item.html) : el("p", { class: "text", text: item.text });
    return el("div", { lang: item.language }, subject, text);
  }

  #steps(item) {
    const steps = (item.steps ?? []).map((step, place) => {
      const id = newKey();
      const tick = (event) => (event.target.checked ? this.ticked.add(place) : this.ticked.delete(place));
      const box = el("input", { type: "checkbox", id, on: { change: tick } });
      box.checked = this.ticked.has(place);
      const way = safeUrl(step.url) ? el("span", {}, " ", link("↗", step.url)) : null;
      way?.querySelector("a").setAttribute("aria-label", `${this.words.website}: ${step.text}`);
      return el("li", {}, box, el("label", { for: id, text: step.text }), way);
    });
    return el("ul", { class: "steps", role: "list", "aria-label": this.words.steps }, ...steps);
  }

  /** What an agent ticked off, step by step. */
  get steps() {
    return (this.item.steps ?? []).map((step, place) => ({ text: step.text, done: this.ticked.has(place) }));
  }

  /** @param {boolean} open */
  showMenu(open) {
    this.menu.hidden = !open;
    this.dismiss.setAttribute("aria-expanded", String(open));
    if (open) /** @type {HTMLElement} */ (this.menu.querySelector("button")).focus();
  }

  /** Only the buttons of one item can be reached with Tab; arrows lead to the others. @param {boolean} active */
  setActive(active) {
    for (const button of [this.primary, ...this.others, this.dismiss]) button.tabIndex = active ? 0 : -1;
    for (const inner of this.more.querySelectorAll("a, input")) inner.tabIndex = active ? 0 : -1;
    this.node.classList.toggle("active", active);
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    this.node.setAttribute("aria-busy", String(busy));
  }

  /** Remember visibly that it was used. @param {string} word */
  mark(word) {
    if (!this.title.querySelector(".used")) this.title.append(" ", el("span", { class: "used", text: `✓ ${word}` }));
  }
}

// ---------------------------------------------------------------------------------------------------- look

const SHEET = `
:host {
  --bg: var(--stichwort-background, light-dark(#ffffff, #171b21));
  --text: var(--stichwort-text, light-dark(#1a222d, #e7ebf1));
  --muted: var(--stichwort-muted, light-dark(#525d6b, #a9b3c1));
  --line: light-dark(#dde3ea, #323b47);
  --soft: light-dark(#f4f6f9, #1f252d);
  --accent: var(--stichwort-accent, light-dark(#0b5cad, #86bdff));
  --on-accent: var(--stichwort-on-accent, light-dark(#ffffff, #0c1726));
  --warn: light-dark(#7a4300, #ffcf8a);
  --warn-bg: light-dark(#fff5e2, #35290f);
  --error: light-dark(#9c1420, #ffb7b3);
  --error-bg: light-dark(#fdeeee, #3b1c1e);
  color-scheme: light dark;
  container-type: inline-size;
  display: block;
  background: var(--bg);
  color: var(--text);
  font: var(--stichwort-font, 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
  text-align: start;
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]) { display: none; }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, ul { margin: 0; padding: 0; }
.panel { padding: 10px 12px 8px; }
.kinds { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); }
@container (min-width: 720px) { .kinds { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 18px 24px; align-items: start; } }
h2 { font-size: 12px; font-weight: 600; color: var(--muted); letter-spacing: .02em; padding-bottom: 5px; border-bottom: 1px solid var(--line); }
.nothing { color: var(--muted); font-size: 13px; padding: 7px 0 0; }
.list { list-style: none; }
.item { position: relative; padding: 9px 8px 8px; border-bottom: 1px solid var(--line); border-radius: 4px; }
.item:last-child { border-bottom-color: transparent; }
.item:focus-within { background: var(--soft); box-shadow: inset 3px 0 0 var(--accent); }
.item[aria-busy="true"] { opacity: .65; }
.stale .item { border-inline-start: 3px dotted var(--muted); }
.head { display: flex; gap: 7px; align-items: baseline; }
h3 { font-size: 14px; font-weight: 600; line-height: 1.35; overflow-wrap: anywhere; min-width: 0; }
.used { font-size: 12px; font-weight: 400; color: var(--muted); white-space: nowrap; }
.number, .help kbd { font: 600 11px/1 ui-monospace, "SF Mono", Consolas, monospace; border: 1px solid var(--line); border-radius: 3px; padding: 2px 4px; color: var(--muted); background: var(--bg); flex: none; }
.preview { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; margin-top: 2px; }
.opened .preview { display: none; }
.reason { color: var(--muted); font-size: 12.5px; margin-top: 2px; overflow-wrap: anywhere; }
.warning { color: var(--warn); background: var(--warn-bg); border-radius: 3px; font-size: 12.5px; margin-top: 4px; padding: 2px 7px; overflow-wrap: anywhere; width: fit-content; max-width: 100%; }
.warning::before { content: "⚠ "; content: "⚠ " / ""; }
.more { margin: 6px 0 2px; padding: 8px 10px; border: 1px solid var(--line); border-radius: 4px; background: var(--bg); overflow-wrap: anywhere; max-height: 22em; overflow: auto; }
.more:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.text { white-space: pre-wrap; }
.more > * + *, .more div > * + * { margin-top: .5em; }
.more :is(h1, h2, h3, h4, h5, h6) { font-size: 14px; color: inherit; border: 0; padding: 0; margin: .7em 0 .2em; letter-spacing: 0; }
.more :is(ul, ol):not(.steps) { padding-inline-start: 1.4em; margin: .4em 0; }
.more :is(pre, table) { max-width: 100%; overflow-x: auto; }
.more table { border-collapse: collapse; display: block; }
.more :is(td, th) { border: 1px solid var(--line); padding: 2px 6px; text-align: start; vertical-align: top; }
.more blockquote { margin: .5em 0; padding-inline-start: .8em; border-inline-start: 3px solid var(--line); }
.more p { margin: .4em 0; }
.more > :first-child, .more > div > :first-child { margin-top: 0; }
.steps { list-style: none; }
.steps li { display: flex; gap: 8px; align-items: baseline; padding: 2px 0; }
.steps input { flex: none; inline-size: 15px; block-size: 15px; margin: 0; transform: translateY(2px); accent-color: var(--accent); }
.steps li + li { margin-top: 0; }
a { color: var(--accent); text-underline-offset: 2px; }
.buttons { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; margin-top: 6px; }
button { font: inherit; font-size: 13px; line-height: 1.3; color: var(--text); background: transparent; border: 1px solid transparent; border-radius: 4px; cursor: pointer; min-block-size: 28px; }
.primary { padding: 3px 11px; border-color: var(--accent); color: var(--accent); font-weight: 600; }
.first .primary { background: var(--accent); color: var(--on-accent); }
.icon { inline-size: 30px; padding: 0; display: inline-grid; place-items: center; color: var(--muted); }
.icon svg { inline-size: 16px; block-size: 16px; fill: none; stroke: currentColor; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; }
.opened .icon[data-act="open"] svg { transform: rotate(180deg); }
button:hover { background: var(--soft); border-color: var(--line); }
.item:focus-within .icon:hover { background: var(--bg); }
.first .primary:hover { background: var(--accent); border-color: var(--text); }
:is(button, a, input, textarea):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.sure { display: flex; align-items: center; gap: 7px; margin-inline-start: auto; color: var(--muted); font-size: 12.5px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { inline-size: 44px; block-size: 5px; border-radius: 3px; background: var(--line); overflow: hidden; }
.bar span { display: block; block-size: 100%; background: var(--accent); }
.menu { display: flex; flex-wrap: wrap; gap: 5px; margin-top: 7px; padding: 8px; border: 1px solid var(--line); border-radius: 4px; background: var(--bg); }
.menu p { flex-basis: 100%; font-size: 12.5px; color: var(--muted); }
.menu button { border-color: var(--line); padding: 3px 9px; }
.notice, .said { border-radius: 4px; font-size: 13px; }
.notice:not(:empty), .said:not(:empty) { padding: 5px 9px; margin-bottom: 9px; background: var(--soft); }
.notice.warn:not(:empty), .said.warn:not(:empty) { background: var(--warn-bg); color: var(--warn); }
.notice.error:not(:empty), .said.error:not(:empty) { background: var(--error-bg); color: var(--error); }
.notice button { margin-inline-start: 6px; padding: 1px 9px; border-color: currentColor; color: inherit; }
.idle { color: var(--muted); padding: 6px 0; }
.note { display: grid; gap: 4px; margin-bottom: 12px; }
.note label { font-weight: 600; font-size: 13px; }
.note textarea { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--muted); border-radius: 4px; padding: 6px 8px; min-block-size: 5.2em; inline-size: 100%; resize: vertical; }
.note span { color: var(--muted); font-size: 12.5px; }
.help { display: flex; flex-wrap: wrap; gap: 4px 12px; list-style: none; margin-top: 10px; padding-top: 8px; border-top: 1px solid var(--line); color: var(--muted); font-size: 12px; }
.help kbd { margin-inline-end: 3px; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; padding: 0; border: 0; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.loading::before { content: ""; display: block; block-size: 2px; margin: -10px -12px 8px; background: linear-gradient(90deg, transparent, var(--accent), transparent) 0 0 / 40% 100% no-repeat; animation: run 1.2s linear infinite; }
@keyframes run { from { background-position: -60% 0; } to { background-position: 160% 0; } }
@media (prefers-reduced-motion: reduce) { .loading::before { animation: none; background: var(--accent); opacity: .5; } }
@media (forced-colors: active) { .bar { border: 1px solid; } .bar span { background: Highlight; } .item:focus-within { outline: 2px solid Highlight; } }
@media (pointer: coarse) { button { min-block-size: 36px; } .icon { inline-size: 36px; } }
`;

let sheet;

/** One style sheet for all panels of a page, made when the first one is. */
function styles() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
  }
  return sheet;
}

// ---------------------------------------------------------------------------------------------------- cases

/** A copy that no later change of the host reaches. @template T @param {T} value @returns {T} */
function copyOf(value) {
  return value === null || value === undefined ? value : JSON.parse(JSON.stringify(value));
}

/** @param {any} one @param {any} other */
function isSameCase(one, other) {
  if (!one || !other) return false;
  if (one.id || other.id) return one.id === other.id;
  if (one.subject !== other.subject || one.description !== other.description) return false;
  const said = one.messages ?? [];
  return said.every((message, place) => message.text === other.messages?.[place]?.text);
}

/** @param {any} given */
function saysSomething(given) {
  return [given.subject, given.description, ...(given.messages ?? []).map((message) => message.text)].some((text) => text?.trim());
}

// ---------------------------------------------------------------------------------------------------- the element

/**
 * The panel. Attributes: `service`, `token`, `language`, `kinds`, `limit`, `theme`, `mode`.
 *
 * @fires stichwort-insert @fires stichwort-copy @fires stichwort-attach @fires stichwort-open @fires stichwort-done
 * @fires stichwort-dismiss @fires stichwort-suggestions @fires stichwort-error @fires stichwort-note
 * @fires stichwort-leave
 */
export class StichwortPanel extends HTMLElement {
  static observedAttributes = ["service", "token", "language", "kinds", "limit", "theme", "mode"];

  #case = null;
  #context = null;
  #token = null;
  #note = "";
  #done = [];
  #answer = null;
  #asked = "";
  #epoch = 0;
  #sequence = 0;
  #failures = 0;
  #request = null;
  #debounce = 0;
  #retry = 0;
  #retryAt = 0;
  #views = new Map();
  #hidden = new Set();
  #busy = new Set();
  #active = "";
  #counted = "";
  #shown = new Set();
  #observer = null;
  #returnTo = null;
  #parts = null;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [styles()];
    this.service_ = new Service(() => ({ base: this.service, token: this.#token }));
    this.feedback_ = new FeedbackQueue(this.service_, (error) => this.#report(error, null));
    this.shadowRoot.addEventListener("keydown", (event) => this.#onKey(/** @type {KeyboardEvent} */ (event)));
    this.shadowRoot.addEventListener("focusin", (event) => this.#onFocus(event));
  }

  connectedCallback() {
    // Hosts set properties before this module has come; such a property hides the accessor of the class.
    for (const name of ["case", "context", "token", "note"]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    this.#observer = new IntersectionObserver((entries) => this.#onSeen(entries), { threshold: 0.5 });
    addEventListener("pagehide", this.#onLeave);
    addEventListener("online", this.#onOnline);
    this.#build();
    this.#schedule(0);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.#onLeave);
    removeEventListener("online", this.#onOnline);
    this.#observer?.disconnect();
    this.#stop();
    this.feedback_.flush();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "token") this.token = after;
    if (!this.#parts) return;
    if (name === "language" || name === "mode") this.#build();
    if (name !== "theme" && name !== "token") this.#schedule(0);
  }

  // ------------------------------------------------------------------------------------------ public properties

  /** The open case, as in the body of `POST /v1/suggest`; null while there is none. */
  get case() {
    return copyOf(this.#case);
  }

  set case(value) {
    const given = copyOf(value) ?? null;
    const same = isSameCase(this.#case, given);
    this.#case = given;
    this.#done = [];
    if (!same) this.#forget();
    this.#schedule(same ? MESSAGE_DEBOUNCE_MS : 0);
  }

  /** What fills merge fields: `{contact, agent, …}`. */
  get context() {
    return copyOf(this.#context);
  }

  set context(value) {
    this.#context = copyOf(value) ?? null;
    this.#schedule(MESSAGE_DEBOUNCE_MS);
  }

  /** The key or browser token, which is never written back to the attribute. */
  get token() {
    return this.#token;
  }

  set token(value) {
    const changed = (value || null) !== this.#token;
    this.#token = value || null;
    if (!changed || !this.#parts) return;
    this.feedback_.flush();
    this.#asked = "";
    this.#schedule(0);
  }

  /** Base address of the service, without a slash at its end; empty means the page's own origin. */
  get service() {
    return (this.getAttribute("service") ?? "").replace(/\/+$/, "");
  }

  set service(value) {
    this.setAttribute("service", value);
  }

  /** Text of the note field of `mode="phone"`. */
  get note() {
    return this.#note;
  }

  set note(value) {
    this.#note = String(value ?? "");
    if (this.#parts?.note && this.#parts.note.value !== this.#note) this.#parts.note.value = this.#note;
    this.#schedule(NOTE_DEBOUNCE_MS);
  }

  /** The last answer of the service for this case, or null. */
  get suggestions() {
    return copyOf(this.#answer);
  }

  // ------------------------------------------------------------------------------------------ public methods

  /** Append a message to the case. @param {Message} message */
  addMessage(message) {
    const before = this.#case ?? {};
    this.#case = { ...before, messages: [...(before.messages ?? []), copyOf(message)] };
    this.#schedule(MESSAGE_DEBOUNCE_MS);
  }

  /** Ask again now. */
  refresh() {
    this.#asked = "";
    this.#schedule(0);
  }

  /** Put the focus on the first suggestion; Esc brings it back. @returns {boolean} whether there is one */
  focusFirst() {
    const first = this.#order()[0];
    if (!first) return false;
    const before = document.activeElement;
    if (before !== this) this.#returnTo = before instanceof HTMLElement ? before : null;
    first.primary.focus();
    return true;
  }

  /**
   * Tell that a reply with a suggestion in it went out.
   * @param {string} suggestionId
   * @param {{textLength?: number, edited?: boolean}} [how]
   */
  sent(suggestionId, how = {}) {
    const more = how.textLength === undefined ? {} : { text_length: how.textLength };
    if (how.edited) this.feedback_.add("edited", suggestionId, more);
    this.feedback_.add("sent", suggestionId, more);
  }

  // ------------------------------------------------------------------------------------------ asking

  #wishes() {
    const kinds = (this.getAttribute("kinds") ?? "").split(/[\s,]+/).filter((kind) => KINDS.includes(/** @type {any} */ (kind)));
    const limit = Math.min(MAX_LIMIT, Math.max(1, Number.parseInt(this.getAttribute("limit") ?? "3", 10) || 3));
    return { kinds: /** @type {Kind[]} */ (kinds.length > 0 ? kinds : [...KINDS]), limit };
  }

  #language() {
    const code = this.getAttribute("language") || this.closest("[lang]")?.getAttribute("lang") || navigator.language;
    return /^en\b/i.test(code) ? "en" : "de";
  }

  get #words() {
    return WORDS[this.#language()];
  }

  #openCase() {
    const given = this.#case ?? {};
    const messages = [...(given.messages ?? [])];
    const note = this.getAttribute("mode") === "phone" ? this.#note.trim() : "";
    if (note.split(/\s+/).filter(Boolean).length >= NOTE_WORDS) messages.push({ role: "customer", text: note });
    const open = { ...given };
    if (messages.length > 0) open.messages = messages.slice(-MAX_MESSAGES);
    if (this.getAttribute("mode") === "phone") open.channel ??= "phone";
    if (this.#done.length > 0) open.actions_done = [...(given.actions_done ?? []), ...this.#done];
    return open;
  }

  #body() {
    const { kinds, limit } = this.#wishes();
    const more = (kind) => [...this.#hidden].filter((key) => key.startsWith(`${kind}/`)).length;
    const limits = Object.fromEntries(kinds.map((kind) => [kind, Math.min(MAX_LIMIT, limit + more(kind))]));
    const context = this.#context ? { context: this.#context } : {};
    return { case: this.#openCase(), ...context, kinds, limit: limits, language: this.#language() };
  }

  #schedule(ms) {
    clearTimeout(this.#debounce);
    if (this.#parts) this.#debounce = setTimeout(() => this.#ask(), ms);
  }

  #stop() {
    clearTimeout(this.#debounce);
    clearTimeout(this.#retry);
    this.#request?.abort();
    this.#request = null;
  }

  async #ask() {
    const body = this.#body();
    if (!saysSomething(body.case)) {
      this.#stop();
      this.#forget();
      this.#paint();
      return;
    }
    const asked = JSON.stringify(body);
    if (asked === this.#asked) return;
    this.#stop();
    this.#asked = asked;
    this.#sequence += 1;
    await this.#fetch(body, this.#sequence);
  }

  async #fetch(body, sequence) {
    const request = new AbortController();
    this.#request = request;
    const slow = setTimeout(() => this.#notice(this.#answer ? "slow" : "slowEmpty", "warn"), SLOW_MS);
    const late = setTimeout(() => request.abort(), GIVE_UP_MS);
    this.#setLoading(true);
    try {
      const answer = await this.service_.ask("POST", "/v1/suggest", body, { signal: request.signal });
      if (sequence === this.#sequence) this.#onAnswer(answer);
    } catch (error) {
      // A request that a newer one replaced has been aborted, and its end concerns nobody.
      if (sequence === this.#sequence && this.#request === request) {
        this.#onTrouble(error instanceof ServiceError ? error : new ServiceError(0, "no answer in time"));
      }
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
      if (sequence === this.#sequence) this.#setLoading(false);
    }
  }

  #onAnswer(answer) {
    this.#failures = 0;
    this.#answer = answer;
    this.#request = null;
    this.#notice(null);
    this.#paint();
    this.#emit("suggestions", { suggestions: copyOf(answer) }, false);
  }

  /** @param {ServiceError} error */
  #onTrouble(error) {
    this.#request = null;
    this.#asked = "";
    this.#failures += 1;
    if (error.passes) {
      const seconds = waitS(this.#failures, error.retryAfterS);
      const words = `${error.status === 0 || error.status === 500 ? "away" : "busy"}${this.#answer ? "Kept" : ""}`;
      this.#retryAt = Date.now() + seconds * 1000;
      this.#retry = setTimeout(() => this.#ask(), seconds * 1000);
      this.#notice(words, "warn", { s: seconds });
      this.#report(error, seconds);
      return;
    }
    this.#notice(error.status === 401 ? "signedOut" : "refused", "error", { detail: error.message });
    this.#report(error, null);
  }

  /** @param {ServiceError} error @param {number|null} retryInS */
  #report(error, retryInS) {
    this.#emit("error", { status: error.status, detail: error.message, retryInS }, false);
  }

  #onOnline = () => {
    if (this.#retryAt > Date.now()) this.refresh();
  };

  #onLeave = () => this.feedback_.leave();

  /** Another case: nothing of the one before may be shown, inserted or remembered. */
  #forget() {
    this.#stop();
    this.#epoch += 1;
    this.#sequence += 1;
    this.#answer = null;
    this.#asked = "";
    this.#failures = 0;
    this.#counted = "";
    this.#hidden.clear();
    this.#busy.clear();
    this.#done = [];
    this.#notice(null);
    this.#say("");
    this.#setLoading(false);
    this.#paint();
  }

  // ------------------------------------------------------------------------------------------ showing

  #build() {
    const words = this.#words;
    const language = this.#language();
    const parts = {
      notice: el("div", { class: "notice", role: "status" }),
      said: el("div", { class: "said", role: "status" }),
      counted: el("p", { class: "unseen", "aria-live": "polite" }),
      kinds: el("div", { class: "kinds" }),
      note: null,
    };
    const help = words.help.map(([key, what]) => el("li", {}, el("kbd", { text: key }), what));
    const panel = el(
      "section",
      { class: "panel", lang: language, "aria-label": words.panel },
      this.#noteField(parts),
      parts.notice,
      parts.said,
      parts.counted,
      parts.kinds,
      el("ul", { class: "help", role: "list", "aria-label": words.helpLabel }, ...help),
    );
    this.#views.clear();
    this.#parts = { ...parts, panel, language, words };
    this.shadowRoot.replaceChildren(panel);
    this.#paint();
  }

  #noteField(parts) {
    if (this.getAttribute("mode") !== "phone") return null;
    const words = this.#words;
    const write = () => {
      this.note = parts.note.value;
      this.#emit("note", { note: this.#note }, false);
    };
    parts.note = el("textarea", { id: "note", rows: 3, "aria-describedby": "note-hint", on: { input: write } });
    parts.note.value = this.#note;
    const label = el("label", { for: "note", text: words.note });
    return el("div", { class: "note" }, label, parts.note, el("span", { id: "note-hint", text: words.noteHint }));
  }

  #setLoading(loading) {
    this.#parts?.panel.classList.toggle("loading", loading);
    if (loading && !this.#answer) this.#paint();
  }

  /** @param {string|null} word @param {string} [look] @param {Record<string, any>} [values] */
  #notice(word, look = "", values = {}) {
    if (!this.#parts) return;
    const { notice, words, kinds } = this.#parts;
    notice.className = `notice ${look}`;
    notice.replaceChildren();
    kinds.classList.toggle("stale", word !== null && this.#answer !== null);
    if (word === null) return;
    notice.append(fill(words[word], values));
    if (values.s) notice.append(el("button", { type: "button", text: words.again, on: { click: () => this.refresh() } }));
  }

  /** @param {string} text @param {string} [look] */
  #say(text, look = "") {
    if (!this.#parts) return;
    this.#parts.said.className = `said ${look}`;
    this.#parts.said.textContent = text;
  }

  #paint() {
    if (!this.#parts) return;
    const focused = this.#focusedView();
    const before = this.#order();
    if (this.#answer) this.#paintAnswer();
    else this.#paintEmpty();
    this.#dropUnused();
    this.#keepFocus(focused, before);
    this.#announce();
  }

  #paintEmpty() {
    const { words, kinds } = this.#parts;
    const text = this.#request ? words.loading : words.idle;
    this.#views.clear();
    kinds.replaceChildren(el("p", { class: "idle", text }));
  }

  #paintAnswer() {
    const { kinds } = this.#parts;
    const wanted = this.#wishes().kinds;
    const sections = wanted.map((kind, place) => this.#section(kind, place === 0));
    const same = kinds.children.length === sections.length && sections.every((each, at) => kinds.children[at] === each);
    if (!same) kinds.replaceChildren(...sections);
  }

  /** @param {Kind} kind */
  #section(kind, first) {
    const { words, kinds } = this.#parts;
    let section = [...kinds.children].find((each) => /** @type {HTMLElement} */ (each).dataset.kind === kind);
    if (!section) {
      const id = newKey();
      section = el("section", { "data-kind": kind, "aria-labelledby": id }, el("h2", { id, text: words.kinds[kind] }));
    }
    const views = this.#itemsOf(kind).map((item, place) => this.#view(kind, item, place + 1));
    const kept = section.querySelector("ul.list");
    if (views.length === 0) {
      section.replaceChildren(section.firstElementChild, el("p", { class: "nothing", text: words.nothing }));
      return section;
    }
    const list = kept ?? el("ul", { class: "list", role: "list" });
    const nodes = views.map((view) => view.node);
    if (nodes.length !== list.children.length || nodes.some((node, at) => list.children[at] !== node)) list.replaceChildren(...nodes);
    nodes.forEach((node, at) => node.classList.toggle("first", first && at === 0));
    if (!kept) section.replaceChildren(section.firstElementChild, list);
    return section;
  }

  /** @param {Kind} kind @returns {Item[]} */
  #itemsOf(kind) {
    const items = this.#answer?.[kind] ?? [];
    return items.filter((item) => !this.#hidden.has(`${kind}/${item.id}`)).slice(0, Math.max(this.#wishes().limit, items.length - this.#hidden.size));
  }

  /** @param {Kind} kind @param {Item} item @param {number} place */
  #view(kind, item, place) {
    const key = `${kind}/${item.id}`;
    let view = this.#views.get(key);
    if (!view) {
      const { words, language } = this.#parts;
      view = new ItemView(kind, words, language, (act, on, reason) => this.#act(act, on, reason));
      view.key = key;
      this.#views.set(key, view);
      view.update(item, place);
      if (kind === "actions" && place === 1 && item.steps?.length) view.showMore();
      this.#observer?.observe(view.node);
      return view;
    }
    const told = view.item.suggestion_id;
    view.update(item, place);
    // It is in sight already, and the observer only tells what changes.
    if (told !== item.suggestion_id && view.seen) this.#tellShown(view);
    return view;
  }

  #dropUnused() {
    const used = new Set(this.#order());
    for (const [key, view] of this.#views) {
      if (!used.has(view)) {
        this.#observer?.unobserve(view.node);
        this.#views.delete(key);
      }
    }
  }

  #announce() {
    const { words, counted } = this.#parts;
    if (!this.#answer) return;
    const counts = this.#wishes().kinds.map((kind) => [kind, this.#itemsOf(kind).length]).filter(([, n]) => n > 0);
    const told = counts.map(([kind, n]) => fill(words.counted[kind][n === 1 ? 0 : 1], { n })).join(", ") || words.none;
    if (told !== this.#counted) counted.textContent = told;
    this.#counted = told;
  }

  /** All views in the order in which they are shown. @returns {ItemView[]} */
  #order() {
    const byNode = new Map([...this.#views.values()].map((view) => [view.node, view]));
    const nodes = [...(this.#parts?.kinds.querySelectorAll("li.item") ?? [])];
    return nodes.map((node) => byNode.get(node)).filter(Boolean);
  }

  // ------------------------------------------------------------------------------------------ what is seen

  /** @param {IntersectionObserverEntry[]} entries */
  #onSeen(entries) {
    for (const entry of entries) {
      const view = [...this.#views.values()].find((each) => each.node === entry.target);
      if (!view) continue;
      view.seen = entry.isIntersecting;
      if (view.seen) this.#tellShown(view);
    }
  }

  /** @param {ItemView} view */
  #tellShown(view) {
    const id = view.item.suggestion_id;
    if (!id || this.#shown.has(id)) return;
    if (this.#shown.size >= REMEMBERED) this.#shown.delete(this.#shown.values().next().value);
    this.#shown.add(id);
    this.#tell("shown", view);
  }

  /** @param {string} event @param {ItemView} view @param {Record<string, any>} [more] */
  #tell(event, view, more = {}) {
    const place = view.place !== view.item.rank ? { position: view.place } : {};
    if (view.item.suggestion_id) this.feedback_.add(event, view.item.suggestion_id, { ...place, ...more });
  }

  // ------------------------------------------------------------------------------------------ focus and keys

  #focusedView() {
    const node = this.shadowRoot.activeElement?.closest("li.item");
    return node ? [...this.#views.values()].find((view) => view.node === node) ?? null : null;
  }

  /** @param {ItemView|null} focused @param {ItemView[]} before */
  #keepFocus(focused, before) {
    const order = this.#order();
    if (focused && !order.includes(focused)) {
      const next = order[Math.min(before.indexOf(focused), order.length - 1)];
      if (next) next.primary.focus();
      else this.#leave();
    } else if (focused && !focused.node.contains(this.shadowRoot.activeElement)) {
      focused.primary.focus(); // a list whose order changed has lost the focus
    }
    this.#activate(order.find((view) => view.key === this.#active) ?? order[0]);
  }

  /** @param {ItemView|undefined} active */
  #activate(active) {
    this.#active = active?.key ?? "";
    for (const view of this.#views.values()) view.setActive(view === active);
  }

  #onFocus(event) {
    const view = this.#focusedView();
    if (view && view.key !== this.#active) this.#activate(view);
    const from = event.relatedTarget;
    if (from instanceof HTMLElement && !this.shadowRoot.contains(from) && from !== this) this.#returnTo = from;
  }

  #leave() {
    const back = this.#returnTo;
    this.#returnTo = null;
    if (back?.isConnected) back.focus();
    else if (this.shadowRoot.activeElement instanceof HTMLElement) this.shadowRoot.activeElement.blur();
    this.#emit("leave", {}, false);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const handled = event.key === "Escape" ? this.#onEscape() : !target.closest("textarea") && this.#onPlainKey(event.key, target);
    if (handled) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  #onPlainKey(key, target) {
    const menu = target.closest(".menu");
    if (menu) return this.#onMenuKey(key, menu, target);
    const view = this.#focusedView();
    if (/^[1-9]$/.test(key)) return this.#insertReply(Number(key));
    if (!view) return false;
    if (key in MOVES) return this.#move(view, key);
    if (key === "Enter" && target instanceof HTMLInputElement) return this.#act(/** @type {Act} */ (MAIN[view.kind]), view);
    const act = KEYS[key.toLowerCase()];
    return act !== undefined && [MAIN[view.kind], ...OTHERS[view.kind], "dismiss"].includes(act) && this.#act(act, view);
  }

  #onMenuKey(key, menu, target) {
    const buttons = [...menu.querySelectorAll("button")];
    const step = MOVES[key];
    if (step === undefined) return false;
    const at = buttons.indexOf(target);
    buttons[Number.isFinite(step) ? (at + step + buttons.length) % buttons.length : step < 0 ? 0 : buttons.length - 1].focus();
    return true;
  }

  /** @param {ItemView} view @param {string} key */
  #move(view, key) {
    const order = this.#order();
    const place = Math.min(order.length - 1, Math.max(0, order.indexOf(view) + MOVES[key]));
    order[place].primary.focus();
    return true;
  }

  #onEscape() {
    const view = this.#focusedView();
    if (view && !view.menu.hidden) {
      view.showMenu(false);
      view.dismiss.focus();
    } else {
      this.#leave();
    }
    return true;
  }

  #insertReply(place) {
    const view = this.#order().filter((each) => each.kind === "templates")[place - 1];
    return view !== undefined && this.#act("insert", view);
  }

  // ------------------------------------------------------------------------------------------ what an agent does

  /** Begin an action on an item; whether it did anything. @param {Act|"close"} act @param {ItemView} view @param {string} [reason] */
  #act(act, view, reason) {
    const does = {
      insert: () => this.#once(view, () => this.#insert(view)),
      copy: () => this.#once(view, () => this.#copy(view)),
      attach: () => this.#once(view, () => this.#attach(view)),
      open: () => this.#once(view, () => this.#open(view)),
      done: () => this.#finish(view),
      dismiss: () => (reason ? this.#dismiss(view, reason) : view.showMenu(view.menu.hidden)),
    };
    does[act]?.();
    return true;
  }

  /** Do something that takes a while, not twice at a time, and only for the case it was begun in. */
  async #once(view, work) {
    if (this.#busy.has(view.key)) return;
    const epoch = this.#epoch;
    this.#busy.add(view.key);
    view.setBusy(true);
    try {
      await work();
    } catch (error) {
      if (epoch === this.#epoch) this.#onActError(view, error);
    } finally {
      view.setBusy(false);
      if (epoch === this.#epoch) this.#busy.delete(view.key);
    }
  }

  #onActError(view, error) {
    const { words } = this.#parts;
    const title = titleOf(view.kind, view.item);
    if (error instanceof DeclinedError) return;
    if (error instanceof NotCopiedError) this.#say(words.notCopied, "warn");
    else if (error instanceof ServiceError && error.status === 404) this.#withdraw(view);
    else this.#say(fill(words.unchecked, { title }), "warn");
    if (error instanceof ServiceError) this.#report(error, null);
  }

  #withdraw(view, only = false) {
    const text = this.#parts.words[only ? "goneOnly" : "gone"];
    this.#say(fill(text, { title: titleOf(view.kind, view.item) }), "warn");
    this.#hidden.add(view.key);
    this.#paint();
    this.#schedule(MESSAGE_DEBOUNCE_MS);
  }

  /**
   * Ask whether an item still holds, and return it as it is now; throws what `#onActError` tells.
   * @param {ItemView} view
   * @returns {Promise<{item: Item, changed: boolean}>}
   */
  async #current(view) {
    const epoch = this.#epoch;
    const signal = AbortSignal.timeout(CHECK_MS);
    const found = await this.#checked(view, signal);
    if (epoch !== this.#epoch) throw new DeclinedError(); // another case is open by now
    if (!found.inForce) throw new ServiceError(404, "withdrawn");
    if (found.changed) this.#replace(view, found.item);
    return found;
  }

  async #checked(view, signal) {
    if (view.kind === "templates") return this.#checkedTemplate(view.item, signal);
    if (view.kind === "articles") return this.#checkedArticle(view.item, signal);
    return { item: view.item, changed: false, inForce: true };
  }

  async #checkedTemplate(item, signal) {
    const path = `/v1/templates/${encodeURIComponent(item.id)}`;
    const { case: open, context, language } = this.#body();
    const body = { case: open, language, ...(context ? { context } : {}) };
    const [rendered, record] = await Promise.all([
      this.service_.ask("POST", `${path}/render`, body, { signal }),
      this.service_.ask("GET", path, undefined, { signal }),
    ]);
    const changed = ["subject", "text", "html"].some((part) => (rendered[part] ?? null) !== (item[part] ?? null));
    return { item: { ...item, ...rendered, name: record.name }, changed, inForce: isInForce(record) };
  }

  async #checkedArticle(item, signal) {
    const article = await this.service_.ask("GET", `/v1/articles/${encodeURIComponent(item.id)}`, undefined, { signal });
    const says = stillSays(item.excerpt, article);
    const changed = !says || article.title !== item.title || (article.url ?? null) !== (item.url ?? null);
    const excerpt = says ? item.excerpt : newExcerpt(item.excerpt, article);
    const { title, url, language } = article;
    return { item: { ...item, title, url, language, excerpt }, changed, inForce: isInForce(article), article };
  }

  #replace(view, item) {
    const items = this.#answer?.[view.kind];
    const place = items?.findIndex((each) => each.id === item.id) ?? -1;
    if (place >= 0) items[place] = item;
    view.update(item, view.place);
    this.#activate([...this.#views.values()].find((each) => each.key === this.#active));
  }

  async #insert(view) {
    if (MAIN[view.kind] !== "insert") return;
    const { item, changed } = await this.#current(view);
    const content = contentOf(view.kind, item);
    if (!this.#emit("insert", { ...this.#detail(view), ...content, subject: item.subject ?? null, changed })) return;
    this.#tell("inserted", view, { text_length: content.text.length });
    const { words } = this.#parts;
    const title = titleOf(view.kind, item);
    const fields = item.missing_fields?.join(", ");
    view.mark(words.used);
    this.#say(fill(changed ? words.changed : fields ? words.insertedMissing : words.inserted, { title, fields }), changed ? "warn" : "");
  }

  async #copy(view) {
    let found;
    const content = this.#current(view).then((current) => {
      found = current;
      const made = contentOf(view.kind, current.item);
      if (!this.#emit("copy", { ...this.#detail(view), ...made })) throw new DeclinedError();
      return made;
    });
    await writeClipboard(content, view.kind !== "similar_cases" && Boolean(view.item.html || view.kind === "articles"), this.shadowRoot);
    this.#tell("copied", view, { text_length: (await content).text.length });
    const words = this.#parts.words[found.changed ? "copiedChanged" : "copied"];
    this.#say(fill(words, { title: titleOf(view.kind, view.item) }), found.changed ? "warn" : "");
  }

  async #attach(view) {
    if (view.kind !== "articles") return;
    const { item } = await this.#current(view);
    if (!this.#emit("attach", { ...this.#detail(view), url: safeUrl(item.url) })) return;
    this.#tell("attached", view);
    this.#say(fill(this.#parts.words.attached, { title: titleOf(view.kind, item) }));
  }

  async #open(view) {
    if (view.isOpen) {
      view.hideMore();
      return;
    }
    const content = view.kind === "articles" ? await this.#article(view) : undefined;
    if (view.kind === "articles" && !content) return;
    const url = safeUrl(view.item.url);
    const shownHere = this.#emit("open", { ...this.#detail(view), url });
    this.#tell("opened", view);
    if (shownHere) view.showMore(content);
    if (view.key === this.#active) view.setActive(true);
  }

  /** @returns {Promise<Node|null>} the whole article, or null when it is gone */
  async #article(view) {
    const found = await this.#checked(view, AbortSignal.timeout(CHECK_MS)).catch((error) => {
      if (error.status !== 404) throw error;
      return null;
    });
    if (!this.#views.has(view.key)) return null;
    if (!found?.inForce) {
      this.#withdraw(view, true);
      return null;
    }
    if (found.changed) this.#replace(view, found.item);
    const url = safeUrl(found.article.url);
    const website = url ? el("p", {}, link(`${this.#parts.words.website} ↗`, url)) : null;
    return el("div", { lang: found.article.language }, articleBody(found.article), website);
  }

  #finish(view) {
    if (!this.#emit("done", { ...this.#detail(view), steps: view.steps })) return;
    this.#tell("executed", view);
    this.#done.push(view.item.id);
    this.#say(fill(this.#parts.words.done, { title: titleOf(view.kind, view.item) }));
    this.#schedule(MESSAGE_DEBOUNCE_MS);
  }

  /** @param {ItemView} view @param {string} reason */
  #dismiss(view, reason) {
    if (!this.#emit("dismiss", { ...this.#detail(view), reason })) return;
    this.#tell("dismissed", view, { reason });
    this.#hidden.add(view.key);
    this.#say(fill(this.#parts.words.hidden, { title: titleOf(view.kind, view.item) }));
    this.#paint();
    this.#schedule(MESSAGE_DEBOUNCE_MS);
  }

  #detail(view) {
    const { kind, item, place } = view;
    return { kind, id: item.id, suggestionId: item.suggestion_id, title: titleOf(kind, item), position: place, item: copyOf(item) };
  }

  /** Dispatch `stichwort-…`; whether the host let it happen. */
  #emit(name, detail, cancelable = true) {
    return this.dispatchEvent(new CustomEvent(`stichwort-${name}`, { detail, bubbles: true, composed: true, cancelable }));
  }
}

const MOVES = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

if (!customElements.get("stichwort-panel")) customElements.define("stichwort-panel", StichwortPanel);
