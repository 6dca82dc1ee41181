/** Calls to the service the page came from. A key that it asks for is kept in memory, never stored. */

/** What the service refused; status 0: it could not be asked. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let token = null;

/** @param {string} given */
export function setToken(given) {
  token = given;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {any} [body]
 */
export async function ask(method, path, body) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    if (reply.ok) return await reply.json();
  } catch (error) {
    throw new Refused(0, String(error));
  }
  const problem = await reply.json().catch(() => ({}));
  throw new Refused(reply.status, problem.detail ?? reply.statusText);
}
