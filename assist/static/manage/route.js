// Where the manager is: "#corpus?upload=…&check=…". A reload, a bookmark and the back button come back to it.

export function where() {
  const [tab, query = ""] = location.hash.slice(1).split("?");
  return { tab, query: new URLSearchParams(query) };
}

export function remember(values) {
  const { tab, query } = where();
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  history.replaceState(null, "", `#${tab}${text ? `?${text}` : ""}`);
}

export function recall(name) {
  return where().query.get(name);
}
