// Calls to the service. The key lies in memory, or in this tab's session where the manager asked for that.

const KEPT = "stichwort.key";
let key = read();

function read() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || String(status));
    this.status = status;
    this.title = body.title || "";
    this.detail = body.detail || "";
    this.errors = body.errors || [];
    this.requestId = body.request_id || "";
  }
}

export function hasKey() {
  return Boolean(key);
}

export function keepKey(text, inSession) {
  key = text || null;
  try {
    if (key && inSession) sessionStorage.setItem(KEPT, key);
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing keeps no key either.
  }
}

export async function ask(method, path, { json, body, type, headers = {}, as = "json" } = {}) {
  const sent = { ...headers };
  if (key) sent.Authorization = `Bearer ${key}`;
  if (json !== undefined) sent["Content-Type"] = "application/json";
  if (type) sent["Content-Type"] = type;
  let reply;
  try {
    reply = await fetch(path, { method, headers: sent, body: json === undefined ? body : JSON.stringify(json), cache: "no-store" });
  } catch {
    throw new Problem(0, {});
  }
  if (!reply.ok) throw await problemOf(reply);
  const data = reply.status === 204 ? null : as === "blob" ? await reply.blob() : await reply.json();
  return { status: reply.status, data, etag: reply.headers.get("ETag") };
}

async function problemOf(reply) {
  let body = {};
  try {
    body = await reply.json();
  } catch {
    // Whatever stands between the page and the service answered in its own way.
  }
  const problem = new Problem(reply.status, body);
  if (reply.status === 401) document.dispatchEvent(new CustomEvent("key-needed", { detail: problem }));
  return problem;
}

export function idPath(kind, id) {
  return `/v1/${kind}/${encodeURIComponent(id)}`;
}
