"""JSON answers of the API."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Response, request

from assist.api.headers import arrived_at
from assist.api.observation import note, observe
from assist.errors import unavailable
from assist.gate import RefusedError
from assist.services import EngineSource, Services, SuggestEngine

STARTING_RETRY_S = 5


def json_reply(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON in UTF-8; a number that JSON cannot express is a fault, never an answer."""
    return Response(_text(body), status=status, content_type="application/json", headers=dict(headers or {}))


def tagged_reply(body: Mapping[str, Any], cache_control: str) -> Response:
    """Return JSON with the hash of its content as ``ETag``, or 304 where the caller has just that."""
    reply = json_reply(body, headers={"Cache-Control": cache_control})
    reply.set_etag(tag_of(body))
    reply.make_conditional(request)
    return reply


def unchanging_reply(content: str | bytes, content_type: str) -> Response:
    """Return what changes with a release only: kept by browsers, and asked for again by its hash."""
    reply = Response(content, content_type=content_type, headers={"Cache-Control": "no-cache"})
    reply.add_etag()
    reply.make_conditional(request)
    return reply


def tag_of(body: Mapping[str, Any]) -> str:
    """Return the ``ETag`` of JSON: the hash of its content."""
    return hashlib.sha256(_text(body).encode("utf-8")).hexdigest()[:32]


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@contextmanager
def engine_at_work(services: Services) -> Iterator[SuggestEngine]:
    """Give the engine that answers this request, once it may work; 503 while there is none, or too much to do."""
    arrived = arrived_at()
    try:
        with services.gate.work(arrived):
            _tell_wait(services, services.gate.now() - arrived)
            yield _current(services.engines)
    except RefusedError as error:
        reason = error.reason
        observe(lambda: services.metrics.refused(reason))
        raise


def _tell_wait(services: Services, waited: float) -> None:
    note(wait_ms=round(waited * 1000, 1))
    observe(lambda: services.metrics.waited(waited))


def _current(engines: EngineSource) -> SuggestEngine:
    engine = engines.engine()
    if engine is None:
        raise unavailable(
            "No snapshot is open yet, so there is nothing to suggest from; try again after Retry-After.",
            STARTING_RETRY_S,
        )
    return engine
