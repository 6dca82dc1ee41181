/** Elements by id and by hand. Texts are texts: nothing here reads a string as HTML. */

/** @param {string} id */
export const byId = (id) => document.getElementById(id);

/**
 * Make an element; `text` and `on` (listeners) are no attributes.
 * @param {string} tag
 * @param {Record<string, any>} [parts]
 * @param {...(Node|string|null)} children
 */
export function el(tag, parts = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(parts)) {
    if (name === "text") node.textContent = value;
    else if (name === "on") Object.entries(value).forEach((each) => node.addEventListener(...each));
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** Let a screen reader say something, also the same thing twice. @param {string} text */
export function say(text) {
  const said = byId("said");
  said.textContent = said.textContent === text ? `${text}\u00a0` : text;
}
