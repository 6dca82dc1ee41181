// As much of the client API of model-driven apps as the recipe uses, as its reference describes it.
const values = { subject: "Rechnung", description: "<p>Die Rechnung wurde doppelt abgebucht, bitte Geld zurück</p>" };
const changes = [];
const attribute = (name) => ({
  getValue: () => values[name] ?? null,
  setValue: (value) => (values[name] = value),
  addOnChange: (listener) => changes.push(listener),
});
const panes = {};

window.xrm = { values, change: () => changes.forEach((each) => each()), panes };
window.executionContext = {
  getFormContext: () => ({
    data: { entity: { getId: () => "{6F9619FF-8B86-D011-B42D-00C04FC964FF}" } },
    getAttribute: (name) => (name in values ? attribute(name) : null),
  }),
};
window.Xrm = {
  App: {
    sidePanes: {
      getPane: (id) => panes[id],
      createPane: async (options) => {
        const frame = document.createElement("iframe");
        frame.width = String(options.width);
        frame.height = "700";
        document.querySelector("#panes").append(frame);
        panes[options.paneId] = {
          options,
          select: () => {},
          navigate: async (page) => {
            panes[options.paneId].page = page;
            frame.src = `/hosts/dynamics_pane.html${location.hash}`;
          },
        };
        return panes[options.paneId];
      },
    },
  },
  Utility: { getGlobalContext: () => ({ userSettings: { userId: "{A1}", userName: "Jana Weiß" } }) },
};
