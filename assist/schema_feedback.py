"""The body of ``POST /v1/feedback``."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from corpus.feedback import FeedbackEvent
from corpus.fields import Id, Time, expected
from corpus.schema_parts import EdgeModel

MAX_EVENTS = 500
MAX_SUGGESTION_ID = 4_000
MAX_TEXT_LENGTH = 10_000_000
MAX_POSITION = 1_000
_REASON = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,49}", re.ASCII)


def _reason(value: str) -> str:
    # A code and no sentence: what agents write freely may name customers.
    if not _REASON.fullmatch(value):
        raise expected("a code of up to 50 letters, digits, _ and -, such as outdated or wrong_topic")
    return value


Reason = Annotated[
    str,
    AfterValidator(_reason),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 50, "pattern": f"^{_REASON.pattern}$"}),
]


class EventBody(EdgeModel):
    """One thing that an agent did with one suggestion."""

    key: Id = Field(description="The sender's own name of the event, such as a UUID: what is sent twice counts once")
    suggestion_id: Annotated[str, Field(min_length=1, max_length=MAX_SUGGESTION_ID)] = Field(
        description="As it was received with the suggestion"
    )
    event: FeedbackEvent
    at: Time = Field(description="When it happened")
    reason: Reason | None = Field(None, description="Why, as a code of your own, such as outdated; no sentence")
    text_length: Annotated[int, Field(ge=0, le=MAX_TEXT_LENGTH)] | None = Field(
        None, description="Characters of the text that was copied, inserted or sent"
    )
    position: Annotated[int, Field(ge=1, le=MAX_POSITION)] | None = Field(
        None, description="The place at which the page showed it, from 1, where that is not its rank"
    )


class FeedbackBody(EdgeModel):
    """What is told with ``POST /v1/feedback``: all of it is kept, or nothing."""

    events: Annotated[list[EventBody], Field(min_length=1, max_length=MAX_EVENTS)]
