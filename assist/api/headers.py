"""Headers of every answer, and how long it took."""

from __future__ import annotations

import time

from flask import Flask, Response, g

from assist.api.request_ids import HEADER, current_request_id

_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


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
        return response


def arrived_at() -> float:
    """Return when this request came, as ``time.perf_counter`` told it."""
    return float(g.started) if "started" in g else time.perf_counter()


def elapsed_ms() -> float:
    """Return the milliseconds since this request began, to a tenth."""
    return round((time.perf_counter() - g.started) * 1000, 1) if "started" in g else 0.0
