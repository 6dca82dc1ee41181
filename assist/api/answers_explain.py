"""Shape of the answer of ``POST /v1/explain``, as ``/openapi.json`` documents it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from assist.api.answers import ClosedAnswer, Milliseconds, Rank, Share
from assist.api.answers_suggest import LanguageAnswer, ModelAnswer, ReasonAnswer

Count = Annotated[int, Field(ge=0)]


class ScorePartsAnswer(ClosedAnswer):
    """The summands of a score, in standard deviations of meaning; together they are the score."""

    meaning: float
    alignment: float = Field(description="What the words of both texts mean, one by one")
    words: float
    history: float = Field(description="What similar solved cases add that used the item")
    head: float = Field(description="What the model adds that learned from all solved cases")
    sequence: float = Field(description="What the action done last adds")
    silence: float = Field(description="What is lost because solved cases may know the answer, 0 or less")


class ConsideredAnswer(ClosedAnswer):
    """A ranked item; without a rank it was not compared, and its figures are those that it would have had."""

    id: str
    name: str
    rank: Rank | None
    score: float
    confidence: Share
    standing: Literal["pinned", "shown", "abstained", "hopeless", "beyond_limit", "not_retrieved"]
    why: str
    parts: ScorePartsAnswer
    evidence: dict[str, Any]
    reasons: list[ReasonAnswer]


class WhyAnswer(ClosedAnswer):
    """One reason why an item was held back."""

    code: Literal[
        "withdrawn",
        "audience",
        "status",
        "not_yet_valid",
        "expired",
        "product",
        "channel",
        "filters",
        "forbidden",
        "declined",
        "max_per_case",
        "rule",
    ]
    text: str


class HeldBackAnswer(ClosedAnswer):
    """An item that may not be suggested in this case."""

    id: str
    name: str
    why: list[WhyAnswer]


class StoryAnswer(ClosedAnswer):
    """The story of the item that was asked for; if it is held back, `considered` is the place that it would have."""

    considered: ConsideredAnswer
    held_back: list[WhyAnswer] | None


class KindExplanationAnswer(ClosedAnswer):
    """What was considered of one kind, best first, and what was held back, nearest to the case first."""

    threshold: Share
    abstained: bool
    trust: Share = Field(description="How far solved cases were believed")
    cases: Count = Field(description="Solved cases that count")
    allowed: Count
    candidates: Count
    considered: list[ConsideredAnswer]
    held_counts: dict[str, Count]
    held_back: list[HeldBackAnswer]
    item: StoryAnswer | None


class ExplainAnswer(ClosedAnswer):
    """Why a question is answered as it is; `text` is the case as it is read, personal data masked."""

    request_id: str
    snapshot: str
    model: ModelAnswer
    language: LanguageAnswer
    as_of: str
    text: str
    kinds: dict[str, KindExplanationAnswer]
    warnings: list[str]
    took_ms: Milliseconds
