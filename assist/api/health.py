"""Probes: is the process alive, can it answer, what runs here."""

from __future__ import annotations

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.answers_service import LiveAnswer, ReadyAnswer, VersionAnswer
from assist.api.openapi import answer, answers, blueprint
from assist.api.replies import STARTING_RETRY_S, json_reply
from assist.readiness import readiness_of
from assist.services import Services


def health_api(services: Services) -> APIBlueprint:
    """Return ``/healthz``, ``/readyz`` and ``/version``."""
    api = blueprint("operations", "Probes for the platform the service runs on")

    @api.get("/healthz", operation_id="health", summary="Is the process alive?", responses=answers(LiveAnswer))
    def health() -> Response:
        return json_reply({"status": "ok"})

    ready_answers = {**answers(ReadyAnswer), 503: answer("Starting", ReadyAnswer)}

    @api.get("/readyz", operation_id="readiness", summary="Can it answer?", responses=ready_answers)
    def readiness() -> Response:
        state = readiness_of(services.engines, services.callers)
        body = {"status": state.status, "reasons": list(state.reasons), "snapshot": state.snapshot}
        if state.status == "starting":
            return json_reply(body, 503, {"Retry-After": str(STARTING_RETRY_S)})
        return json_reply(body)

    @api.get("/version", operation_id="version", summary="What runs here?", responses=answers(VersionAnswer))
    def version() -> Response:
        about = services.version
        return json_reply({"name": about.name, "version": about.version, "encoder": about.encoder})

    return api
