/** The web resource in the side pane: stands between the form script and the panel. */

import { bridge } from "./bridge.js";

const { service, tokenUrl } = document.body.dataset;
const frame = document.querySelector("#stichwort");
const talk = new BroadcastChannel("stichwort");

const panel = bridge(frame, service, {
  insert: ({ text, html, suggestionId }) => talk.postMessage({ type: "insert", text, html, suggestionId }),
  open: (item) => item.url && open(item.url, "_blank", "noopener"),
  "token-needed": () => sendToken(),
});

/** Your own custom API, which holds the key and asks `POST /v1/tokens` on the server. */
async function sendToken() {
  const reply = await fetch(tokenUrl);
  if (reply.ok) panel.send({ type: "token", token: (await reply.json()).token });
}

talk.onmessage = ({ data }) => {
  if (data.type !== "case") return;
  panel.send({ type: "context", context: data.context });
  panel.send({ type: "case", case: data.case });
};
frame.src = `${service}/embed`;
await sendToken();
talk.postMessage({ type: "pane-ready" });
