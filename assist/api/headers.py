"""Headers of every answer, and one log line for each request: ids, sizes and times, never any text."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from assist.api.access import caller_or_none
from assist.api.request_ids import HEADER, current_request_id

_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_log = logging.getLogger("assist.requests")


def register_headers(app: Flask) -> None:
    """Time every request, and give every answer its id and the security headers that it does not set itself."""

    @app.before_request
    def start_clock() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers[HEADER] = current_request_id()
        for name, value in _SECURITY.items():
            response.headers.setdefault(name, value)
        # Browsers of today heed frame-ancestors alone; an older one would go by this and never show the frame.
        if "frame-ancestors 'none'" not in response.headers["Content-Security-Policy"]:
            del response.headers["X-Frame-Options"]
        response.headers.setdefault("Cache-Control", "no-store")
        _log_request(response)
        return response


def arrived_at() -> float:
    """Return when this request came, as ``time.perf_counter`` told it."""
    return float(g.started) if "started" in g else time.perf_counter()


def elapsed_ms() -> float:
    """Return the milliseconds since this request began, to a tenth."""
    return round((time.perf_counter() - g.started) * 1000, 1) if "started" in g else 0.0


def _log_request(response: Response) -> None:
    # The rule, not the path: a mistyped path may hold anything. Of a key its id, which is no secret.
    caller = caller_or_none()
    _log.info(
        "request_id=%s key=%s method=%s route=%s status=%d bytes_in=%s bytes_out=%s took_ms=%.1f",
        current_request_id(),
        "-" if caller is None or caller.key_id is None else caller.key_id,
        request.method if request.url_rule else "-",
        request.url_rule.rule if request.url_rule else "-",
        response.status_code,
        request.content_length if request.content_length is not None else "-",
        response.content_length if response.content_length is not None else "-",
        elapsed_ms(),
    )
