"""``GET /v1/pins``: what managers decided about items, all of it, since no search finds a pin."""

from __future__ import annotations

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.answers_manage import PinsAnswer
from assist.api.openapi import answers, blueprint
from assist.api.record_json import record_json
from assist.api.replies import engine_at_work, json_reply
from assist.api.request_ids import current_request_id
from assist.services import Services


def pins_api(services: Services) -> APIBlueprint:
    """Return the endpoint that lists pins."""
    api = blueprint("pins", "What managers decided about items")

    @api.get(
        "/v1/pins",
        operation_id="list_pins",
        summary="All pins by id, with drafts and those that have ended",
        responses=answers(PinsAnswer, 503),
    )
    def list_all() -> Response:
        with engine_at_work(services) as engine:
            found = [record_json(pin) for pin in engine.all_pins()]
        return json_reply({"request_id": current_request_id(), "pins": found})

    return api
