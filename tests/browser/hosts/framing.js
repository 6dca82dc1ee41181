// A page that frames the panel of the service named behind the #, and remembers what it was told.
const service = location.hash.slice(1);
const frame = document.createElement("iframe");
frame.title = "Vorschläge";
frame.allow = "clipboard-write";
frame.width = "400";
frame.height = "800";
frame.src = `${service}/embed`;

window.told = [];
window.send = (message) => frame.contentWindow.postMessage(message, service);
addEventListener("message", (event) => {
  if (event.origin === service && event.source === frame.contentWindow) window.told.push(event.data);
});
document.querySelector("main").append(frame);
