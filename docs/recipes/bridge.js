/**
 * Talks to `/embed` in a frame: the host's half of the protocol in docs/embed.md. Copy it into your app as it is.
 *
 * @param {HTMLIFrameElement} frame whose address is `<service>/embed`
 * @param {string} service origin of the service, such as https://stichwort.example
 * @param {Record<string, (message: any) => void>} on what to do with messages, by type: insert, copy, open, error …
 * @returns {{send: (message: any) => void, close: () => void}}
 */
export function bridge(frame, service, on) {
  /** What was said before the panel was there. @type {any[] | null} */
  let waiting = [];
  const post = (message) => frame.contentWindow.postMessage({ stichwort: 1, ...message }, service);

  const listen = (event) => {
    if (event.origin !== service || event.source !== frame.contentWindow || event.data?.stichwort !== 1) return;
    if (event.data.type === "ready") {
      (waiting ?? []).forEach(post);
      waiting = null;
    }
    if (event.data.type === "height") frame.style.height = `${event.data.height}px`;
    on[event.data.type]?.(event.data);
  };

  addEventListener("message", listen);
  return {
    send: (message) => (waiting === null ? post(message) : waiting.push(message)),
    close: () => removeEventListener("message", listen),
  };
}
