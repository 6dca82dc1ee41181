"""Shape of what a search finds, as ``/openapi.json`` documents it."""

from __future__ import annotations

from assist.api.answers import ClosedAnswer, Milliseconds, Rank


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
