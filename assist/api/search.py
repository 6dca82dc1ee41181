"""``POST /v1/search``: free search in the knowledge base."""

from __future__ import annotations

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.access import current_caller
from assist.api.answers_search import SearchAnswer
from assist.api.convert import to_search_request
from assist.api.headers import elapsed_ms
from assist.api.openapi import answers, blueprint, body_of, reads
from assist.api.replies import engine_at_work, json_reply
from assist.api.request_ids import current_request_id
from assist.api.serialise import search_json
from assist.schemas import SearchBody
from assist.services import Services


def search_api(services: Services) -> APIBlueprint:
    """Return the endpoint that searches all kinds of records."""
    api = blueprint("search", "Free search")

    @api.post(
        "/v1/search",
        operation_id="search",
        summary="Search articles, templates, actions and cases",
        request_body=body_of(SearchBody),
        responses=answers(SearchAnswer, 400, 413, 415, 422, 503),
    )
    @reads(SearchBody)
    def search(question: SearchBody) -> Response:
        with engine_at_work(services) as engine:
            found = engine.search(to_search_request(question, current_caller().audiences))
        return json_reply({"request_id": current_request_id(), **search_json(found), "took_ms": elapsed_ms()})

    return api
