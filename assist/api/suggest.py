"""``POST /v1/suggest``: what helps with this case."""

from __future__ import annotations

import time

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.access import current_caller
from assist.api.answers_suggest import SuggestAnswer
from assist.api.convert import to_suggest_request
from assist.api.headers import elapsed_ms
from assist.api.observation import note, observe
from assist.api.openapi import answers, blueprint, body_of, reads
from assist.api.replies import engine_at_work, json_reply
from assist.api.request_ids import current_request_id
from assist.api.serialise import suggestions_json
from assist.schemas import SuggestBody
from assist.services import Services


def suggest_api(services: Services) -> APIBlueprint:
    """Return the endpoint that suggests articles, templates, actions and similar cases."""
    api = blueprint("suggest", "Suggestions for an open case")

    @api.post(
        "/v1/suggest",
        operation_id="suggest",
        summary="Suggest articles, templates, actions and similar cases for a case",
        request_body=body_of(SuggestBody),
        responses=answers(SuggestAnswer, 400, 413, 415, 422, 503),
    )
    @reads(SuggestBody)
    def suggest(question: SuggestBody) -> Response:
        with engine_at_work(services) as engine:
            asked = to_suggest_request(question, current_caller().audiences)
            begin = time.perf_counter()
            found = engine.suggest(asked)
            took = time.perf_counter() - begin
        note(
            snapshot=found.snapshot,
            abstained=list(found.abstained),
            stages_ms={**found.timings_ms, "whole": round(took * 1000, 2)},
        )
        observe(lambda: services.metrics.suggested(asked.limits, found, took))
        return json_reply(
            {
                "request_id": current_request_id(),
                **suggestions_json(found),
                "took_ms": elapsed_ms(),
                "timings_ms": {stage: round(value, 3) for stage, value in found.timings_ms.items()},
            }
        )

    return api
