"""``POST /v1/feedback``: what agents did with suggestions."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.access import current_caller
from assist.api.answers_receipts import FeedbackAnswer
from assist.api.openapi import answers, blueprint, body_of, reads
from assist.api.replies import json_reply
from assist.api.request_ids import current_request_id
from assist.errors import ProblemError
from assist.feedback import FeedbackRefusedError, Told
from assist.schema_feedback import EventBody, FeedbackBody
from assist.services import Services


def feedback_api(services: Services) -> APIBlueprint:
    """Return the endpoint that takes feedback in."""
    api = blueprint("feedback", "What agents did with suggestions")

    @api.post(
        "/v1/feedback",
        operation_id="give_feedback",
        summary="Tell what an agent did with suggestions; each event counts once, however often it is sent",
        request_body=body_of(FeedbackBody),
        responses=answers(FeedbackAnswer, 400, 409, 413, 415, 422, 503),
    )
    @reads(FeedbackBody)
    def give_feedback(body: FeedbackBody) -> Response:
        try:
            counted = services.feedback.keep([_told(event) for event in body.events], api_key=current_caller().key_id)
        except FeedbackRefusedError as error:
            raise _refused(error) from None
        return json_reply(
            {
                "request_id": current_request_id(),
                "accepted": counted.accepted,
                "duplicates": counted.duplicates,
            }
        )

    return api


def _told(event: EventBody) -> Told:
    return Told(
        key=event.key,
        suggestion_id=event.suggestion_id,
        event=event.event,
        at=event.at,
        reason=event.reason,
        text_length=event.text_length,
        position=event.position,
    )


def _refused(error: FeedbackRefusedError) -> ProblemError:
    if error.conflict:
        detail = "A key is known with another event, so nothing of this body was kept; errors[] says which."
        return ProblemError(HTTPStatus.CONFLICT, detail, errors=error.problems)
    detail = "Some events cannot be kept, so nothing of this body was; errors[] says which and why."
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=error.problems)
