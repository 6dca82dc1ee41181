// An error as the API gives it: what, why, where in the body, and what to do.

import { el } from "./dom.js";
import { t } from "./words.js";
import { Problem } from "./api.js";

export function problemView(error) {
  if (!(error instanceof Problem)) throw error;
  const remedy = t(`remedy.${error.status}`);
  return el(
    "section",
    { className: "problem", role: "alert" },
    el("h3", {}, error.status ? `${error.title || t("failed")} (${error.status})` : t("unreachable")),
    error.detail && el("p", { lang: "en" }, error.detail),
    error.errors.length > 0 &&
      el("ul", { lang: "en" }, error.errors.map((each) => el("li", {}, each.pointer && el("code", {}, each.pointer), each.pointer ? " " : "", each.detail))),
    remedy !== `remedy.${error.status}` && el("p", { className: "remedy" }, remedy),
    error.requestId && el("p", { className: "hint" }, t("request_id"), " ", el("code", {}, error.requestId)),
  );
}

// Runs work; shows its problem in `place`, or clears what stood there.
export async function shown(place, work) {
  place.replaceChildren();
  try {
    return await work();
  } catch (error) {
    place.replaceChildren(problemView(error));
    return undefined;
  }
}
