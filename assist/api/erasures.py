"""``POST /v1/erasures`` and ``GET /v1/erasures/{receipt}``: erase a case, a customer or an agent, with a receipt."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.access import current_caller
from assist.api.answers_receipts import ErasureAnswer
from assist.api.openapi import answer, answers, as_it_is, blueprint, body_of, path_value, reads
from assist.api.replies import json_reply
from assist.api.request_ids import current_request_id
from assist.erasing import SUBJECTS, ErasureRequest
from assist.errors import not_found
from assist.schemas import ErasureBody
from assist.services import Services
from corpus.receipts import Receipt
from corpus.times import format_time

_LOCAL = "local"
_NO_STORE = {"Cache-Control": "no-store"}


def erasures_api(services: Services) -> APIBlueprint:
    """Return the endpoints that erase and that show receipts."""
    api = blueprint("erasures", "Erasing people's data, with a receipt")
    accepted: dict[Any, Any] = {202: answer("Erased; copies wait for the next build", ErasureAnswer)}

    @api.post(
        "/v1/erasures",
        operation_id="erase",
        summary="Erase a case, all cases of a customer, or an agent; the receipt says where copies are left",
        request_body=body_of(ErasureBody),
        responses={**answers(ErasureAnswer, 400, 413, 415, 422, 503), **accepted},
    )
    @reads(ErasureBody)
    def erase(body: ErasureBody) -> Response:
        receipt = services.erasures.erase(_request(body), by=current_caller().key_id or _LOCAL)
        done = receipt.completed_at is not None
        return _reply(receipt, HTTPStatus.OK if done else HTTPStatus.ACCEPTED)

    @api.get(
        "/v1/erasures/<receipt_id>",
        operation_id="read_erasure",
        summary="Read the receipt of an erasure as it stands now",
        openapi_extensions=path_value("receipt_id", "Id of the receipt", {"type": "string"}),
        responses=answers(ErasureAnswer, 404, 503),
    )
    @as_it_is
    def read_erasure(receipt_id: str) -> Response:
        receipt = services.erasures.receipt(receipt_id)
        if receipt is None:
            raise not_found()
        return _reply(receipt, HTTPStatus.OK)

    return api


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as JSON; pseudonyms of agents are nobody's business."""
    gone, done = receipt.last_copy_gone_by, receipt.completed_at
    return {
        "receipt": receipt.id,
        "what": receipt.what,
        "at": format_time(receipt.at),
        "by": receipt.by,
        "erased": dict(receipt.erased),
        "left": list(receipt.left),
        "kept": list(receipt.kept),
        "last_copy_gone_by": None if gone is None else format_time(gone),
        "completed_at": None if done is None else format_time(done),
    }


def _request(body: ErasureBody) -> ErasureRequest:
    (subject,) = (each for each in SUBJECTS if getattr(body, each) is not None)
    return ErasureRequest(subject=subject, id=getattr(body, subject))


def _reply(receipt: Receipt, status: HTTPStatus) -> Response:
    return json_reply({"request_id": current_request_id(), **receipt_json(receipt)}, status, headers=_NO_STORE)
