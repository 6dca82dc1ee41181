/**
 * Form script of the e-mail form (Dynamics 365, model-driven app): opens the panel in a side pane, tells it the open
 * case, and puts what is inserted into the e-mail. Register `Stichwort.onLoad` for OnLoad, with the execution context.
 */

globalThis.Stichwort = {
  PANE: "stichwort",

  /** @param {any} executionContext */
  async onLoad(executionContext) {
    const form = executionContext.getFormContext();
    const talk = new BroadcastChannel("stichwort");
    talk.onmessage = ({ data }) => {
      if (data.type === "pane-ready") talk.postMessage(Stichwort.open(form));
      if (data.type === "insert") Stichwort.insert(form, data);
    };
    form.getAttribute("description").addOnChange(() => talk.postMessage(Stichwort.open(form)));
    await Stichwort.openPane();
    talk.postMessage(Stichwort.open(form));
  },

  async openPane() {
    const { sidePanes } = Xrm.App;
    const known = sidePanes.getPane(Stichwort.PANE);
    if (known) {
      known.select();
      return;
    }
    const pane = await sidePanes.createPane({ title: "Stichwort", paneId: Stichwort.PANE, canClose: true, width: 380 });
    await pane.navigate({ pageType: "webresource", webresourceName: "stichwort_/pane.html" });
  },

  /** @param {any} form */
  open(form) {
    const value = (name) => form.getAttribute(name)?.getValue() ?? null;
    const user = Xrm.Utility.getGlobalContext().userSettings;
    return {
      type: "case",
      case: {
        id: form.data.entity.getId().replace(/[{}]/g, ""),
        subject: value("subject"),
        description: new DOMParser().parseFromString(value("description") ?? "", "text/html").body.innerText,
        channel: "email",
      },
      context: { agent: { id: user.userId.replace(/[{}]/g, ""), name: user.userName } },
    };
  },

  /** @param {any} form @param {{text: string, html: string|null}} item */
  insert(form, item) {
    const body = form.getAttribute("description");
    const escaped = item.text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/\n/g, "<br>");
    body.setValue(`${item.html ?? `<p>${escaped}</p>`}${body.getValue() ?? ""}`);
  },
};
