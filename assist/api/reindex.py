"""``POST /v1/reindex`` and ``GET /v1/jobs/{id}``: import the corpus folder of the deployment, and how that goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TypeVar

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, TypeAdapter

from assist.api.access import current_caller
from assist.api.answers_jobs import JobAnswer, ReindexAnswer
from assist.api.body import read_body
from assist.api.openapi import answers, as_it_is, blueprint, body_of, path_value
from assist.api.replies import json_reply
from assist.api.request_ids import current_request_id
from assist.errors import ProblemError, not_found
from assist.job_starting import NotNowError
from assist.releases import ReindexWish
from assist.schemas import ReindexBody
from assist.services import Services
from corpus.fields import Id
from corpus.times import format_time
from corpus.wording import Problem
from index.jobs import Job

LOCAL_PROGRAM = "program on this machine"
"""Who changed something while no keys are set up, as the audit tells it."""

BodyT = TypeVar("BodyT", bound=BaseModel)
_ID_SCHEMA = TypeAdapter(Id).json_schema()


def reindex_api(services: Services) -> APIBlueprint:
    """Return the endpoints that import and index while the service runs."""
    api = blueprint("releases", "Which corpus and which snapshot serve")

    @api.post(
        "/v1/reindex",
        operation_id="reindex",
        summary="Import the corpus folder of the deployment, index it, and let it serve",
        request_body=body_of(ReindexBody, required=False),
        responses=answers(ReindexAnswer, 400, 409, 413, 415, 422, status=202),
    )
    def reindex() -> Response:
        body = optional_body(ReindexBody)
        return begun(lambda: services.releases.reindex(acting_caller(), _wish(services, body)))

    @api.get(
        "/v1/jobs/<job_id>",
        operation_id="read_job",
        summary="How a job goes",
        openapi_extensions=path_value("job_id", "Id of the job", _ID_SCHEMA),
        responses=answers(JobAnswer, 404),
    )
    @as_it_is
    def read_job(job_id: str) -> Response:
        job = services.releases.job(job_id)
        if job is None:
            raise not_found()
        return json_reply({"request_id": current_request_id(), **_job_json(job)})

    return api


def optional_body(model: type[BodyT]) -> BodyT:
    """Return the body of this request; one with nothing in it where none was sent."""
    if request.content_length or request.headers.get("Transfer-Encoding"):
        return read_body(model)
    return model()


def begun(start: Callable[[], Job]) -> Response:
    """Answer that a job was begun, or why it was not."""
    try:
        job = start()
    except NotNowError as error:
        raise ProblemError(409, str(error)) from None
    return json_reply({"request_id": current_request_id(), "job_id": job.id}, 202)


def acting_caller() -> str:
    """Return who the audit says asked for a change."""
    return current_caller().key_id or LOCAL_PROGRAM


def _wish(services: Services, body: ReindexBody) -> ReindexWish:
    folder = None if body.upload is None else services.uploads.folder(body.upload)
    if body.upload is not None and folder is None:
        message = "found no upload of this id, expected one of the last day (`GET /v1/uploads`): send the corpus again"
        raise ProblemError(422, errors=[Problem("/upload", message)])
    return ReindexWish(folder=folder, mode=body.mode or "full", force=bool(body.force))


def _job_json(job: Job) -> dict[str, object]:
    return {
        "job_id": job.id,
        "kind": job.kind,
        "status": job.status,
        "queued_at": format_time(job.queued_at),
        "started_at": format_time(job.started_at) if job.started_at else None,
        "finished_at": format_time(job.finished_at) if job.finished_at else None,
        "exit_code": job.exit_code,
        "messages": list(job.messages),
        "progress": asdict(job.progress) if job.progress else None,
        "result": job.result,
    }
