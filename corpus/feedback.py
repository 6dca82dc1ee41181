"""Feedback: what an agent did with a suggestion, as the store keeps it and as history may learn from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FeedbackKind = Literal["articles", "templates", "actions", "similar_cases"]
FeedbackEvent = Literal[
    "shown",
    "opened",
    "copied",
    "inserted",
    "attached",
    "edited",
    "sent",
    "executed",
    "dismissed",
    "helpful",
    "not_helpful",
]

# The item went out to the customer, or was done: it was used.
USED_FOR_CERTAIN: tuple[FeedbackEvent, ...] = ("sent", "executed")
# The item may have been used, the strongest evidence first: what was put into the reply, what was only looked at.
PERHAPS_USED: tuple[FeedbackEvent, ...] = ("attached", "inserted", "edited", "copied", "helpful", "opened")
SPEAKS_AGAINST: tuple[FeedbackEvent, ...] = ("dismissed", "not_helpful")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRow:
    """One event as the store keeps it.

    ``key`` is the sender's own name of the event, ``body_hash`` tells one event of that name from another. ``at`` is
    when it happened, as the sender tells. What was suggested (from ``kind`` to ``agent``) comes from the signed
    suggestion id; ``agent`` is a pseudonym (``corpus.privacy.agents``) and ``api_key`` the id of a key.
    """

    key: str
    body_hash: str
    at: datetime
    event: FeedbackEvent
    kind: FeedbackKind
    item_id: str
    snapshot: str
    rank: int
    score: float
    confidence: float
    case_id: str | None = None
    channel: str | None = None
    language: str | None = None
    agent: str | None = None
    api_key: str | None = None
    reason: str | None = None
    text_length: int | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One event about a case, as far as history may learn from it.

    ``key`` is the API key that sent it (empty without any). ``hand`` is whoever did it, as far as that is known: the
    pseudonym of an agent behind that key, else empty.
    """

    case_id: str
    kind: FeedbackKind
    item_id: str
    event: FeedbackEvent
    at: datetime
    key: str
    hand: str
