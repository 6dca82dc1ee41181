"""Cross-origin requests: web pages of origins that are named, one by one, may read answers; never all of them."""

from __future__ import annotations

from flask import Flask, Response, request

from assist.api.access import KEY_HEADER, caller_or_none
from assist.api.request_ids import HEADER
from assist.services import Services

MAX_AGE_S = 600
_SENT = ("Authorization", "Content-Type", "If-Match", "If-None-Match", KEY_HEADER, HEADER)
_READ = ("ETag", "Location", "Retry-After", "WWW-Authenticate", HEADER)


def register_cors(app: Flask, services: Services) -> None:
    """Tell browsers which pages may read an answer, and what they may send before they send it."""

    @app.after_request
    def tell(response: Response) -> Response:
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin is None or origin not in _readers(services):
            return response
        response.headers["Access-Control-Allow-Origin"] = origin
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers["Access-Control-Allow-Headers"] = ", ".join(_SENT)
            response.headers["Access-Control-Max-Age"] = str(MAX_AGE_S)
        else:
            response.headers["Access-Control-Expose-Headers"] = ", ".join(_READ)
        return response


def _readers(services: Services) -> frozenset[str]:
    # A preflight and a refusal belong to no key: any page that some key names may read those.
    caller = caller_or_none()
    return services.callers.origins() if caller is None else caller.origins
