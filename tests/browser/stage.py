"""The real application under a real server, beside pages of a host; its engine can be held, failed, changed."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

from assist.app import create_app
from assist.callers import LocalCallers
from assist.feedback import Told
from assist.gate import Gate
from assist.models import RenderedTemplate, SearchRequest, SearchResults, Suggestions, SuggestRequest
from assist.rendering import RenderRequest
from assist.services import SuggestEngine
from assist.shortcodes import Shortcode
from corpus.feedback_store import Counted
from corpus.models import Kind, Pin, Record
from tests.local_services import PUBLIC, local_services
from tests.security.toy_service import COMPANY, Fixed, Indexer

HOSTS = Path(__file__).parent / "hosts"
RECIPES = Path(__file__).parents[2] / "docs" / "recipes"
STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'"
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Records = Mapping[Kind, Sequence[Record]]


class Stage:
    """An engine whose answers can be held back, made to fail, or come from other records from now on."""

    def __init__(self, engine: SuggestEngine) -> None:
        self.engine = engine
        self.fault: Exception | None = None
        self.asked: list[SuggestRequest] = []
        self._open = threading.Event()
        self._open.set()
        self.least: float | None = None

    def hold(self) -> None:
        """Let nothing be answered until ``release``."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    def suggest(self, request: SuggestRequest) -> Suggestions:
        self.asked.append(request)
        self._wait()
        return self.engine.suggest(replace(request, min_confidence=self.least))

    def search(self, request: SearchRequest) -> SearchResults:
        return self.engine.search(request)

    def render(self, request: RenderRequest) -> RenderedTemplate | None:
        self._wait()
        return self.engine.render(request)

    def record(self, kind: Kind, record_id: str, audiences: frozenset[str]) -> Record | None:
        self._wait()
        return self.engine.record(kind, record_id, audiences)

    def all_pins(self) -> tuple[Pin, ...]:
        return self.engine.all_pins()

    def shortcodes(self, audiences: frozenset[str]) -> tuple[Shortcode, ...]:
        return self.engine.shortcodes(audiences)

    def _wait(self) -> None:
        if not self._open.wait(30):
            raise TimeoutError("nobody released what was held")
        if self.fault is not None:
            raise self.fault


@dataclass
class Desk:
    """Keeps all feedback in memory, in the order in which it came; each of ``faults`` refuses one body."""

    told: list[Told] = field(default_factory=list)
    bodies: int = 0
    faults: list[Exception] = field(default_factory=list)

    def keep(self, told: Sequence[Told], *, api_key: str | None) -> Counted:
        self.bodies += 1
        if self.faults:
            raise self.faults.pop()
        known = {each.key for each in self.told}
        fresh = [each for each in told if each.key not in known]
        self.told += fresh
        return Counted(accepted=len(fresh), duplicates=len(told) - len(fresh))

    def events(self, event: str) -> list[Told]:
        return [each for each in self.told if each.event == event]


class Site:
    """The service, and a CRM of another origin that may embed it."""

    def __init__(self, indexer: Indexer, records: Records) -> None:
        self._indexer, self._records = indexer, records
        self._first = indexer.suggester(records)
        self.stage = Stage(self._first)
        self.desk = Desk()
        self._crm = _serve(_pages(None, {}))
        self.crm = _address(self._crm)
        pages = frozenset({self.crm})
        services = local_services(
            Fixed(self.stage),
            callers=LocalCallers(PUBLIC, pages),
            feedback=self.desk,
            gate=Gate(at_work=8, deadline_s=60),
            company=COMPANY,
            embed_ancestors=pages,
            desk=True,
        )
        self._service = _serve(_pages(create_app(services), {"Content-Security-Policy": STRICT}))
        self.service = _address(self._service)

    def reset(self) -> None:
        """Begin anew: nothing held, failed, withdrawn or told."""
        self.stage.release()
        self.stage.fault, self.stage.least, self.stage.engine = None, None, self._first
        self.stage.asked.clear()
        self.desk.told.clear()
        self.desk.faults.clear()
        self.desk.bodies = 0

    def serve_records(self, change: Callable[[dict[Kind, list[Record]]], None]) -> None:
        """Let changed records serve from now on."""
        changed = {kind: list(records) for kind, records in self._records.items()}
        change(changed)
        self.stage.engine = self._indexer.suggester(changed)

    def stop(self) -> None:
        self.stage.release()
        for server in (self._service, self._crm):
            server.shutdown()
            server.server_close()


def _pages(app: WSGI | None, headers: Mapping[str, str]) -> WSGI:
    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = str(environ["PATH_INFO"])
        file = _file(path)
        if file is not None:
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            start("200 OK", [("Content-Type", f"{kind}; charset=utf-8"), *headers.items()])
            return [file.read_bytes()]
        if app is None:
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b""]
        return app(environ, start)

    return answer


def _file(path: str) -> Path | None:
    _, folder, *parts = path.split("/")
    if folder == "recipes":
        # Each app has a copy of the bridge beside its own files.
        return RECIPES / parts[-1] if parts[-1] == "bridge.js" else RECIPES.joinpath(*parts)
    return HOSTS / parts[-1] if folder == "hosts" else None


def _serve(app: WSGI) -> BaseWSGIServer:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _address(server: BaseWSGIServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"
