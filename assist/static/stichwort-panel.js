/**
 * `<stichwort-panel>`: suggestions beside the mail, chat or call that an agent answers.
 *
 * One module without dependencies or build step. How to use it: docs/panel.md. Everything that comes from the service
 * or the host is untrusted here: it reaches the page as text, or through the allow-list of `safeFragment`.
 */

/** @typedef {{role: "customer"|"agent"|"system", text: string, at?: string}} Message */

const KINDS = ["templates", "articles", "actions", "similar_cases"];
const MAIN = { templates: "insert", articles: "insert", actions: "done", similar_cases: "open" };
const OTHERS = {
  templates: ["copy", "open"],
  articles: ["copy", "attach", "open"],
  actions: ["open"],
  similar_cases: ["copy"],
};
const HELP_KEYS = ["↑ ↓", "↵", "1–9", "C", "O", "A", "X", "Esc"];
const KEYS = { c: "copy", a: "attach", o: "open", x: "dismiss" };

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

// --- words

const GERMAN = {
  panel: "Vorschläge zu diesem Fall",
  kinds: { templates: "Antworten", articles: "Artikel", actions: "Nächste Schritte", similar_cases: "Ähnliche Fälle" },
  counted: {
    templates: ["1 Antwort", "{n} Antworten"],
    articles: ["1 Artikel", "{n} Artikel"],
    actions: ["1 nächster Schritt", "{n} nächste Schritte"],
    similar_cases: ["1 ähnlicher Fall", "{n} ähnliche Fälle"],
  },
  acts: { insert: "Einfügen", copy: "Kopieren", attach: "Anhängen", open: "Öffnen", done: "Erledigt", dismiss: "Passt nicht" },
  urgent: "Hinweise auf Eile",
  confidence: ["unsicher", "möglich", "wahrscheinlich", "sehr wahrscheinlich"],
  nothing: "Nichts, was wahrscheinlich hilft",
  none: "Keine Vorschläge",
  idle: "Sobald ein Fall offen ist, stehen hier Vorschläge.",
  loading: "Vorschläge werden gesucht …",
  kept: "Noch immer die Vorschläge von eben.",
  slow: "Der Dienst braucht gerade länger.",
  away: "Der Dienst ist nicht erreichbar.",
  busy: "Der Dienst ist ausgelastet.",
  retry: "Neuer Versuch in {s} s.",
  signedOut: "Die Anmeldung am Vorschlagsdienst ist abgelaufen.",
  refused: "Der Dienst nimmt den Fall nicht an: {detail}",
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
  changed: "Inzwischen geändert, daher mit neuem Text:",
  copied: "„{title}“ kopiert.",
  notCopied: "Der Browser erlaubt das Kopieren hier nicht.",
  attached: "„{title}“ angehängt.",
  done: "„{title}“ als erledigt vermerkt.",
  gone: "„{title}“ wurde gerade zurückgezogen und wird nicht verwendet.",
  unchecked: "„{title}“ ließ sich nicht prüfen (der Dienst antwortet nicht) und wird nicht verwendet.",
  resolution: "Lösung",
  closedAt: "gelöst am {date}",
  steps: "Schritte",
  website: "Im Browser öffnen",
  note: "Gesprächsnotiz",
  noteHint: "Vorschläge erscheinen ab drei Wörtern.",
  used: "eingefügt",
  help: ["wählen", "Hauptaktion", "Antwort einfügen", "kopieren", "öffnen", "anhängen", "passt nicht", "zurück"],
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
  acts: { insert: "Insert", copy: "Copy", attach: "Attach", open: "Open", done: "Done", dismiss: "Does not fit" },
  urgent: "Signs of urgency",
  confidence: ["unsure", "possible", "likely", "very likely"],
  nothing: "Nothing that is likely to help",
  none: "No suggestions",
  idle: "Suggestions appear here as soon as a case is open.",
  loading: "Looking for suggestions …",
  kept: "Still the suggestions from before.",
  slow: "The service is taking longer.",
  away: "The service cannot be reached.",
  busy: "The service is busy.",
  retry: "Next try in {s} s.",
  signedOut: "Your access to the suggestion service has ended.",
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
  changed: "Changed meanwhile, so with its new text:",
  copied: "“{title}” copied.",
  notCopied: "The browser does not allow copying here.",
  attached: "“{title}” attached.",
  done: "“{title}” noted as done.",
  gone: "“{title}” has just been withdrawn and is not used.",
  unchecked: "“{title}” could not be checked (the service does not answer) and is not used.",
  resolution: "Resolution",
  closedAt: "solved on {date}",
  steps: "Steps",
  website: "Open in the browser",
  note: "Call note",
  noteHint: "Suggestions appear from three words on.",
  used: "inserted",
  help: ["choose", "main action", "insert reply", "copy", "open", "attach", "does not fit", "back"],
};

const WORDS = { de: GERMAN, en: ENGLISH };

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** How sure something is, as a share and as a word. */
function sureness(share, words, language) {
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(share);
  return `${percent} · ${words.confidence[[0.35, 0.6, 0.8].filter((bound) => share >= bound).length]}`;
}

// --- nodes

/** Make an element; `text` and `on` (listeners) are no attributes. */
function el(tag, parts = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(parts)) {
    if (name === "text") node.textContent = value;
    else if (name === "on") Object.entries(value).forEach((each) => node.addEventListener(...each));
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

const ICONS = {
  copy: "M5.5 5V2.5h8v8H11M2.5 5.5h8v8h-8z",
  attach: "m13.5 7.5-5.6 5.6a3.2 3.2 0 0 1-4.6-4.6l6-6a2.1 2.1 0 0 1 3 3l-5.7 5.8a1 1 0 0 1-1.5-1.5L10 5",
  open: "m4 6 4 4 4-4",
  dismiss: "m4 4 8 8m0-8-8 8",
};
const newList = () => el("ul", { class: "list", role: "list" });
const button = (parts, ...children) => el("button", { type: "button", ...parts }, ...children);

function icon(name) {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// --- safe HTML

const TAGS = new Set(
  ("abbr b code em i kbd q s small span strong sub sup u blockquote br div h1 h2 h3 h4 h5 h6 hr p pre dd dl dt li ol ul " +
    "caption table tbody td tfoot th thead tr a").split(" "),
);
const DROPPED = new Set("script style iframe object noscript svg math template title head textarea select".split(" "));
const ATTRIBUTES = {
  a: ["title"], abbr: ["title"], ol: ["start"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan", "scope"],
};
const LINKS = /^(?:https?:\/\/|mailto:|tel:)/i;
const MAX_DEPTH = 100;

/** The address if a page may lead there, else null. */
function safeUrl(address) {
  const url = (address ?? "").trim();
  return LINKS.test(url) && !/[\u0000-\u0020]/.test(url) ? url : null;
}

/** HTML as nodes, with only those tags, attributes and links that corpus/safe_html.py allows. */
export function safeFragment(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  copySafely(parsed.body, fragment, 0);
  return fragment;
}

function copySafely(from, to, depth) {
  if (depth > MAX_DEPTH) return;
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.append(child.nodeValue);
    else if (child.nodeType === Node.ELEMENT_NODE) copyElement(child, to, depth);
  }
}

function copyElement(element, to, depth) {
  const tag = element.localName.toLowerCase();
  if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || DROPPED.has(tag)) return;
  const copy = TAGS.has(tag) ? document.createElement(tag) : document.createDocumentFragment();
  for (const name of ATTRIBUTES[tag] ?? []) {
    if (element.hasAttribute(name)) copy.setAttribute(name, element.getAttribute(name));
  }
  if (tag === "a") makeLink(copy, element.getAttribute("href"));
  copySafely(element, copy, depth + 1);
  to.appendChild(copy);
}

function makeLink(anchor, address) {
  const href = safeUrl(address);
  if (href) Object.assign(anchor, { href, rel: "noopener noreferrer", target: "_blank" });
}

function link(label, address) {
  const anchor = el("a", { text: label });
  makeLink(anchor, address);
  return anchor.href ? anchor : document.createTextNode(label);
}

function serialise(content) {
  return el("div", {}, content).innerHTML;
}

// --- Markdown

const INLINE =
  /(`+)(.+?)\1|(\*\*|__)(.+?)\3|(\*|\b_)(.+?)(?:\*|_\b)|!?\[([^\]]*)\]\(<?([^)\s>]*)>?[^)]*\)|<((?:https?|mailto|tel):[^\s<>]*)>|\\([!-/:-@[-`{-~])/;

function inline(text) {
  const nodes = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    nodes.push(rest.slice(0, found.index), inlineNode(found));
    rest = rest.slice(found.index + found[0].length);
  }
  return [...nodes, rest];
}

function inlineNode(found) {
  const [whole, , code, , strong, , em, label, address, bare, escaped] = found;
  if (code) return el("code", { text: code });
  if (strong) return el("strong", {}, ...inline(strong));
  if (em) return el("em", {}, ...inline(em));
  if (label !== undefined) return whole.startsWith("!") ? label : link(label.replace(/[*`_]/g, ""), address);
  return bare ? link(bare, bare) : escaped;
}

const BULLET = /^\s*[-*+]\s+/;
const ORDERED = /^\s*(\d{1,9})[.)]\s+/;

/** Markdown as nodes: headings, lists, code, tables, paragraphs; HTML in it stays text. */
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

function block(lines, at) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  const fence = /^\s*```+/.exec(line);
  if (fence) return fenced(lines, at, fence[0].trim());
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading) return [el(`h${heading[1].length}`, {}, ...inline(heading[2])), at + 1];
  if (BULLET.test(line) || ORDERED.test(line)) return list(lines, at);
  if (line.includes("|") && /^\s*\|?\s*:?-+:?\s*(?:\||$)/.test(lines[at + 1] ?? "")) return table(lines, at);
  return paragraph(lines, at);
}

function fenced(lines, at, mark) {
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end += 1;
  return [el("pre", {}, el("code", { text: lines.slice(at + 1, end).join("\n") })), end + 1];
}

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

function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && !/^(?:#{1,6}\s|\s*```)/.test(lines[end])) {
    if (BULLET.test(lines[end]) || ORDERED.test(lines[end])) break;
    end += 1;
  }
  return [el("p", {}, ...inline(lines.slice(at, end).map((line) => line.replace(/^[\s>]+/, "").trimEnd()).join(" "))), end];
}

function articleBody(article) {
  const readers = { html: safeFragment, markdown: markdownFragment };
  return readers[article.format]?.(article.body) ?? el("div", { class: "text", text: article.body });
}

// --- is it current?

function isInForce({ status = "published", valid_from: from, valid_until: until }) {
  const now = Date.now();
  return status === "published" && (!from || Date.parse(from) <= now) && (!until || Date.parse(until) > now);
}

/** Letters and digits: what every conversion to text keeps. */
const squashed = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

const withoutNumbers = (text) => text.replace(/^\s*\d+[.)]\s/gm, "");

function bareText(article) {
  if (article.format === "html") return safeFragment(article.body).textContent ?? "";
  if (article.format !== "markdown") return article.body;
  return article.body
    .replace(/<((?:https?|mailto|tel):[^\s<>]*)>/g, "$1")
    .replace(/\]\([^)]*\)/g, "]")
    .replace(/<[^<>]*>/g, "");
}

/** Whether every sentence of an excerpt still stands in the article. */
export function stillSays(excerpt, article) {
  const body = squashed(withoutNumbers(`${article.summary ?? ""}\n${bareText(article)}`));
  const sentences = withoutNumbers(excerpt).split(/…|(?<=[.!?:;])\s+|\n|\s\|\s/);
  return sentences.every((sentence) => body.includes(squashed(sentence)));
}

/** The paragraph that shares most words with an excerpt. */
function newExcerpt(excerpt, article) {
  const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  const words = new Set(wordsOf(excerpt));
  const shared = (text) => wordsOf(text).filter((word) => words.has(word)).length;
  const box = el("div", {}, articleBody(article));
  const blocks = [...box.querySelectorAll("p, li, td, div.text")].map((node) => node.textContent.trim());
  const [best] = [...blocks, article.title].sort((one, other) => shared(other) - shared(one));
  return best.length > 600 ? `${best.slice(0, 600)} …` : best;
}

// --- service

/** What the service refused; status 0: it could not be asked. */
class ServiceError extends Error {
  constructor(status, detail, retryAfterS = null, errors = []) {
    super(detail);
    Object.assign(this, { status, retryAfterS, errors });
  }

  /** Whether the same request may succeed later. */
  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

class Service {
  constructor(where) {
    this.where = where;
  }

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

async function refusal(reply) {
  const problem = await reply.json().catch(() => ({}));
  const [first] = problem.errors ?? [];
  const detail = first ? `${first.pointer} ${first.detail}` : problem.detail ?? reply.statusText;
  return new ServiceError(reply.status, detail, Number.parseInt(reply.headers.get("Retry-After"), 10) || null, problem.errors);
}

/** Seconds to wait before the next try. */
function waitS(failures, retryAfterS) {
  const backoff = Math.min(RETRY_LAST_S, RETRY_FIRST_S * 2 ** Math.max(0, failures - 1));
  return Math.max(retryAfterS ?? 0, Math.ceil(backoff * (0.75 + Math.random() / 4)));
}

/** A random UUID, also where the page is not a secure context. */
function newKey() {
  const random = () => crypto.getRandomValues(new Uint8Array(1))[0] & 15;
  return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => random().toString(16));
}

/** Tells the service what the agent did: in batches, until it is taken. */
class FeedbackQueue {
  #waiting = [];
  #timer = 0;
  #sending = false;
  #failures = 0;
  constructor(service, onRefused) {
    Object.assign(this, { service, onRefused });
  }

  add(event, suggestionId, more = {}) {
    this.#waiting.push({ key: newKey(), suggestion_id: suggestionId, event, at: new Date().toISOString(), ...more });
    const least = this.#waiting.findIndex((each) => each.event === "shown");
    if (this.#waiting.length > FEEDBACK_WAITING) this.#waiting.splice(Math.max(0, least), 1);
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

  /** Send everything: the page goes. What arrives twice counts once. */
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
      // What is refused must not hold up the rest of a body; after 401 all waits for a token.
      this.#settle(refusedEvents(batch, error));
      this.#failures = 0;
      this.onRefused(error);
    }
  }

  #schedule(ms) {
    if (!this.#timer) this.#timer = setTimeout(() => this.flush(), ms);
  }
}

function refusedEvents(batch, error) {
  const places = error.errors.map((each) => /^\/events\/(\d+)/.exec(each.pointer)?.[1]);
  const refused = batch.filter((_, place) => places.includes(String(place)));
  return refused.length > 0 ? refused : batch;
}

// --- clipboard

/** Copy what is still being fetched: in some browsers copying has to begin with the key press. */
async function writeClipboard(content, rich, root) {
  try {
    const as = (type, value) => [type, content.then((found) => new Blob([value(found) ?? ""], { type }))];
    const parts = [as("text/plain", (found) => found.text), ...(rich ? [as("text/html", (found) => found.html)] : [])];
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(parts))]);
  } catch {
    copyByHand((await content).text, root);
  }
}

function copyByHand(text, root) {
  const before = root.activeElement;
  const area = el("textarea", { class: "unseen", "aria-hidden": "true", tabindex: -1 });
  area.value = text;
  root.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  before?.focus?.();
  if (!copied) throw new Stopped("notCopied");
}

/** What an agent began ends, through no fault of the service. */
class Stopped extends Error {}

// --- one item

function titleOf(kind, item) {
  if (kind === "articles") return String(item.title);
  return String(kind === "similar_cases" ? item.subject || item.excerpt || item.id : item.name);
}

function previewOf(kind, item) {
  const previews = { articles: item.excerpt, templates: item.text, actions: item.description };
  return previews[kind] ?? (item.resolution || item.excerpt);
}

function contentOf(kind, item) {
  if (kind === "templates") return { text: item.text, html: item.html ? serialise(safeFragment(item.html)) : null };
  if (kind === "similar_cases") return { text: item.resolution || item.excerpt, html: null };
  const url = safeUrl(item.url);
  const html = serialise(el("div", {}, el("p", { text: item.excerpt }), el("p", {}, link(item.title, url))));
  return { text: `${item.excerpt}\n\n${item.title}${url ? `: ${url}` : ""}`, html };
}

/** One item; it lives as long as it is shown, so that focus and ticked steps stay. */
class ItemView {
  #told = "";
  #dirty = true;

  constructor(kind, words, language, act) {
    Object.assign(this, { kind, words, language, act, ticked: new Set(), seen: false });
    this.node = el("li", { class: `item ${kind}` });
    this.node.view = this;
    this.number = el("kbd", { class: "number", "aria-hidden": "true" });
    this.heading = el("h3");
    this.details = el("div", { id: newKey() });
    this.more = el("div", { class: "more", hidden: "" });
    this.buttons = [MAIN[kind], ...OTHERS[kind], "dismiss"].map((each) => this.#button(each));
    this.primary = this.buttons[0];
    this.dismiss = this.buttons.at(-1);
    this.dismiss.setAttribute("aria-expanded", "false");
    this.menu = el("div", { class: "menu", role: "group", hidden: "" }, el("p"), ...Object.entries(words.reasons).map(([code, text]) =>
      button({ "data-reason": code, text, on: { click: () => act("dismiss", this, code) } }),
    ));
    const head = el("div", { class: "head" }, this.number, this.heading);
    this.node.append(head, this.details, this.more, el("div", { class: "buttons" }, ...this.buttons), this.menu);
  }

  #button(act) {
    const main = act === MAIN[this.kind];
    const label = this.words.acts[act];
    const parts = { class: main ? "primary" : "icon", "data-act": act, title: main ? null : label };
    return button({ ...parts, on: { click: () => this.act(act, this) } }, main ? label : icon(act));
  }

  /** Show an item at a place (from 1). */
  update(item, place) {
    Object.assign(this, { item, place });
    this.number.textContent = String(place);
    this.number.hidden = this.kind !== "templates" || place > 9;
    const told = JSON.stringify(item);
    if (told === this.#told) return;
    this.#told = told;
    this.#dirty = true;
    const title = titleOf(this.kind, item);
    this.title = title;
    this.heading.textContent = title;
    this.heading.lang = item.language ?? "";
    this.details.replaceChildren(this.#sure(item), ...this.#lines(item));
    this.menu.firstElementChild.textContent = fill(this.words.why, { title });
    this.menu.setAttribute("aria-label", this.menu.firstElementChild.textContent);
    for (const each of this.buttons) each.setAttribute("aria-label", `${this.words.acts[each.dataset.act]}: ${title}`);
    this.primary.setAttribute("aria-describedby", this.details.id);
    if (!this.more.hidden) this.open();
  }

  #sure(item) {
    const share = Number(item.confidence) || 0;
    const bar = el("span", { class: "bar", "aria-hidden": "true" }, el("span"));
    bar.firstElementChild.style.width = `${Math.round(share * 100)}%`;
    return el("p", { class: "sure" }, bar, sureness(share, this.words, this.language));
  }

  #lines(item) {
    const { words, kind } = this;
    const line = (look, text) => (text ? el("p", { class: look, text, lang: look === "preview" ? item.language : null }) : null);
    const date = item.closed_at && new Intl.DateTimeFormat(this.language, { dateStyle: "medium" }).format(new Date(item.closed_at));
    const fields = (text, names) => (names?.length ? fill(text, { fields: names.join(", ") }) : null);
    const warnings = [fields(words.missing, item.missing_fields), fields(words.unknown, item.unknown_fields), ...(item.warnings ?? [])];
    return [
      line("preview", previewOf(kind, item)),
      line("reason", [...(item.reasons ?? []).map((each) => each.text), date && fill(words.closedAt, { date })].filter(Boolean).join(" · ")),
      ...warnings.map((text) => line("warning", text)),
    ].filter(Boolean);
  }

  /** Show the whole item, or what an article says once it was fetched. */
  open(content) {
    if (content || this.#dirty) this.more.replaceChildren(content ?? this.#whole());
    // Whatever its outline, it stands below a heading of ours.
    for (const each of this.more.querySelectorAll("h1, h2, h3, h5, h6")) {
      each.replaceWith(el("h4", {}, ...each.childNodes));
    }
    this.#dirty = false;
    this.setOpen(true);
  }

  setOpen(open) {
    this.more.hidden = !open;
    this.node.classList.toggle("opened", open);
    this.buttons.find((each) => each.dataset.act === "open").setAttribute("aria-expanded", String(open));
  }

  #whole() {
    const { item, words } = this;
    const text = (value) => el("p", { class: "text", text: value });
    if (this.kind === "actions") return this.#steps(item.steps ?? []);
    if (this.kind === "similar_cases") {
      return el("div", {}, text(item.excerpt), item.resolution ? text(`${words.resolution}: ${item.resolution}`) : null);
    }
    const subject = item.subject ? el("p", {}, el("strong", { text: item.subject })) : null;
    return el("div", { lang: item.language }, subject, item.html ? safeFragment(item.html) : text(item.text ?? item.excerpt));
  }

  #steps(steps) {
    const rows = steps.map((step, place) => {
      const id = newKey();
      const box = el("input", { type: "checkbox", id, on: { change: () => this.ticked[box.checked ? "add" : "delete"](place) } });
      box.checked = this.ticked.has(place);
      const way = link("↗", step.url);
      way.setAttribute?.("aria-label", `${this.words.website}: ${step.text}`);
      return el("li", {}, box, el("label", { for: id, text: step.text }), way.setAttribute ? way : null);
    });
    return el("ul", { class: "steps", role: "list", "aria-label": this.words.steps }, ...rows);
  }

  /** What an agent ticked off, step by step. */
  get steps() {
    return (this.item.steps ?? []).map((step, place) => ({ text: step.text, done: this.ticked.has(place) }));
  }

  showMenu(open) {
    this.menu.hidden = !open;
    this.dismiss.setAttribute("aria-expanded", String(open));
    if (open) this.menu.querySelector("button").focus();
  }

  /** Tab reaches the buttons of one item only; arrows lead to the others. */
  setActive(active) {
    for (const each of [...this.buttons, ...this.more.querySelectorAll("a, input")]) each.tabIndex = active ? 0 : -1;
  }

  mark() {
    if (!this.heading.lastElementChild) this.heading.append(" ", el("span", { class: "used", text: `✓ ${this.words.used}` }));
  }
}

// --- look

const SHEET = `
:host {
  --bg: var(--stichwort-background, light-dark(#fff, #171b21));
  --text: var(--stichwort-text, light-dark(#1a222d, #e7ebf1));
  --muted: var(--stichwort-muted, light-dark(#525d6b, #a9b3c1));
  --line: light-dark(#dde3ea, #323b47);
  --rule: 1px solid var(--line);
  --soft: light-dark(#f4f6f9, #1f252d);
  --accent: var(--stichwort-accent, light-dark(#0b5cad, #86bdff));
  --on-accent: var(--stichwort-on-accent, light-dark(#fff, #0c1726));
  --warn: light-dark(#7a4300, #ffcf8a);
  --warn-bg: light-dark(#fff5e2, #35290f);
  --error: light-dark(#9c1420, #ffb7b3);
  --error-bg: light-dark(#fdeeee, #3b1c1e);
  color-scheme: light dark;
  container-type: inline-size;
  display: block;
  background: var(--bg);
  color: var(--text);
  font: var(--stichwort-font, 14px/1.45 system-ui, sans-serif);
  text-align: start;
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]) { display: none; }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, ul { margin: 0; padding: 0; }
:is(.item, .more, .menu, .status, button, textarea) { border-radius: 4px; }
.panel { padding: 10px 12px 8px; overflow-wrap: anywhere; }
.kinds { display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); }
@container (min-width: 720px) { .kinds { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 18px 24px; align-items: start; } }
h2 { font-size: 12px; font-weight: 600; color: var(--muted); letter-spacing: .02em; padding-bottom: 5px; border-bottom: var(--rule); }
.nothing, .idle { color: var(--muted); padding: 7px 0 0; }
.list { list-style: none; }
.item { position: relative; padding: 9px 8px 8px; border-bottom: var(--rule); }
.item:last-child { border-bottom-color: transparent; }
.item:focus-within { background: var(--soft); box-shadow: inset 3px 0 0 var(--accent); }
.item[aria-busy="true"] { cursor: progress; }
.stale .item { border-inline-start: 3px dotted var(--muted); }
.head { display: flex; gap: 7px; align-items: baseline; }
h3 { font-size: 14px; font-weight: 600; line-height: 1.35; min-width: 0; }
.used { font-size: 12px; font-weight: 400; color: var(--muted); }
.number, .help kbd { font: 600 11px/1 ui-monospace, Consolas, monospace; border: var(--rule); border-radius: 3px; padding: 2px 4px; color: var(--muted); background: var(--bg); flex: none; }
.preview, .similar_cases h3 { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.opened:not(.actions) .preview { display: none; }
.reason, .note span { color: var(--muted); font-size: 12.5px; margin-top: 2px; }
.warning { color: var(--warn); background: var(--warn-bg); border-radius: 3px; font-size: 12.5px; margin-top: 4px; padding: 2px 7px; width: fit-content; max-width: 100%; }
.warning::before { content: "⚠ "; content: "⚠ " / ""; }
.more { margin: 6px 0 2px; padding: 8px 10px; border: var(--rule); background: var(--bg); }
.text { white-space: pre-wrap; }
.more h4 { font-size: 14px; margin: .7em 0 .2em; }
.more :is(ul, ol):not(.steps) { padding-inline-start: 1.4em; margin: .4em 0; }
.more :is(pre, table) { max-width: 100%; overflow-x: auto; }
.more table { border-collapse: collapse; display: block; }
.more :is(td, th) { border: var(--rule); padding: 2px 6px; text-align: start; vertical-align: top; }
.more p { margin: .4em 0; }
.steps { list-style: none; }
.steps li { display: flex; gap: 8px; align-items: baseline; padding: 2px 0; }
.steps input { flex: none; width: 15px; height: 15px; margin: 0; transform: translateY(2px); accent-color: var(--accent); }
a { color: var(--accent); }
.buttons { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; margin-top: 6px; }
button { font: inherit; font-size: 13px; line-height: 1.3; color: var(--text); background: transparent; border: 1px solid transparent; cursor: pointer; min-height: 28px; }
.primary { padding: 3px 11px; border-color: var(--accent); color: var(--accent); font-weight: 600; }
.first .primary { background: var(--accent); color: var(--on-accent); }
.icon { width: 30px; padding: 0; display: inline-grid; place-items: center; color: var(--muted); }
.icon svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; }
.opened .icon[data-act="open"] svg { transform: rotate(180deg); }
button:hover { border-color: currentColor; }
:is(button, a, input, textarea):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.sure { display: flex; align-items: center; gap: 7px; color: var(--muted); font-size: 12.5px; font-variant-numeric: tabular-nums; margin: 1px 0 2px; }
.bar { width: 44px; height: 5px; border-radius: 3px; background: var(--line); overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--accent); }
.menu { display: flex; flex-wrap: wrap; gap: 5px; margin-top: 7px; padding: 8px; border: var(--rule); background: var(--bg); }
.menu p { flex-basis: 100%; }
.menu button { border-color: var(--line); padding: 3px 9px; }
.status:not(:empty) { font-size: 13px; padding: 5px 9px; margin-bottom: 9px; background: var(--soft); }
.status.warn { background: var(--warn-bg); color: var(--warn); }
.status.error { background: var(--error-bg); color: var(--error); }
.status button { margin-inline-start: 6px; padding: 1px 9px; border-color: currentColor; color: inherit; }
.urgent:not(:empty) { border-inline-start: 3px solid var(--warn); color: var(--warn); font-size: 12.5px; margin-bottom: 9px; padding-inline-start: 7px; }
.note { display: grid; gap: 4px; margin-bottom: 12px; }
.note label { font-weight: 600; }
.note textarea { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--muted); padding: 6px 8px; min-height: 5.2em; width: 100%; resize: vertical; }
.help { display: flex; flex-wrap: wrap; gap: 4px 12px; list-style: none; margin-top: 10px; padding-top: 8px; border-top: var(--rule); color: var(--muted); font-size: 12px; }
.help kbd { margin-inline-end: 3px; }
.unseen { position: absolute; width: 1px; height: 1px; padding: 0; border: 0; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.loading::before { content: ""; display: block; height: 2px; margin: -10px -12px 8px; background: linear-gradient(90deg, transparent, var(--accent), transparent) 0 0 / 40% 100% no-repeat; animation: run 1.2s linear infinite; }
@keyframes run { from { background-position: -60% 0; } to { background-position: 160% 0; } }
@media (prefers-reduced-motion: reduce) { .loading::before { animation: none; background: var(--accent); opacity: .5; } }
@media (forced-colors: active) { .bar { border: 1px solid; } .bar span { background: Highlight; } .item:focus-within { outline: 2px solid Highlight; } }
@media (pointer: coarse) { button { min-height: 36px; } .icon { width: 36px; } }
`;

let sheet;

function styles() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
  }
  return sheet;
}

// --- cases

/** A copy that no later change of the host reaches. */
const copyOf = (value) => JSON.parse(JSON.stringify(value ?? null));

function isSameCase(one, other) {
  if (!one || !other) return false;
  if (one.id || other.id) return one.id === other.id;
  if (one.subject !== other.subject || one.description !== other.description) return false;
  return (one.messages ?? []).every((message, place) => message.text === other.messages?.[place]?.text);
}

function saysSomething(open) {
  return [open.subject, open.description, ...(open.messages ?? []).map((each) => each.text)].some((text) => text?.trim());
}

/** Put nodes into a parent, but leave those alone that stand there already: focus stays. */
function setChildren(parent, nodes) {
  const same = nodes.length === parent.childNodes.length && nodes.every((node, at) => parent.childNodes[at] === node);
  if (!same) parent.replaceChildren(...nodes);
}

/** Set a text, unless it stands there: what is said aloud is not said again. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const MOVES = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

// --- the element

/** The panel. Its attributes, properties, methods and events: docs/panel.md. */
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
  #views = new Map();
  #hidden = new Set();
  #busy = new Set();
  #active = "";
  #shown = new Set();
  #returnTo = null;
  #parts = null;
  #observer = new IntersectionObserver((entries) => this.#onSeen(entries), { threshold: 0.5 });
  #service = new Service(() => ({ base: this.service, token: this.#token }));
  #feedback = new FeedbackQueue(this.#service, (error) => this.#report(error));
  #onLeave = () => this.#feedback.leave();
  #onOnline = () => this.#failures > 0 && this.refresh();

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [styles()];
    this.shadowRoot.addEventListener("keydown", (event) => this.#onKey(event));
    this.shadowRoot.addEventListener("focusin", (event) => this.#onFocus(event));
  }

  connectedCallback() {
    // A property that the host set before this module came hides the accessor of the class.
    for (const name of ["case", "context", "token", "note"].filter((each) => Object.hasOwn(this, each))) {
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    addEventListener("pagehide", this.#onLeave);
    addEventListener("online", this.#onOnline);
    this.#build();
    this.#schedule(0);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.#onLeave);
    removeEventListener("online", this.#onOnline);
    this.#observer.disconnect();
    this.#stop();
    this.#asked = "";
    this.#feedback.flush();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "token") this.token = after;
    if (!this.#parts) return;
    if (name === "language" || name === "mode") this.#build();
    if (name !== "theme" && name !== "token") this.#schedule(0);
  }

  /** @type {Record<string, any>|null} */
  get case() {
    return copyOf(this.#case);
  }

  set case(value) {
    const same = isSameCase(this.#case, value);
    if (!same) this.#forget();
    this.#case = copyOf(value);
    this.#done = [];
    this.#schedule(same ? MESSAGE_DEBOUNCE_MS : 0);
  }

  /** @type {Record<string, any>|null} */
  get context() {
    return copyOf(this.#context);
  }

  set context(value) {
    this.#context = copyOf(value);
    this.#schedule(this.#answer ? MESSAGE_DEBOUNCE_MS : 0);
  }

  /** Never written back to the attribute. @type {string|null} */
  get token() {
    return this.#token;
  }

  set token(value) {
    if ((value || null) === this.#token) return;
    this.#token = value || null;
    this.#feedback.flush();
    this.refresh();
  }

  /** @type {string} */
  get service() {
    return (this.getAttribute("service") ?? "").replace(/\/+$/, "");
  }

  set service(value) {
    this.setAttribute("service", value);
  }

  /** @type {string} */
  get note() {
    return this.#note;
  }

  set note(value) {
    this.#note = String(value ?? "");
    const field = this.shadowRoot.querySelector("#note");
    if (field && field.value !== this.#note) field.value = this.#note;
    this.#schedule(NOTE_DEBOUNCE_MS);
  }

  /** @type {Record<string, any>|null} */
  get suggestions() {
    return copyOf(this.#answer);
  }

  /** @param {Message} message */
  addMessage(message) {
    this.#case = { ...this.#case, messages: [...(this.#case?.messages ?? []), copyOf(message)] };
    this.#schedule(MESSAGE_DEBOUNCE_MS);
  }

  refresh() {
    this.#asked = "";
    this.#schedule(0);
  }

  /** @returns {boolean} whether there is a suggestion that could get the focus */
  focusFirst() {
    const [first] = this.#order();
    if (first && document.activeElement !== this) this.#returnTo = document.activeElement;
    first?.primary.focus();
    return first !== undefined;
  }

  /**
   * @param {string} suggestionId
   * @param {{textLength?: number, edited?: boolean}} [how]
   */
  sent(suggestionId, how = {}) {
    const more = { text_length: how.textLength };
    if (how.edited) this.#feedback.add("edited", suggestionId, more);
    this.#feedback.add("sent", suggestionId, more);
  }

  // --- asking

  #kinds() {
    const kinds = new Set(this.getAttribute("kinds")?.split(/[\s,]+/).filter((kind) => KINDS.includes(kind)));
    return kinds.size > 0 ? [...kinds] : KINDS;
  }

  #limit() {
    return Math.min(MAX_LIMIT, Math.max(1, Number.parseInt(this.getAttribute("limit"), 10) || 3));
  }

  #language() {
    const code = this.getAttribute("language") || this.closest("[lang]")?.lang || document.documentElement.lang || navigator.language;
    return /^en\b/i.test(code) ? "en" : "de";
  }

  get #isPhone() {
    return this.getAttribute("mode") === "phone";
  }

  #body() {
    const open = { ...this.#case };
    const note = this.#isPhone ? this.#note.trim() : "";
    const messages = [...(open.messages ?? [])];
    if (note.split(/\s+/).length >= NOTE_WORDS) messages.push({ role: "customer", text: note });
    if (messages.length > 0) open.messages = messages.slice(-MAX_MESSAGES);
    if (this.#isPhone) open.channel ??= "phone";
    if (this.#done.length > 0) open.actions_done = [...(open.actions_done ?? []), ...this.#done];
    const kinds = this.#kinds();
    const hidden = (kind) => [...this.#hidden].filter((key) => key.startsWith(`${kind}/`)).length;
    const limit = Object.fromEntries(kinds.map((kind) => [kind, Math.min(MAX_LIMIT, this.#limit() + hidden(kind))]));
    return { case: open, context: this.#context ?? undefined, kinds, limit, language: this.#language() };
  }

  #schedule(ms) {
    clearTimeout(this.#debounce);
    if (this.#parts) this.#debounce = setTimeout(() => this.#ask(), ms);
  }

  #stop() {
    clearTimeout(this.#debounce);
    clearTimeout(this.#retry);
    this.#sequence += 1;
    this.#request?.abort();
    this.#request = null;
    this.#setLoading(false);
  }

  async #ask() {
    const body = this.#body();
    const asked = JSON.stringify(body);
    if (asked === this.#asked) return;
    this.#stop();
    if (!saysSomething(body.case)) {
      this.#forget();
      return;
    }
    this.#asked = asked;
    await this.#fetch(body, this.#sequence);
  }

  async #fetch(body, sequence) {
    const request = new AbortController();
    this.#request = request;
    const slow = setTimeout(() => this.#notice("slow", "warn"), SLOW_MS);
    const late = setTimeout(() => request.abort(), GIVE_UP_MS);
    this.#setLoading(true);
    try {
      const answer = await this.#service.ask("POST", "/v1/suggest", body, { signal: request.signal });
      if (sequence === this.#sequence) this.#onAnswer(answer);
    } catch (error) {
      // The end of a request that a newer one replaced concerns nobody.
      if (sequence === this.#sequence) this.#onTrouble(error instanceof ServiceError ? error : new ServiceError(0, String(error)));
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

  #onTrouble(error) {
    this.#request = null;
    this.#asked = "";
    this.#failures += 1;
    const seconds = error.passes ? waitS(this.#failures, error.retryAfterS) : null;
    if (seconds !== null) {
      this.#retry = setTimeout(() => this.#ask(), seconds * 1000);
      this.#notice(error.status === 429 || error.status === 503 ? "busy" : "away", "warn", { s: seconds });
    } else {
      this.#notice(error.status === 401 ? "signedOut" : "refused", "error", { detail: error.message });
    }
    this.#paint();
    this.#report(error, seconds);
  }

  #report(error, retryInS = null) {
    this.#emit("error", { status: error.status, detail: error.message, retryInS }, false);
  }

  /** Another case: nothing of the one before may be shown or inserted. */
  #forget() {
    this.#stop();
    this.#epoch += 1;
    this.#answer = null;
    this.#asked = "";
    this.#failures = 0;
    this.#done = [];
    this.#hidden.clear();
    this.#busy.clear();
    this.#notice(null);
    this.#say("");
    this.#paint();
  }

  // --- showing

  #build() {
    const language = this.#language();
    const words = WORDS[language];
    const notice = el("div", { class: "status", role: "status" });
    const said = el("div", { class: "status", role: "status" });
    const urgent = el("p", { class: "urgent", role: "status" });
    const counted = el("p", { class: "unseen", "aria-live": "polite" });
    const kinds = el("div", { class: "kinds" });
    const keys = words.help.map((what, at) => el("li", {}, el("kbd", { text: HELP_KEYS[at] }), what));
    const help = el("ul", { class: "help", role: "list" }, ...keys);
    const note = this.#isPhone ? this.#noteField(words) : null;
    const panel = el("section", { class: "panel", lang: language, "aria-label": words.panel }, note, notice, said, urgent, counted, kinds, help);
    this.#parts = { panel, notice, said, urgent, counted, kinds, words, language };
    this.#views.clear();
    this.shadowRoot.replaceChildren(panel);
    this.#paint();
  }

  #noteField(words) {
    const write = () => {
      this.note = field.value;
      this.#emit("note", { note: this.#note }, false);
    };
    const field = el("textarea", { id: "note", rows: 3, "aria-describedby": "hint", on: { input: write } });
    field.value = this.#note;
    const hint = el("span", { id: "hint", text: words.noteHint });
    return el("div", { class: "note" }, el("label", { for: "note", text: words.note }), field, hint);
  }

  #setLoading(loading) {
    this.#parts?.panel.classList.toggle("loading", loading);
    if (loading && !this.#answer) this.#paint();
  }

  #notice(word, look = "", values = {}) {
    if (!this.#parts) return;
    const { notice, words, kinds } = this.#parts;
    const kept = word !== null && this.#answer !== null;
    kinds.classList.toggle("stale", kept);
    notice.className = `status ${look}`;
    const texts = word === null ? [] : [kept ? words.kept : "", fill(words[word], values), values.s ? fill(words.retry, values) : ""];
    notice.replaceChildren(texts.filter(Boolean).join(" "));
    if (values.s) notice.append(button({ text: words.again, on: { click: () => this.refresh() } }));
  }

  #say(words, values = {}, look = "") {
    if (!this.#parts) return;
    this.#parts.said.className = `status ${look}`;
    this.#parts.said.textContent = words.split(" ").map((each) => fill(this.#parts.words[each] ?? "", values)).join(" ");
  }

  #sayChanged(changed, words, values) {
    this.#say(changed ? `changed ${words}` : words, values, changed ? "warn" : "");
  }

  #paint() {
    if (!this.#parts) return;
    const { kinds, words } = this.#parts;
    const focused = this.#focused();
    const before = this.#order();
    const text = this.#request ? words.loading : words.idle;
    const idle = this.#failures > 0 ? [] : [el("p", { class: "idle", text })];
    setChildren(kinds, this.#answer ? this.#kinds().map((kind, place) => this.#section(kind, place === 0)) : idle);
    const order = this.#order();
    for (const view of before.filter((each) => !order.includes(each))) this.#observer.unobserve(view.node);
    this.#views = new Map(order.map((view) => [view.key, view]));
    this.#keepFocus(focused, before, order);
    this.#announce();
  }

  #urgency() {
    const { words, language } = this.#parts;
    const { level, confidence, reasons = [] } = this.#answer?.urgency ?? {};
    if (level !== "high") return "";
    const sure = typeof confidence === "number" ? sureness(confidence, words, language) : "";
    return [words.urgent, sure, ...reasons.map((each) => each.text)].filter(Boolean).join(" · ");
  }

  #section(kind, first) {
    const { words, kinds } = this.#parts;
    const id = `kind-${kind}`;
    const section =
      kinds.querySelector(`[aria-labelledby=${id}]`) ??
      el("section", { "aria-labelledby": id }, el("h2", { id, text: words.kinds[kind] }), newList());
    const [heading, shown] = section.children;
    const views = this.#itemsOf(kind).map((item, place) => this.#view(kind, item, place + 1));
    views.forEach((view, place) => view.node.classList.toggle("first", first && place === 0));
    const list = shown.matches("ul") ? shown : newList();
    setChildren(list, views.map((view) => view.node));
    setChildren(section, [heading, views.length > 0 ? list : el("p", { class: "nothing", text: words.nothing })]);
    return section;
  }

  #itemsOf(kind) {
    const items = this.#answer[kind] ?? [];
    if (this.#hidden.size === 0) return items;
    return items.filter((item) => !this.#hidden.has(`${kind}/${item.id}`)).slice(0, this.#limit());
  }

  #view(kind, item, place) {
    const key = `${kind}/${item.id}`;
    const known = this.#views.get(key);
    const told = known?.item.suggestion_id;
    const { words, language } = this.#parts;
    const view = known ?? new ItemView(kind, words, language, (act, on, reason) => this.#act(act, on, reason));
    view.key = key;
    view.update(item, place);
    if (!known) this.#observer.observe(view.node);
    if (!known && kind === "actions" && place === 1 && item.steps?.length) view.open();
    // What is in sight already is not told by the observer again.
    if (known?.seen && told !== item.suggestion_id) this.#tellShown(view);
    return view;
  }

  #announce() {
    const { words, counted, urgent } = this.#parts;
    const count = (kind, n) => (n === 0 ? [] : [fill(words.counted[kind][n === 1 ? 0 : 1], { n })]);
    const told = this.#answer && (this.#kinds().flatMap((kind) => count(kind, this.#itemsOf(kind).length)).join(", ") || words.none);
    setText(counted, told ?? "");
    setText(urgent, this.#urgency());
  }

  #order() {
    return [...this.shadowRoot.querySelectorAll("li.item")].map((node) => node.view);
  }

  // --- what is seen

  #onSeen(entries) {
    for (const { target, isIntersecting } of entries) {
      target.view.seen = isIntersecting;
      if (isIntersecting) this.#tellShown(target.view);
    }
  }

  #tellShown(view) {
    const id = view.item.suggestion_id;
    if (this.#shown.has(id)) return;
    if (this.#shown.size >= REMEMBERED) this.#shown.delete(this.#shown.values().next().value);
    this.#shown.add(id);
    this.#tell("shown", view);
  }

  #tell(event, view, more = {}) {
    const position = view.place === view.item.rank ? undefined : view.place;
    this.#feedback.add(event, view.item.suggestion_id, { position, ...more });
  }

  // --- focus and keys

  #focused() {
    return this.shadowRoot.activeElement?.closest("li.item")?.view ?? null;
  }

  #keepFocus(focused, before, order) {
    if (focused && focused !== this.#focused()) {
      const heir = order.includes(focused) ? focused : order[Math.min(before.indexOf(focused), order.length - 1)];
      if (heir) heir.primary.focus();
      else this.#leave();
    }
    this.#activate(order.find((view) => view.key === this.#active) ?? order[0]);
  }

  #activate(active) {
    this.#active = active?.key ?? "";
    for (const view of this.#views.values()) view.setActive(view === active);
  }

  #onFocus(event) {
    const view = this.#focused();
    if (view && view.key !== this.#active) this.#activate(view);
    const from = event.relatedTarget;
    if (from && !this.shadowRoot.contains(from)) this.#returnTo = from;
  }

  #leave() {
    const back = this.#returnTo?.isConnected ? this.#returnTo : null;
    this.#returnTo = null;
    this.shadowRoot.activeElement?.blur();
    back?.focus();
    this.#emit("leave", {}, false);
  }

  #onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const [target] = event.composedPath();
    const does = event.key === "Escape" ? this.#onEscape() : !target.matches("textarea") && this.#onPlainKey(event.key, target);
    if (does) event.preventDefault();
    if (does) event.stopPropagation();
  }

  #onPlainKey(key, target) {
    const view = this.#focused();
    const menu = target.closest(".menu");
    if (menu) return key in MOVES && this.#move([...menu.querySelectorAll("button")], target, MOVES[key]);
    if (view && key in MOVES) return this.#move(this.#order().map((each) => each.primary), view.primary, MOVES[key]);
    if (/^[1-9]$/.test(key)) return this.#act("insert", this.#order().filter((each) => each.kind === "templates")[key - 1]);
    if (key === "Enter") return target.matches("input") && this.#act(MAIN[view.kind], view);
    return this.#act(KEYS[key.toLowerCase()], view);
  }

  #move(nodes, from, step) {
    nodes[Math.min(nodes.length - 1, Math.max(0, nodes.indexOf(from) + step))].focus();
    return true;
  }

  #onEscape() {
    const view = this.#focused();
    const menu = view && !view.menu.hidden;
    if (menu) view.showMenu(false);
    if (menu) view.dismiss.focus();
    else this.#leave();
    return true;
  }

  // --- what an agent does

  #act(act, view, reason) {
    if (!view?.buttons.some((each) => each.dataset.act === act)) return false;
    const does = {
      insert: () => this.#insert(view),
      copy: () => this.#copy(view),
      attach: () => this.#attach(view),
      open: () => (view.more.hidden ? this.#open(view) : view.setOpen(false)),
      done: () => this.#finish(view),
      dismiss: () => (reason ? this.#dismiss(view, reason) : view.showMenu(view.menu.hidden)),
    };
    this.#once(view, does[act]);
    return true;
  }

  /** Do something that may take a while, not twice at a time. */
  async #once(view, work) {
    if (this.#busy.has(view.key)) return;
    const epoch = this.#epoch;
    this.#busy.add(view.key);
    view.node.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (error) {
      if (epoch === this.#epoch) this.#onActError(view, error);
    } finally {
      view.node.removeAttribute("aria-busy");
      if (epoch === this.#epoch) this.#busy.delete(view.key);
    }
  }

  #onActError(view, error) {
    const gone = error.status === 404;
    const stopped = error instanceof Stopped;
    if (!stopped || error.message) this.#say(stopped ? error.message : gone ? "gone" : "unchecked", view, "warn");
    if (gone) this.#hide(view);
    else if (error instanceof ServiceError) this.#report(error);
  }

  #hide(view) {
    this.#hidden.add(view.key);
    this.#paint();
    this.#schedule(MESSAGE_DEBOUNCE_MS);
  }

  /** The item as it is now; throws where it holds no more, or nobody can tell. */
  async #current(view) {
    const epoch = this.#epoch;
    const signal = AbortSignal.timeout(CHECK_MS);
    const { kind, item } = view;
    if (kind !== "templates" && kind !== "articles") return { item, changed: false };
    const found = await (kind === "templates" ? this.#template(item, signal) : this.#article(item, signal));
    if (epoch !== this.#epoch) throw new Stopped(); // another case is open by now
    if (!isInForce(found.record)) throw new ServiceError(404, "withdrawn");
    if (found.changed) this.#replace(view, found.item);
    return found;
  }

  async #template(item, signal) {
    const path = `/v1/templates/${encodeURIComponent(item.id)}`;
    const { case: open, context, language } = this.#body();
    const [rendered, record] = await Promise.all([
      this.#service.ask("POST", `${path}/render`, { case: open, context, language }, { signal }),
      this.#service.ask("GET", path, undefined, { signal }),
    ]);
    const changed = ["subject", "text", "html"].some((part) => (rendered[part] ?? null) !== (item[part] ?? null));
    return { item: { ...item, ...rendered, name: record.name }, changed, record };
  }

  async #article(item, signal) {
    const record = await this.#service.ask("GET", `/v1/articles/${encodeURIComponent(item.id)}`, undefined, { signal });
    const { title, url, language } = record;
    const says = stillSays(item.excerpt, record);
    const changed = !says || title !== item.title || (url ?? null) !== (item.url ?? null);
    const excerpt = says ? item.excerpt : newExcerpt(item.excerpt, record);
    return { item: { ...item, title, url, language, excerpt }, changed, record };
  }

  #replace(view, item) {
    const items = this.#answer?.[view.kind] ?? [];
    const place = items.findIndex((each) => each.id === item.id);
    if (place >= 0) items[place] = item;
    view.update(item, view.place);
    view.setActive(view.key === this.#active);
  }

  async #insert(view) {
    const { item, changed } = await this.#current(view);
    const content = contentOf(view.kind, item);
    if (!this.#emit("insert", { ...this.#detail(view), ...content, subject: item.subject ?? null, changed })) return;
    this.#tell("inserted", view, { text_length: content.text.length });
    view.mark();
    const values = { title: view.title, fields: item.missing_fields?.join(", ") };
    this.#sayChanged(changed, `inserted${values.fields ? " missing" : ""}`, values);
  }

  async #copy(view) {
    const checked = this.#current(view);
    const content = checked.then(({ item }) => {
      const made = contentOf(view.kind, item);
      if (!this.#emit("copy", { ...this.#detail(view), ...made })) throw new Stopped();
      return made;
    });
    await writeClipboard(content, contentOf(view.kind, view.item).html !== null, this.shadowRoot);
    this.#tell("copied", view, { text_length: (await content).text.length });
    const { changed } = await checked;
    this.#sayChanged(changed, "copied", view);
  }

  async #attach(view) {
    const { item } = await this.#current(view);
    if (!this.#emit("attach", { ...this.#detail(view), url: safeUrl(item.url) })) return;
    this.#tell("attached", view);
    this.#say("attached", view);
  }

  async #open(view) {
    const { item, record } = view.kind === "articles" ? await this.#current(view) : view;
    const url = safeUrl(item.url);
    const here = this.#emit("open", { ...this.#detail(view), url });
    this.#tell("opened", view);
    if (!here) return;
    const website = url ? el("p", {}, link(`${this.#parts.words.website} ↗`, url)) : null;
    view.open(record && el("div", { lang: record.language }, articleBody(record), website));
    view.setActive(view.key === this.#active);
  }

  #finish(view) {
    if (!this.#emit("done", { ...this.#detail(view), steps: view.steps })) return;
    this.#tell("executed", view);
    this.#done.push(view.item.id);
    this.#say("done", view);
    this.#schedule(MESSAGE_DEBOUNCE_MS);
  }

  #dismiss(view, reason) {
    if (!this.#emit("dismiss", { ...this.#detail(view), reason })) return;
    this.#tell("dismissed", view, { reason });
    this.#say("hidden", view);
    this.#hide(view);
  }

  #detail({ kind, item, place, title }) {
    return { kind, id: item.id, suggestionId: item.suggestion_id, title, position: place, item: copyOf(item) };
  }

  /** Dispatch `stichwort-…`; whether the host let it happen. */
  #emit(name, detail, cancelable = true) {
    return this.dispatchEvent(new CustomEvent(`stichwort-${name}`, { detail, bubbles: true, composed: true, cancelable }));
  }
}

if (!customElements.get("stichwort-panel")) customElements.define("stichwort-panel", StichwortPanel);
