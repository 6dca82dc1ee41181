"""Shapes of what is suggested for a case, as ``/openapi.json`` documents them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assist.api.answers import ClosedAnswer, Milliseconds, Rank, Share
from assist.models import SuggestKind
from index.urgency.words import SignalKind


class ReasonAnswer(BaseModel):
    """Why an item is suggested, with its facts beside the sentence."""

    model_config = ConfigDict(extra="allow")

    kind: Literal["pin", "terms", "meaning", "history", "previous_action", "rule"]
    text: str


class SuggestionAnswer(ClosedAnswer):
    """What all suggested items have in common."""

    suggestion_id: str = Field(description="Self-contained and signed; send it back with feedback")
    id: str
    rank: Rank
    score: float
    confidence: Share = Field(description="Calibrated probability that the item is right")
    reasons: list[ReasonAnswer]


class ArticleSuggestionAnswer(SuggestionAnswer):
    """A suggested article."""

    title: str
    excerpt: str
    url: str | None
    language: str
    audience: list[str]


class RenderedAnswer(ClosedAnswer):
    """A template with its merge fields filled."""

    subject: str | None
    text: str
    html: str | None
    missing_fields: list[str]
    unknown_fields: list[str]
    warnings: list[str]


class TemplateSuggestionAnswer(SuggestionAnswer, RenderedAnswer):
    """A suggested template, filled in for this case."""

    name: str
    language: str


class StepAnswer(ClosedAnswer):
    """One step of an action."""

    text: str
    url: str | None


class ActionSuggestionAnswer(SuggestionAnswer):
    """A suggested action, eligible now."""

    name: str
    description: str | None
    kind: str | None
    steps: list[StepAnswer] = Field(description="Filled for this case; a missing field shows as [[contact.last_name]]")
    missing_fields: list[str] = Field(description="Merge fields of the steps that have no value")
    unknown_fields: list[str] = Field(description="Fields of the steps that are none")
    warnings: list[str] = Field(description="What to check before the steps are followed")
    templates: list[str]
    articles: list[str]
    rule: dict[str, Any] | None = Field(description="The eligibility rule that allowed it")


class CaseSuggestionAnswer(SuggestionAnswer):
    """A solved case like this one."""

    subject: str | None
    excerpt: str
    resolution: str | None
    closed_at: str | None
    articles: list[str]
    templates: list[str]
    actions: list[str]


class ModelAnswer(ClosedAnswer):
    """What ranked."""

    encoder: str
    ranker: str


class LanguageAnswer(ClosedAnswer):
    """The language of the case, and how sure that is."""

    code: str
    confidence: Share


class UrgencyReasonAnswer(ClosedAnswer):
    """A signal of urgency in the customer's words, or `learned`: it is like cases that were urgent."""

    kind: SignalKind | Literal["learned"]
    text: str
    quote: str | None = Field(description="The customer's words, masked")


class UrgencyAnswer(ClosedAnswer):
    """How urgent the case is, by the customer's words alone."""

    level: Literal["high", "normal"]
    confidence: Share | None = Field(description="How often this was right on later cases; null where nobody knows")
    reasons: list[UrgencyReasonAnswer]


class SuggestAnswer(ClosedAnswer):
    """Suggestions; a kind that was not asked for, or that abstained, is an empty list."""

    request_id: str
    snapshot: str
    model: ModelAnswer
    language: LanguageAnswer
    articles: list[ArticleSuggestionAnswer]
    templates: list[TemplateSuggestionAnswer]
    actions: list[ActionSuggestionAnswer]
    similar_cases: list[CaseSuggestionAnswer]
    abstained: list[SuggestKind]
    warnings: list[str]
    urgency: UrgencyAnswer | None = Field(description="Null where it is switched off, unknown or not proven here")
    took_ms: Milliseconds
    timings_ms: dict[str, Milliseconds]
