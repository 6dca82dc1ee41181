"""``POST /v1/reindex`` and ``GET /v1/jobs/{id}``: import the corpus folder of the deployment, and how that goes."""

from __future__ import annotations

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from pydantic import TypeAdapter

from assist.api.access import current_caller
from assist.api.answers import JobAnswer, ReindexAnswer
from assist.api.body import read_body
from assist.api.openapi import answers, as_it_is, blueprint, body_of, path_value
from assist.api.replies import json_reply
from assist.api.request_ids import current_request_id
from assist.errors import ProblemError, not_found
from assist.releases import NotNowError
from assist.schemas import ReindexBody
from assist.services import Services
from corpus.fields import Id
from corpus.times import format_time
from index.jobs import Job

LOCAL_PROGRAM = "program on this machine"
"""Who changed something while no keys are set up, as the audit tells it."""

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
        if request.content_length or request.headers.get("Transfer-Encoding"):
            read_body(ReindexBody)
        try:
            job = services.releases.reindex(acting_caller())
        except NotNowError as error:
            raise ProblemError(409, str(error)) from None
        return json_reply({"request_id": current_request_id(), "job_id": job.id}, 202)

    @api.get(
        "/v1/jobs/<job_id>",
        operation_id="read_job",
        summary="How a reindex goes",
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


def acting_caller() -> str:
    """Return who the audit says asked for a change."""
    return current_caller().key_id or LOCAL_PROGRAM


def _job_json(job: Job) -> dict[str, object]:
    return {
        "job_id": job.id,
        "status": job.status,
        "queued_at": format_time(job.queued_at),
        "started_at": format_time(job.started_at) if job.started_at else None,
        "finished_at": format_time(job.finished_at) if job.finished_at else None,
        "exit_code": job.exit_code,
        "messages": list(job.messages),
    }
