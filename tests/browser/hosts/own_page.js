// The page of an own CRM: the module comes from the service, the rest is docs/recipes/own-page.js.
const service = location.hash.slice(1);
await import(`${service}/static/stichwort-panel.js`);
const { connect } = await import("/recipes/own-page.js");
connect(document.querySelector("stichwort-panel"), {
  service,
  token: null,
  field: document.querySelector("#antwort"),
  send: document.querySelector("#senden"),
  open: { id: "fall-1", subject: "Rechnung", description: "Die Rechnung wurde doppelt abgebucht", channel: "email" },
  context: { contact: { salutation: "Frau", last_name: "Brandt" } },
});
