"""What is told of each request once it is answered: one log line, and figures; never any text of it.

Of a request its route, not its path: a mistyped path may hold anything. Of a key its id, which is no secret.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, g, request

from assist.api.access import caller_or_none
from assist.api.headers import elapsed_ms
from assist.api.request_ids import current_request_id
from assist.faults import describe_fault
from assist.logs import FIELDS
from assist.metrics import Metrics
from assist.services import Services

OTHER = "other"
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_log = logging.getLogger("assist.requests")


def register_observation(app: Flask, services: Services) -> None:
    """Log and count every answer of the application."""

    @app.after_request
    def tell(response: Response) -> Response:
        _log_request(response)
        observe(lambda: _count(services.metrics, response))
        return response


def note(**facts: Any) -> None:
    """Add facts to the log line of this request: ids of snapshots, kinds, sizes and times only."""
    g.setdefault("told", {}).update(facts)


def observe(count: Callable[[], None]) -> None:
    """Count something; whatever goes wrong with that, the request goes on."""
    try:
        count()
    except Exception as error:  # figures must never cost anybody an answer
        _log.error("request_id=%s not counted: %s", current_request_id(), describe_fault(error))


def _count(metrics: Metrics, response: Response) -> None:
    known = request.url_rule is not None
    metrics.answered(
        endpoint=request.url_rule.rule if request.url_rule is not None else OTHER,
        method=request.method if known and request.method in _METHODS else OTHER,
        status=response.status_code,
        seconds=elapsed_ms() / 1000,
    )


def _log_request(response: Response) -> None:
    facts = _facts(response)
    text = " ".join(f"{name}={_plain(value)}" for name, value in facts.items())
    told: Mapping[str, Any] = g.get("told", {})
    _log.info("%s", text, extra={FIELDS: {"event": "request", **facts, **told}})


def _facts(response: Response) -> dict[str, Any]:
    caller, rule = caller_or_none(), request.url_rule
    return {
        "request_id": current_request_id(),
        "key": None if caller is None else caller.key_id,
        "method": request.method if rule else None,
        "route": rule.rule if rule else None,
        "status": response.status_code,
        "bytes_in": request.content_length,
        "bytes_out": response.content_length,
        "took_ms": elapsed_ms(),
    }


def _plain(value: object) -> str:
    return "-" if value is None else str(value)
