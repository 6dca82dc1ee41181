"""``/v1/snapshots``: which snapshots there are, how they differ, and letting one serve."""

from __future__ import annotations

import logging

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from pydantic import TypeAdapter

from assist.api.answers_jobs import ActivateAnswer, SnapshotsAnswer
from assist.api.answers_manage import SnapshotChangesAnswer
from assist.api.imports import changes_json
from assist.api.openapi import answers, as_it_is, blueprint, path_value, query_value
from assist.api.reindex import acting_caller
from assist.api.replies import json_reply
from assist.api.request_ids import current_request_id
from assist.errors import ProblemError, not_found, unavailable
from assist.services import Services
from corpus.differences import Changes
from corpus.fields import Id
from corpus.times import format_time
from index.locks import WriterBusyError
from index.snapshot import DamagedSnapshotError, SnapshotError, SnapshotInfo, UnknownSnapshotError

_ID_SCHEMA = TypeAdapter(Id).json_schema()
_PATH = path_value("snapshot_id", "Id of the snapshot", _ID_SCHEMA)
_TO = query_value("to", "Id of the other snapshot; absent: the one that serves", _ID_SCHEMA)
_RETRY_S = 30
_log = logging.getLogger(__name__)


def snapshots_api(services: Services) -> APIBlueprint:
    """Return the endpoints that list snapshots and let one serve."""
    api = blueprint("snapshots", "The indexes that are kept")

    @api.get(
        "/v1/snapshots",
        operation_id="list_snapshots",
        summary="Which snapshots are kept, and which one serves",
        responses=answers(SnapshotsAnswer),
    )
    def list_all() -> Response:
        found = [_snapshot_json(info) for info in services.releases.snapshots()]
        return json_reply({"request_id": current_request_id(), "snapshots": found})

    @api.get(
        "/v1/snapshots/<snapshot_id>/diff",
        operation_id="compare_snapshots",
        summary="How the records of one snapshot differ from those of another",
        openapi_extensions={"parameters": [*_PATH["parameters"], _TO]},
        responses=answers(SnapshotChangesAnswer, 404, 409),
    )
    @as_it_is
    def differences(snapshot_id: str) -> Response:
        after = request.args.get("to") or _serving(services)
        changes = _differences(services, snapshot_id, after)
        named = {"before": snapshot_id, "after": after}
        return json_reply({"request_id": current_request_id(), **named, **changes_json(changes)})

    @api.post(
        "/v1/snapshots/<snapshot_id>/activate",
        operation_id="activate_snapshot",
        summary="Let a snapshot serve",
        openapi_extensions=_PATH,
        responses=answers(ActivateAnswer, 404, 409),
    )
    @as_it_is
    def activate(snapshot_id: str) -> Response:
        info = _activate(services, snapshot_id)
        return json_reply({"request_id": current_request_id(), **_snapshot_json(info)})

    return api


def _activate(services: Services, snapshot_id: str) -> SnapshotInfo:
    try:
        return services.releases.activate(snapshot_id, acting_caller())
    except UnknownSnapshotError:
        raise not_found() from None
    except DamagedSnapshotError as error:
        raise _damaged(snapshot_id, error) from None
    except WriterBusyError:
        raise ProblemError(409, "An import or a build is under way; wait until it has ended, then ask again.") from None
    except SnapshotError as error:
        _log.error("snapshot %s could not be activated: %s", snapshot_id, error)  # it names paths of this machine
        raise unavailable("The state directory cannot be written now, so that nothing changed.", _RETRY_S) from None


def _serving(services: Services) -> str:
    for info in services.releases.snapshots():
        if info.is_current:
            return info.id
    raise not_found()


def _differences(services: Services, before: str, after: str) -> Changes:
    try:
        return services.releases.differences(before, after)
    except UnknownSnapshotError:
        raise not_found() from None
    except DamagedSnapshotError as error:
        raise _damaged(f"{before} or {after}", error) from None


def _damaged(snapshot: str, error: DamagedSnapshotError) -> ProblemError:
    files = ", ".join(sorted({problem.file for problem in error.problems}))
    return ProblemError(
        409, f"Snapshot {snapshot} is damaged ({files}), expected a good one; activate another, or reindex."
    )


def _snapshot_json(info: SnapshotInfo) -> dict[str, object]:
    return {
        "id": info.id,
        "created_at": format_time(info.created_at) if info.created_at else None,
        "counts": dict(info.counts),
        "bytes": info.bytes,
        "current": info.is_current,
        "problems": [str(problem) for problem in info.problems],
    }
