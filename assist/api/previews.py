"""``POST /v1/templates/preview``: a template that nobody has saved, linted and filled."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.answers_manage import PreviewAnswer
from assist.api.body import read_body
from assist.api.convert import to_case
from assist.api.headers import arrived_at
from assist.api.openapi import answers, blueprint, body_of
from assist.api.replies import json_reply
from assist.api.request_ids import current_request_id
from assist.api.serialise import rendered_json
from assist.previews import Preview
from assist.schemas import PreviewBody, RenderCaseBody
from assist.services import Services
from corpus.quicktext.lint import Remark


def previews_api(services: Services) -> APIBlueprint:
    """Return the endpoint that looks at an unsaved template."""
    api = blueprint("previews", "Templates before they are saved")

    @api.post(
        "/v1/templates/preview",
        operation_id="preview_template",
        summary="What is wrong with a template, and how it reads filled in; nothing is written",
        request_body=body_of(PreviewBody),
        responses=answers(PreviewAnswer, 400, 413, 415, 422, 503),
    )
    def preview() -> Response:
        body = read_body(PreviewBody)
        case = to_case(body.case or RenderCaseBody.model_validate({}))
        with services.gate.work(arrived_at()):
            found = services.previews.look(body.template, case, body.context or {}, body.language)
        return json_reply({"request_id": current_request_id(), **_preview_json(found)})

    return api


def _preview_json(preview: Preview) -> dict[str, Any]:
    return {
        "findings": [_remark_json(remark) for remark in preview.remarks],
        "rendered": None if preview.rendered is None else rendered_json(preview.rendered),
    }


def _remark_json(remark: Remark) -> dict[str, Any]:
    return {
        "severity": remark.severity,
        "code": remark.code,
        "pointer": remark.pointer,
        "detail": remark.message,
        "line": remark.line,
        "column": remark.column,
    }
