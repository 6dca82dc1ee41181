// What the compiler and the page do with a component: decorators away, template rendered, wire service called.
const source = await (await fetch("/recipes/salesforce/stichwortPanel.js")).text();
const plain = source
  .replace(/^\s*@wire\([^)]*\)\n/m, "")
  .replace(/@api /g, "")
  .replace("LightningElement, api, wire", "LightningElement")
  .replace("getRecord, getFieldValue", "getFieldValue")
  .replace("./bridge.js", `${location.origin}/recipes/bridge.js`);
const module = await import(URL.createObjectURL(new Blob([plain], { type: "text/javascript" })));
const component = new module.default();
component.service = location.hash.slice(1);
component.recordId = "500A1";

window.inserted = [];
component.addEventListener("insert", (event) => window.inserted.push(event.detail));
const frame = document.createElement("iframe");
frame.title = "Vorschläge";
frame.width = "380";
frame.height = "700";
frame.addEventListener("load", () => component.connect());
frame.src = component.address;
document.querySelector("main").append(frame);
component.wired({
  data: {
    Id: "500A1", Subject: "Rechnung", Description: "Die Rechnung wurde doppelt abgebucht, bitte Geld zurück", Priority: "Low",
    ContactId: "003A1", Contact: { FirstName: "Helga", LastName: "Brandt" },
  },
});
