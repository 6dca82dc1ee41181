"""One shape for every error: problem details (RFC 9457), with what was found, expected and how to mend it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from assist.api.request_ids import current_request_id
from assist.faults import describe_fault
from assist.unavailable import Unavailable
from corpus.store_errors import StoreAwayError, StoreBusyError
from corpus.wording import Problem

MEDIA_TYPE = "application/problem+json"
MAX_LISTED = 100
MAX_TOLD = 400
# A lock ends with the import or edit that holds it; whatever else keeps a store away takes a person to mend.
STORE_BUSY_RETRY_S = 5
STORE_AWAY_RETRY_S = 30
_TYPE = "urn:stichwort:problem:"
_log = logging.getLogger("assist.errors")


@dataclass(frozen=True, slots=True)
class _Known:
    slug: str
    title: str
    detail: str


_KNOWN: Mapping[int, _Known] = {
    400: _Known("malformed-request", "Malformed request", "Send well-formed HTTP and strict JSON."),
    401: _Known("no-valid-key", "No valid API key", "Send a valid API key."),
    403: _Known("not-allowed", "Not allowed", "The API key does not cover this; use one with the scope it needs."),
    404: _Known("not-found", "Not found", "There is nothing at this address that you may see; check path and id."),
    405: _Known("method-not-allowed", "Method not allowed", "Use one of the methods named in the Allow header."),
    409: _Known("conflict", "Conflict", "The request contradicts an earlier one; use a new key for another body."),
    412: _Known("precondition-failed", "Precondition failed", "The record changed meanwhile; read it again."),
    413: _Known("body-too-large", "Body too large", "The body is larger than allowed; send less at a time."),
    415: _Known("unsupported-media-type", "Unsupported media type", "Send JSON with Content-Type: application/json."),
    422: _Known("invalid-body", "Invalid body", "The body does not fit the schema; mend what errors[] lists."),
    429: _Known("too-many-requests", "Too many requests", "Send fewer requests, and the next one after Retry-After."),
    500: _Known("internal-error", "Internal error", "An unexpected fault, logged with this request_id; report it."),
    503: _Known("unavailable", "Temporarily unavailable", "Try again after Retry-After."),
}


class ProblemError(Exception):
    """An answer other than success; ``detail`` and ``errors`` say what was found, expected and how to mend it."""

    def __init__(
        self,
        status: int,
        detail: str | None = None,
        *,
        errors: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {_known(status).title}")
        self.status = status
        self.detail = detail or _known(status).detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    @property
    def phrase(self) -> str:
        """The reason phrase of the status line."""
        return HTTPStatus(self.status).phrase


def not_found() -> ProblemError:
    """Return the answer to an id that is unknown or not visible; the two cannot be told apart."""
    return ProblemError(404)


def unavailable(detail: str, retry_after_s: int) -> ProblemError:
    """Return a 503 that says when to come back (seconds)."""
    return ProblemError(503, detail, headers={"Retry-After": str(retry_after_s)})


def problem_text(problem: ProblemError, *, instance: str, request_id: str) -> str:
    """Return the problem as JSON; ``instance`` is the path that was asked for."""
    known = _known(problem.status)
    listed = problem.errors[:MAX_LISTED]
    body: dict[str, Any] = {
        "type": _TYPE + known.slug,
        "title": known.title,
        "status": problem.status,
        "detail": _brief(problem.detail),
        "instance": _brief(quote(instance, safe="/:@!$&'()*+,;=~")),
        "request_id": request_id,
        "errors": [{"pointer": _brief(error.pointer), "detail": _brief(error.message)} for error in listed],
    }
    return json.dumps(body, ensure_ascii=False)


def problem_response(problem: ProblemError) -> Response:
    """Return the problem as ``application/problem+json``."""
    return Response(
        problem_text(problem, instance=request.path, request_id=current_request_id()),
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **problem.headers},
    )


def register_error_handlers(app: Flask) -> None:
    """Answer every error of the application with a problem."""
    app.register_error_handler(ProblemError, problem_response)
    app.register_error_handler(Unavailable, _on_unavailable)
    app.register_error_handler(StoreAwayError, _on_store_away)
    app.register_error_handler(HTTPException, _on_http_exception)
    app.register_error_handler(Exception, _on_fault)


def _on_unavailable(error: Unavailable) -> Response:
    return problem_response(unavailable(f"{error}; try again after Retry-After.", error.retry_after_s))


def _on_store_away(error: StoreAwayError) -> Response:
    # The message names paths of this machine, which are for its operator.
    _log.error("request_id=%s store away: %s", current_request_id(), error)
    if isinstance(error, StoreBusyError):
        detail = "The store is locked by another process, so nothing was read or written; try again after Retry-After."
        return problem_response(unavailable(detail, STORE_BUSY_RETRY_S))
    detail = "The store cannot be used now, so nothing was read or written; try again after Retry-After."
    return problem_response(unavailable(detail, STORE_AWAY_RETRY_S))


def _on_http_exception(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error
    headers = {
        key: value for key, value in error.get_headers() if key.lower() not in ("content-type", "content-length")
    }
    return problem_response(ProblemError(status, headers=headers))


def _on_fault(error: Exception) -> Response:
    _log.error("request_id=%s unexpected fault: %s", current_request_id(), describe_fault(error))
    return problem_response(ProblemError(500))


def _brief(text: str) -> str:
    # Keys and paths are the caller's, too: an error points at what was sent and never sends it back at length.
    return text if len(text) <= MAX_TOLD else f"{text[:MAX_TOLD]}…"


def _known(status: int) -> _Known:
    if status in _KNOWN:
        return _KNOWN[status]
    title = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    return _Known(title.lower().replace(" ", "-"), title, f"{title}.")
