"""What goes into the suggester and what comes out, free of HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from corpus.models import NO_ATTRIBUTES, Action, Article, Case, Rule, Step, Template
from index.urgency.words import SignalKind

SuggestKind = Literal["articles", "templates", "actions", "similar_cases"]
SUGGEST_KINDS: tuple[SuggestKind, ...] = ("articles", "templates", "actions", "similar_cases")
SearchKind = Literal["articles", "templates", "actions", "cases"]
SEARCH_KINDS: tuple[SearchKind, ...] = ("articles", "templates", "actions", "cases")
DEFAULT_LIMIT = 3
"""So many items of a kind are suggested unless another number is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Restrictions the caller asks for; an empty tuple restricts nothing."""

    language: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestRequest:
    """One question to the suggester.

    ``case.id`` is ``""`` while the case has none. ``limits`` holds 1 to 20 for each asked kind.
    ``min_confidence`` is 0 to 1; ``None`` stands for the shipped threshold of each kind.
    ``language`` is that of the reasons; ``None`` for that of the case.
    """

    case: Case
    actions_done: tuple[str, ...] = ()
    context: Mapping[str, Any] = field(default_factory=lambda: NO_ATTRIBUTES)
    limits: Mapping[SuggestKind, int] = field(default_factory=lambda: dict.fromkeys(SUGGEST_KINDS, DEFAULT_LIMIT))
    filters: Filters = Filters()
    min_confidence: float | None = None
    as_of: datetime | None = None
    draft: str = ""
    language: str | None = None
    audiences: frozenset[str] = frozenset({"public"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why an item was suggested: a machine-readable kind, a sentence, and its facts."""

    kind: Literal["pin", "terms", "meaning", "history", "previous_action", "rule"]
    text: str
    facts: Mapping[str, Any] = field(default_factory=lambda: NO_ATTRIBUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One ranked item with its score, calibrated confidence (0 to 1) and reasons."""

    suggestion_id: str
    id: str
    rank: int
    score: float
    confidence: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedTemplate:
    """A template with its merge fields filled; a missing field shows as ``[[contact.first_name]]``."""

    subject: str | None
    text: str
    html: str | None
    missing_fields: tuple[str, ...] = ()
    unknown_fields: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSuggestion(Suggestion):
    """An article, with the passage that fits best."""

    article: Article
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSuggestion(Suggestion):
    """A template, filled in for this case."""

    template: Template
    rendered: RenderedTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSuggestion(Suggestion):
    """An action that is eligible now, its steps filled for this case; ``rule`` is the rule that allowed it."""

    action: Action
    rule: Rule | None
    steps: tuple[Step, ...]
    missing_fields: tuple[str, ...] = ()
    unknown_fields: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSuggestion(Suggestion):
    """A solved case like this one."""

    case: Case
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyReason:
    """Why a case is urgent: a kind of signal, or ``learned``, a sentence, and the customer's words, if any."""

    kind: SignalKind | Literal["learned"]
    text: str
    quote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """How urgent a case is; ``confidence`` is how often this was right on later cases, ``None`` where nobody knows."""

    level: Literal["high", "normal"]
    confidence: float | None
    reasons: tuple[UrgencyReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """The whole answer. A kind that was not asked for is ``None``; one that abstained is empty.

    ``urgency`` is ``None`` where nothing is known of it, or nothing is proven.
    """

    snapshot: str
    encoder: str
    ranker: str
    language: str
    language_confidence: float
    articles: tuple[ArticleSuggestion, ...] | None
    templates: tuple[TemplateSuggestion, ...] | None
    actions: tuple[ActionSuggestion, ...] | None
    similar_cases: tuple[CaseSuggestion, ...] | None
    abstained: tuple[SuggestKind, ...]
    warnings: tuple[str, ...]
    timings_ms: Mapping[str, float]
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A free search. ``kinds`` are corpus kinds; ``offset`` and ``limit`` page each kind."""

    query: str
    kinds: tuple[SearchKind, ...] = ("articles", "templates", "actions")
    filters: Filters = Filters()
    limit: int = 10
    offset: int = 0
    audiences: frozenset[str] = frozenset({"public"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One result of a search."""

    id: str
    rank: int
    score: float
    title: str
    excerpt: str
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """Hits and facet counts per kind; ``total`` counts matches per kind before paging."""

    results: Mapping[str, tuple[SearchHit, ...]]
    facets: Mapping[str, Mapping[str, Mapping[str, int]]]
    total: Mapping[str, int]
