"""``POST /v1/templates/{id}/render``: one template filled for a case, alone or as a whole letter."""

from __future__ import annotations

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import TypeAdapter

from assist.api.access import current_caller
from assist.api.answers_suggest import RenderedAnswer
from assist.api.body import read_body
from assist.api.convert import to_render_request
from assist.api.openapi import answers, as_it_is, blueprint, body_of, path_value
from assist.api.replies import engine_at_work, json_reply
from assist.api.serialise import rendered_json
from assist.errors import not_found
from assist.schemas import RenderBody
from assist.services import Services
from corpus.fields import Id

_ID_SCHEMA = TypeAdapter(Id).json_schema()


def render_api(services: Services) -> APIBlueprint:
    """Return the endpoint that fills one template."""
    api = blueprint("templates", "Filling templates")

    def render(record_id: str) -> Response:
        asked = to_render_request(read_body(RenderBody), record_id, current_caller().audiences)
        with engine_at_work(services) as engine:
            rendered = engine.render(asked)
        if rendered is None:
            raise not_found()
        return json_reply(rendered_json(rendered))

    api.post(
        "/v1/templates/<record_id>/render",
        operation_id="render_template",
        summary="Fill a template for a case; with header, footer, snippets and further replies where asked",
        request_body=body_of(RenderBody),
        openapi_extensions=path_value("record_id", "Id of the template", _ID_SCHEMA),
        responses=answers(RenderedAnswer, 400, 404, 413, 415, 422, 503),
    )(as_it_is(render))
    return api
