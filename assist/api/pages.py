"""Pages of our own: static files that hold no data, so that they need no key; every call they make does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from flask import Blueprint, Flask, Response, request

from assist.errors import not_found

_TYPES: Mapping[str, str] = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TRUSTED_TYPES = "; require-trusted-types-for 'script'"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file of a page, read once at start."""

    content: bytes
    content_type: str


def register_page(app: Flask, name: str, *, trusted_types: bool = True) -> None:
    """Serve ``assist/static/<name>/index.html`` at ``/<name>``, and its other files below ``/static/<name>/``."""
    files = page_files(name)
    policy = _POLICY + (_TRUSTED_TYPES if trusted_types else "")
    pages = Blueprint(f"page_{name}", __name__)

    @pages.get(f"/{name}")
    def page() -> Response:
        return _reply(files["index.html"], policy)

    @pages.get(f"/static/{name}/<file>")
    def asset(file: str) -> Response:
        if file not in files:
            raise not_found()
        return _reply(files[file], policy)

    app.register_blueprint(pages)


def page_files(name: str) -> Mapping[str, StaticFile]:
    """Return the files of a page by name; nothing else can ever be asked for."""
    folder = resources.files("assist").joinpath("static", name)
    return {
        each.name: StaticFile(each.read_bytes(), _TYPES[each.name.rpartition(".")[2]])
        for each in folder.iterdir()
        if each.is_file() and each.name.rpartition(".")[2] in _TYPES
    }


def _reply(file: StaticFile, policy: str) -> Response:
    reply = Response(file.content, content_type=file.content_type, headers={"Cache-Control": "no-cache"})
    reply.headers["Content-Security-Policy"] = policy
    reply.add_etag()
    reply.make_conditional(request)
    return reply
