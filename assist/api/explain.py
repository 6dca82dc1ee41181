"""``POST /v1/explain``: why a case is given what it is given, for those who look after the corpus."""

from __future__ import annotations

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.access import current_caller, not_allowed
from assist.api.answers_explain import ExplainAnswer
from assist.api.convert import to_explain_request
from assist.api.headers import elapsed_ms
from assist.api.openapi import answers, blueprint, body_of, reads
from assist.api.replies import engine_at_work, json_reply
from assist.api.request_ids import current_request_id
from assist.errors import not_found
from assist.explaining.as_json import explanation_json
from assist.explaining.models import UnknownItemError
from assist.schema_explain import ExplainBody
from assist.services import Services


def explain_api(services: Services) -> APIBlueprint:
    """Return the endpoint that explains suggestions."""
    api = blueprint("explain", "Why a case is given what it is given")

    @api.post(
        "/v1/explain",
        operation_id="explain",
        summary="Tell what was considered for a case, what was held back, and why",
        request_body=body_of(ExplainBody),
        responses=answers(ExplainAnswer, 400, 403, 404, 413, 415, 422, 503),
    )
    @reads(ExplainBody)
    def explain(question: ExplainBody) -> Response:
        own = current_caller().audiences
        foreign = sorted(set(question.audiences or ()) - own)
        if foreign:
            raise not_allowed(
                f"Found audiences that the key has not ({', '.join(foreign[:5])}), expected some of "
                f"{', '.join(sorted(own))}: ask with a key that has them."
            )
        try:
            with engine_at_work(services) as engine:
                told = engine.explain(to_explain_request(question, own))
        except UnknownItemError:
            raise not_found() from None
        return json_reply(
            {"request_id": current_request_id(), **explanation_json(told), "took_ms": elapsed_ms()},
            headers={"Cache-Control": "no-store"},
        )

    return api
