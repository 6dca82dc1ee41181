// As much of the Zendesk Apps Framework as the recipe uses, as its reference describes it.
const service = location.hash.slice(1);
const listeners = {};
const ticket = {
  "ticket.id": 4711,
  "ticket.subject": "Rechnung",
  "ticket.priority": "normal",
  "ticket.requester": { id: 7, name: "Helga Brandt", email: "helga@kunde.example" },
  "ticket.comments": [
    { id: 1, value: "<p>Die Rechnung wurde <b>doppelt</b> abgebucht, bitte Geld zurück</p>", author: { id: 7 } },
    { id: 2, value: "<p>Wir sehen nach.</p>", author: { id: 8 } },
  ],
};
window.zaf = { invoked: [], requested: [], ticket, fire: (name) => (listeners[name] ?? []).forEach((each) => each()) };
window.ZAFClient = {
  init: () => ({
    metadata: async () => ({ settings: { service } }),
    get: async (paths) => {
      if (paths === "currentUser") return { currentUser: { id: 8, name: "Jana Weiß" } };
      return Object.fromEntries(paths.map((path) => [path, ticket[path]]));
    },
    on: (name, listener) => (listeners[name] ??= []).push(listener),
    request: async (options) => {
      window.zaf.requested.push(options);
      return { token: "ein-token" };
    },
    invoke: async (...what) => window.zaf.invoked.push(what),
  }),
};
