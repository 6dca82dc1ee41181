"""Shapes of the answers, as ``/openapi.json`` documents them; the tests hold every answer against them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assist.models import SuggestKind
from index.urgency.words import SignalKind

Share = Annotated[float, Field(ge=0, le=1)]
Rank = Annotated[int, Field(ge=1)]
Milliseconds = Annotated[float, Field(ge=0)]


class ClosedAnswer(BaseModel):
    """Base of all answers: no key that is not documented."""

    model_config = ConfigDict(extra="forbid")


class FaultAnswer(ClosedAnswer):
    """One fault of a request."""

    pointer: str = Field(description="JSON Pointer into the body; empty for the whole body")
    detail: str


class ProblemAnswer(ClosedAnswer):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    instance: str
    request_id: str
    errors: list[FaultAnswer]


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


class HitAnswer(ClosedAnswer):
    """One hit of a search."""

    id: str
    rank: Rank
    score: float
    title: str
    excerpt: str
    language: str | None


class SearchAnswer(ClosedAnswer):
    """Hits, facet counts and the number of matches before paging, each by kind."""

    request_id: str
    results: dict[str, list[HitAnswer]]
    facets: dict[str, dict[str, dict[str, int]]]
    total: dict[str, int]
    took_ms: Milliseconds


class TokenAnswer(ClosedAnswer):
    """A token for one web page; send it as `Authorization: Bearer …`, like a key."""

    request_id: str
    token: str
    expires_at: str
    origin: str
    scopes: list[Literal["suggest", "feedback"]]
    audiences: list[str]


class FeedbackAnswer(ClosedAnswer):
    """How many events were new and are kept now, and how many had been kept before."""

    request_id: str
    accepted: int = Field(ge=0)
    duplicates: int = Field(ge=0)


class ReindexAnswer(ClosedAnswer):
    """A job that was begun; ask for the job to learn how it goes."""

    request_id: str
    job_id: str


class ProgressAnswer(ClosedAnswer):
    """The stage that a job is in; `total` is 0 where its steps cannot be counted."""

    stage: str
    done: int = Field(ge=0)
    total: int = Field(ge=0)


class JobAnswer(ClosedAnswer):
    """How a job goes; `messages` hold no text of any case."""

    request_id: str
    job_id: str
    kind: Literal["reindex", "check", "undo", "corpus-report"]
    status: Literal["queued", "running", "done", "failed"]
    queued_at: str
    started_at: str | None
    finished_at: str | None
    exit_code: int | None = Field(description="0 done, 1 failed, 3 refused by a guard, 4 not good enough to serve")
    messages: list[str]
    progress: ProgressAnswer | None
    result: dict[str, Any] | None = Field(
        description="What came of it, in a shape of its kind; faults[] of a corpus that cannot be read"
    )


class SnapshotAnswer(ClosedAnswer):
    """One snapshot that is kept."""

    id: str
    created_at: str | None
    counts: dict[str, int]
    bytes: int = Field(ge=0)
    current: bool
    problems: list[str]


class SnapshotsAnswer(ClosedAnswer):
    """The snapshots that are kept, newest first."""

    request_id: str
    snapshots: list[SnapshotAnswer]


class ActivateAnswer(SnapshotAnswer):
    """The snapshot that serves from now on; workers follow within two seconds."""

    request_id: str


class ErasureAnswer(ClosedAnswer):
    """The receipt of an erasure."""

    request_id: str
    receipt: str
    what: str = Field(description="case ID, customer HASH or agent HASH: neither customer nor agent is told by name")
    at: str
    by: str | None
    erased: dict[str, int] = Field(description="How much of what went so far, by place")
    left: list[str] = Field(description="Where copies are known to lie that the next build removes")
    kept: list[str] = Field(description="What stays for good, and why")
    last_copy_gone_by: str | None = Field(description="A promise until the erasure is complete; then with backups")
    completed_at: str | None


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


ANSWERS: tuple[type[BaseModel], ...] = (
    ProblemAnswer,
    SuggestAnswer,
    SearchAnswer,
    RenderedAnswer,
    TokenAnswer,
    FeedbackAnswer,
    ReindexAnswer,
    ProgressAnswer,
    JobAnswer,
    SnapshotAnswer,
    SnapshotsAnswer,
    ActivateAnswer,
    ErasureAnswer,
    LiveAnswer,
    ReadyAnswer,
    VersionAnswer,
)
