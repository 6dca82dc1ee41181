// A host whose own script runs before the module of the panel has come.
document.querySelector("stichwort-panel").case = { description: "Die Rechnung wurde doppelt abgebucht" };
const module = document.createElement("script");
module.type = "module";
module.src = "/static/stichwort-panel.js";
document.head.append(module);
