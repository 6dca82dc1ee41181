"""``/openapi.json`` and ``/docs``: the contract of this service, readable without any other host."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from flask import Blueprint, Response
from flask_openapi.openapi import OpenAPI
from pydantic import BaseModel

from assist.api.openapi import finish_document
from assist.api.replies import unchanging_reply
from assist.errors import not_found

_ASSETS: Mapping[str, str] = {
    "swagger-ui.css": "css/swagger-ui.css",
    "swagger-ui-bundle.js": "js/swagger-ui-bundle.js",
}
_TYPES: Mapping[str, str] = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stichwort API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<main id="api"><noscript>This page needs JavaScript; the document itself is at <a href="openapi.json">openapi.json</a>.
</noscript></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# Without validatorUrl: null, Swagger UI sends the document's address to a validator on the internet.
_START = """"use strict";
window.ui = SwaggerUIBundle({
  url: new URL("openapi.json", window.location.href).href,
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
});
"""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def register_docs(app: OpenAPI, models: Sequence[type[BaseModel]]) -> None:
    """Serve the document of all operations registered so far, and a page to read and try them."""
    document = json.dumps(finish_document(app, models), ensure_ascii=False, separators=(",", ":"))
    docs = Blueprint("docs", __name__)

    @docs.get("/openapi.json")
    def openapi_json() -> Response:
        return unchanging_reply(document, "application/json")

    @docs.get("/docs")
    def page() -> Response:
        reply = unchanging_reply(_PAGE, "text/html; charset=utf-8")
        reply.headers["Content-Security-Policy"] = _POLICY
        return reply

    @docs.get("/docs/<name>")
    def asset(name: str) -> Response:
        if name == "start.js":
            return unchanging_reply(_START, _TYPES[".js"])
        if name not in _ASSETS:
            raise not_found()
        return unchanging_reply(_bundled(_ASSETS[name]), _TYPES[Path(name).suffix])

    app.register_blueprint(docs)


def _bundled(path: str) -> bytes:
    return resources.files("flask_openapi_swagger").joinpath("templates/swagger", path).read_bytes()
