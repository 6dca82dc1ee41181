/** Where keys are set up, the page asks for one; it stays in memory. */

import { byId } from "./dom.js";
import { setToken } from "./service.js";

export function askForKey() {
  byId("door").hidden = false;
  byId("key").focus();
}

/** @param {(key: string) => void} onKey */
export function openDoor(onKey) {
  byId("door").addEventListener("submit", (event) => {
    event.preventDefault();
    const key = byId("key").value.trim();
    setToken(key);
    byId("key").value = "";
    byId("door").hidden = true;
    onKey(key);
  });
}
