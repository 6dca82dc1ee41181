"""``/embed`` and ``/static``: the panel, and a page around it that a CRM puts into a frame."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib import resources

from flask import Blueprint, Response
from flask_openapi.openapi import OpenAPI

from assist.api.replies import unchanging_reply
from assist.errors import not_found
from assist.services import Services

# Nothing else is served, whatever lies in the folder.
_TYPES: Mapping[str, str] = {
    "stichwort-panel.js": "text/javascript; charset=utf-8",
    "embed.js": "text/javascript; charset=utf-8",
    "embed.css": "text/css; charset=utf-8",
}
_NO_ANCESTORS = '<meta name="stichwort-ancestors" content="">'
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors "
)


def register_static(app: OpenAPI, services: Services) -> None:
    """Serve the panel and its page; only pages of ``services.embed_ancestors`` may frame that page."""
    static = Blueprint("static", __name__)
    ancestors = sorted(services.embed_ancestors)

    @static.get("/embed")
    def embed() -> Response:
        named = f'<meta name="stichwort-ancestors" content="{escape(" ".join(ancestors))}">'
        page = _asset("embed.html").decode("utf-8").replace(_NO_ANCESTORS, named)
        reply = unchanging_reply(page, "text/html; charset=utf-8")
        reply.headers["Content-Security-Policy"] = _POLICY + (" ".join(ancestors) or "'none'")
        return reply

    @static.get("/static/<name>")
    def asset(name: str) -> Response:
        if name not in _TYPES:
            raise not_found()
        return unchanging_reply(_asset(name), _TYPES[name])

    app.register_blueprint(static)


def _asset(name: str) -> bytes:
    return resources.files("assist").joinpath("static", name).read_bytes()
