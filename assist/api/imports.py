"""``/v1/imports``: what was imported when, what undoing one would change, and undoing it."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.answers_jobs import ReindexAnswer
from assist.api.answers_manage import ChangesAnswer, ImportsAnswer
from assist.api.openapi import answers, as_it_is, blueprint, path_value
from assist.api.reindex import acting_caller, begun
from assist.api.replies import json_reply
from assist.api.request_ids import current_request_id
from assist.errors import ProblemError, not_found
from assist.job_starting import NotNowError
from assist.services import Services
from corpus.differences import Changes
from corpus.stored import ImportEntry
from corpus.times import format_time
from index.erased_lines import UPLOADS

MOST_IDS = 1_000
_PATH = path_value("import_id", "Number of the import", {"type": "integer", "minimum": 1})


def imports_api(services: Services) -> APIBlueprint:
    """Return the endpoints that list imports and take one back."""
    api = blueprint("imports", "What was imported, and taking it back")

    @api.get(
        "/v1/imports",
        operation_id="list_imports",
        summary="All imports, newest first",
        responses=answers(ImportsAnswer, 503),
    )
    def list_all() -> Response:
        found = [_import_json(entry) for entry in services.management.imports()]
        return json_reply({"request_id": current_request_id(), "imports": found})

    @api.get(
        "/v1/imports/<import_id>/undo",
        operation_id="preview_undo",
        summary="What undoing an import would change in what is live; nothing is written",
        openapi_extensions=_PATH,
        responses=answers(ChangesAnswer, 404, 409, 503),
    )
    @as_it_is
    def preview(import_id: str) -> Response:
        number = _known(services, import_id)
        try:
            changes = services.management.undo_preview(number)
        except NotNowError as error:
            raise ProblemError(409, str(error)) from None
        return json_reply({"request_id": current_request_id(), **changes_json(changes)})

    @api.post(
        "/v1/imports/<import_id>/undo",
        operation_id="undo_import",
        summary="Begin to undo an import, and to let what was before it serve; later edits and erasures stay",
        openapi_extensions=_PATH,
        responses=answers(ReindexAnswer, 404, 409, 503, status=202),
    )
    @as_it_is
    def undo(import_id: str) -> Response:
        number = _known(services, import_id)
        return begun(lambda: services.management.undo(number, acting_caller()))

    return api


def changes_json(changes: Changes) -> dict[str, Any]:
    """Return how many records differ, and the ids of the first thousand of each sort."""
    by_kind = changes.to_json()
    return {
        "total": changes.total,
        "counts": {kind: {what: len(ids) for what, ids in parts.items()} for kind, parts in by_kind.items()},
        "changes": {kind: {what: ids[:MOST_IDS] for what, ids in parts.items()} for kind, parts in by_kind.items()},
    }


def _known(services: Services, import_id: str) -> int:
    for entry in services.management.imports():
        if str(entry.id) == import_id:
            return entry.id
    raise not_found()


def _import_json(entry: ImportEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": format_time(entry.finished_at),
        "mode": entry.mode,
        "source": _source(entry.source),
        "counts": {kind: dict(counts) for kind, counts in entry.counts.items()},
        "undone_at": format_time(entry.undone_at) if entry.undone_at else None,
    }


def _source(path: str) -> str:
    """Return the folder's own name: where it lies on the machine is its operator's business."""
    parts = [part for part in path.split("/") if part]
    if len(parts) > 1 and parts[-2] == UPLOADS:
        return f"upload {parts[-1]}"
    return parts[-1] if parts else ""
