"""Shapes of what the service says of itself, and of the tokens that let in, as ``/openapi.json`` documents them."""

from __future__ import annotations

from typing import Literal

from assist.api.answers import ClosedAnswer


class TokenAnswer(ClosedAnswer):
    """A token for one web page; send it as `Authorization: Bearer …`, like a key."""

    request_id: str
    token: str
    expires_at: str
    origin: str
    scopes: list[Literal["suggest", "feedback"]]
    audiences: list[str]


class LiveAnswer(ClosedAnswer):
    """The process is alive."""

    status: Literal["ok"]


class ReadyAnswer(ClosedAnswer):
    """Whether the service can answer."""

    status: Literal["ok", "degraded", "starting"]
    reasons: list[str]
    snapshot: str | None


class VersionAnswer(ClosedAnswer):
    """What runs here."""

    name: str
    version: str
    encoder: str
