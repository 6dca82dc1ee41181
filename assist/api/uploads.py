"""``/v1/uploads``: a corpus sent by a manager, kept for a day, checked, and imported by its id."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint

from assist.api.answers_jobs import ReindexAnswer
from assist.api.answers_manage import UploadAnswer, UploadsAnswer
from assist.api.body import body_pieces
from assist.api.openapi import answers, as_it_is, blueprint, body_of, path_value, query_value
from assist.api.reindex import begun, optional_body
from assist.api.replies import json_reply
from assist.api.request_ids import current_request_id
from assist.errors import ProblemError, not_found
from assist.job_starting import NotNowError
from assist.schemas import CheckBody
from assist.services import Services
from assist.upload_reading import UnusableUploadError
from assist.uploads import Form, Upload, UploadTooLargeError
from corpus.models import KINDS
from corpus.times import format_time
from corpus.wording import Problem, show

ZIP = "application/zip"
LINES = "application/x-ndjson"
_BINARY = {"type": "string", "format": "binary"}
_SENT = {"content": {ZIP: {"schema": _BINARY}, LINES: {"schema": _BINARY}}, "required": True}
_KIND = query_value("kind", f"The kind of the records, where one file is sent as {LINES}", {"enum": list(KINDS)})
_PATH = path_value("upload_id", "Id of the upload", {"type": "string"})


def uploads_api(services: Services) -> APIBlueprint:
    """Return the endpoints that take, list, check and drop uploads."""
    api = blueprint("uploads", "Corpora sent by a manager")

    @api.post(
        "/v1/uploads",
        operation_id="upload_corpus",
        summary="Send a corpus: a zip of its folder, or one file of JSON Lines; it is kept for a day, and not imported",
        request_body=_SENT,
        openapi_extensions={"parameters": [_KIND]},
        responses=answers(UploadAnswer, 400, 409, 413, 415, 422, 503, status=201),
    )
    def upload() -> Response:
        kept = _keep(services, _form())
        return json_reply({"request_id": current_request_id(), **_upload_json(kept)}, 201)

    @api.get(
        "/v1/uploads",
        operation_id="list_uploads",
        summary="Which uploads are kept now, newest first",
        responses=answers(UploadsAnswer),
    )
    def list_all() -> Response:
        found = [_upload_json(each) for each in services.uploads.all()]
        return json_reply({"request_id": current_request_id(), "uploads": found})

    _add_single(api, services)
    return api


def _add_single(api: APIBlueprint, services: Services) -> None:
    @api.delete(
        "/v1/uploads/<upload_id>",
        operation_id="remove_upload",
        summary="Remove an upload before its day is over",
        openapi_extensions=_PATH,
        responses={204: {"description": "Removed"}, **_without_success(404)},
    )
    @as_it_is
    def remove(upload_id: str) -> Response:
        if not services.uploads.remove(upload_id):
            raise not_found()
        return Response(status=204)

    @api.post(
        "/v1/uploads/<upload_id>/check",
        operation_id="check_upload",
        summary="Begin to find out what importing an upload would change; the job's result tells, nothing is imported",
        request_body=body_of(CheckBody, required=False),
        openapi_extensions=_PATH,
        responses=answers(ReindexAnswer, 400, 404, 409, 413, 415, 422, status=202),
    )
    @as_it_is
    def check(upload_id: str) -> Response:
        body = optional_body(CheckBody)
        folder = services.uploads.folder(upload_id)
        if folder is None:
            raise not_found()
        return begun(lambda: services.management.check(folder, body.mode or "full"))


def _form() -> Form:
    if request.mimetype == ZIP:
        return "zip"
    if request.mimetype != LINES:
        raise ProblemError(415, f"Found another media type, expected Content-Type: {ZIP} or {LINES}.")
    found = request.args.get("kind", "")
    for kind in KINDS:
        if found == kind:
            return kind
    raise ProblemError(
        422,
        "One file of JSON Lines holds records of one kind, which the query names, such as ?kind=articles.",
        errors=[Problem("", f"found the kind {show(found)}, expected one of {', '.join(KINDS)}")],
    )


def _keep(services: Services, form: Form) -> Upload:
    most = services.uploads.most_bytes
    too_large = ProblemError(
        413,
        f"The upload is larger than {most} bytes; send fewer files at a time, pack them as a zip, or have "
        "ASSIST_UPLOAD_MB raised.",
    )
    try:
        return services.uploads.keep(body_pieces(most, too_large), form)
    except UploadTooLargeError:
        raise too_large from None
    except NotNowError as error:
        raise ProblemError(409, str(error)) from None
    except UnusableUploadError as error:
        raise ProblemError(422, "The upload is no corpus; nothing was kept.", errors=error.problems) from None


def _upload_json(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.id,
        "created_at": format_time(upload.created_at),
        "files": [{"name": name, "bytes": size} for name, size in upload.files],
        "ignored": list(upload.ignored),
    }


def _without_success(*statuses: int) -> dict[Any, Any]:
    return {status: what for status, what in answers(UploadAnswer, *statuses).items() if status != 200}
