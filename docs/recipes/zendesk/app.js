/** The panel in the ticket sidebar of Zendesk Support (Zendesk Apps Framework 2). */

import { bridge } from "./bridge.js";

const FIELDS = ["id", "subject", "priority", "requester", "comments"].map((name) => `ticket.${name}`);
const CHANGES = ["app.activated", "ticket.subject.changed", "ticket.conversation.changed"];

const client = globalThis.ZAFClient.init();
const { settings } = await client.metadata();
const service = settings.service;
const frame = document.querySelector("#stichwort");

const panel = bridge(frame, service, {
  insert: (item) => insert(item),
  open: (item) => item.url && open(item.url, "_blank", "noopener"),
  "token-needed": () => sendToken(),
});
/** The suggestions that the reply holds, told when it is sent. */
const used = new Set();

/** @param {string} html */
function textOf(html) {
  return new DOMParser().parseFromString(html, "text/html").body.innerText.trim();
}

async function sendCase() {
  const ticket = await client.get(FIELDS);
  const { currentUser: agent } = await client.get("currentUser");
  const requester = ticket["ticket.requester"];
  const messages = ticket["ticket.comments"].map((comment) => ({
    role: comment.author.id === requester.id ? "customer" : "agent",
    text: textOf(comment.value),
  }));
  const [firstName, ...rest] = requester.name.split(" ");
  const contact = { first_name: firstName, last_name: rest.join(" "), email: requester.email };
  panel.send({ type: "context", context: { contact, agent: { id: String(agent.id), name: agent.name } } });
  const open = { id: String(ticket["ticket.id"]), subject: ticket["ticket.subject"], channel: "email", messages };
  panel.send({ type: "case", case: { ...open, priority: ticket["ticket.priority"], customer_id: String(requester.id) } });
}

/** The key stays with Zendesk, which puts it in (secure setting); the page only ever sees a token of minutes. */
async function sendToken() {
  const { token } = await client.request({
    url: `${service}/v1/tokens`,
    type: "POST",
    contentType: "application/json",
    headers: { Authorization: "Bearer {{setting.key}}" },
    data: JSON.stringify({ origin: service }),
    secure: true,
  });
  panel.send({ type: "token", token });
}

/** @param {{text: string, html: string|null, suggestionId: string}} item */
async function insert(item) {
  if (item.html) await client.invoke("ticket.comment.appendHtml", item.html);
  else await client.invoke("ticket.comment.appendText", item.text);
  used.add(item.suggestionId);
}

for (const change of CHANGES) client.on(change, sendCase);
client.on("ticket.submit.done", () => {
  for (const suggestionId of used) panel.send({ type: "sent", suggestionId });
  used.clear();
});
frame.src = `${service}/embed`;
await sendToken();
await sendCase();
