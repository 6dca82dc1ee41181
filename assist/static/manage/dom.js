// Making elements. Texts are always texts: nothing here or elsewhere reads a string as HTML.

export function el(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !["list", "role"].includes(name) && !name.includes("-")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function replace(parent, ...children) {
  parent.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return parent;
}

let numbers = 0;

export function newId(prefix = "f") {
  numbers += 1;
  return `${prefix}${numbers}`;
}

// A labelled control; `hint` stands below it and is read with it.
export function field(label, control, hint = null) {
  control.id ||= newId();
  const told = hint && el("p", { className: "hint", id: newId() }, hint);
  if (told) control.setAttribute("aria-describedby", told.id);
  return el("div", { className: "field" }, el("label", { htmlFor: control.id }, label), control, told);
}

export function select(options, chosen) {
  return el("select", {}, options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)));
}

export function button(text, onclick, kind = "") {
  return el("button", { type: "button", className: kind, onclick }, text);
}

// Shows that a button's work goes on, and keeps it from being pressed twice.
export async function busy(control, work) {
  if (control.getAttribute("aria-busy") === "true") return undefined;
  control.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    control.removeAttribute("aria-busy");
  }
}

// Gives the focus to what has taken the place of a control: else it would be lost, and Tab begin at the top again.
export function focusOn(node) {
  if (node.tabIndex < 0) node.tabIndex = -1;
  node.focus();
}

export function table(caption, headings, rows) {
  const head = el("tr", {}, headings.map((text, place) => el("th", { scope: "col", className: isNumber(rows[0]?.[place]) ? "number" : "" }, text)));
  const body = rows.map((row) => el("tr", {}, row.map((cell) => (cell instanceof HTMLTableCellElement ? cell : el("td", {}, cell ?? "")))));
  return el(
    "div",
    { className: "scroll", tabIndex: 0, role: "region", "aria-label": caption },
    el("table", {}, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, body)),
  );
}

function isNumber(cell) {
  return cell instanceof HTMLTableCellElement && cell.className === "number";
}

export function number(text) {
  return el("td", { className: "number" }, text);
}
