// A host of its own: it puts what is inserted into its field, and remembers what it was told.
const panel = document.querySelector("stichwort-panel");
const query = new URLSearchParams(location.search);
for (const name of ["language", "theme", "kinds", "limit", "mode", "service"]) {
  if (query.has(name)) panel.setAttribute(name, query.get(name));
}

window.events = [];
window.violations = [];
window.declined = new Set();
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
for (const name of ["insert", "copy", "attach", "open", "done", "dismiss", "suggestions", "error", "note", "leave"]) {
  document.addEventListener(`stichwort-${name}`, (event) => {
    window.events.push({ name, ...event.detail });
    if (window.declined.has(name)) event.preventDefault();
    else if (name === "insert") document.querySelector("#reply").value += event.detail.text;
  });
}
