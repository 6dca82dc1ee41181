"""``POST /v1/tokens``: a short-lived token for one web page, asked for by the holder of a key."""

from __future__ import annotations

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.access import current_caller, not_allowed
from assist.api.answers_service import TokenAnswer
from assist.api.openapi import answers, blueprint, body_of, reads
from assist.api.replies import json_reply
from assist.api.request_ids import current_request_id
from assist.api.scopes import TOKENS
from assist.callers import NotAllowedError
from assist.schemas import TokenBody
from assist.services import Services
from assist.tokens import MAX_MINUTES, TokenWish, grant
from corpus.times import format_time


def tokens_api(services: Services) -> APIBlueprint:
    """Return the endpoint that gives tokens to holders of keys."""
    api = blueprint("tokens", "Short-lived tokens for web pages")

    @api.post(
        TOKENS,
        operation_id="create_token",
        summary="Get a short-lived token that one web page may use instead of the key",
        request_body=body_of(TokenBody),
        responses=answers(TokenAnswer, 400, 413, 415, 422),
    )
    @reads(TokenBody)
    def create_token(wish: TokenBody) -> Response:
        try:
            token = grant(current_caller(), _wish(wish), origins=services.origins)
        except NotAllowedError as error:
            raise not_allowed(str(error)) from None
        return json_reply(
            {
                "request_id": current_request_id(),
                "token": services.tokens.sign(token),
                "expires_at": format_time(token.expires_at),
                "origin": token.origin,
                "scopes": sorted(token.scopes),
                "audiences": sorted(token.audiences),
            }
        )

    return api


def _wish(body: TokenBody) -> TokenWish:
    return TokenWish(
        origin=body.origin,
        scopes=None if body.scopes is None else frozenset(body.scopes),
        audiences=None if body.audiences is None else frozenset(body.audiences),
        minutes=MAX_MINUTES if body.minutes is None else body.minutes,
    )
