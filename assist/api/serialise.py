"""Answers of an engine as JSON, with exactly the keys of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from assist.html import safe_url
from assist.models import (
    ActionSuggestion,
    ArticleSuggestion,
    CaseSuggestion,
    Reason,
    RenderedTemplate,
    SearchHit,
    SearchResults,
    Suggestion,
    Suggestions,
    TemplateSuggestion,
    Urgency,
)
from corpus.rules import rule_to_json
from corpus.times import format_time

Json = dict[str, Any]
SuggestionT = TypeVar("SuggestionT", bound=Suggestion)


def suggestions_json(found: Suggestions) -> Json:
    """Return the answer of ``/v1/suggest``, less what only the request knows (its id and times)."""
    return {
        "snapshot": found.snapshot,
        "model": {"encoder": found.encoder, "ranker": found.ranker},
        "language": {"code": found.language, "confidence": found.language_confidence},
        "articles": _items(found.articles, _article),
        "templates": _items(found.templates, _template),
        "actions": _items(found.actions, _action),
        "similar_cases": _items(found.similar_cases, _case),
        "abstained": list(found.abstained),
        "warnings": list(found.warnings),
        "urgency": None if found.urgency is None else _urgency(found.urgency),
    }


def search_json(found: SearchResults) -> Json:
    """Return the answer of ``/v1/search``, less what only the request knows."""
    return {
        "results": {kind: [_hit(hit) for hit in hits] for kind, hits in found.results.items()},
        "facets": {
            kind: {field: dict(counts) for field, counts in fields.items()} for kind, fields in found.facets.items()
        },
        "total": dict(found.total),
    }


def rendered_json(rendered: RenderedTemplate) -> Json:
    """Return a filled template."""
    return {
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "missing_fields": list(rendered.missing_fields),
        "unknown_fields": list(rendered.unknown_fields),
        "warnings": list(rendered.warnings),
    }


def _urgency(urgency: Urgency) -> Json:
    return {
        "level": urgency.level,
        "confidence": urgency.confidence,
        "reasons": [{"kind": each.kind, "text": each.text, "quote": each.quote} for each in urgency.reasons],
    }


def _items(found: Iterable[SuggestionT] | None, special: Callable[[SuggestionT], Json]) -> list[Json]:
    # A kind that was not asked for is an empty list too: a widget may loop over all four without looking.
    return [{**_common(item), **special(item)} for item in found or ()]


def _common(item: Suggestion) -> Json:
    return {
        "suggestion_id": item.suggestion_id,
        "id": item.id,
        "rank": item.rank,
        "score": item.score,
        "confidence": item.confidence,
        "reasons": [_reason(reason) for reason in item.reasons],
    }


def _reason(reason: Reason) -> Json:
    # Facts never replace the sentence, whatever they are called.
    return {**_plain(reason.facts), "kind": reason.kind, "text": reason.text}


def _article(item: ArticleSuggestion) -> Json:
    article = item.article
    return {
        "title": article.title,
        "excerpt": item.excerpt,
        "url": safe_url(article.url),
        "language": article.language,
        "audience": list(article.audience),
    }


def _template(item: TemplateSuggestion) -> Json:
    return {"name": item.template.name, "language": item.template.language, **rendered_json(item.rendered)}


def _action(item: ActionSuggestion) -> Json:
    action = item.action
    return {
        "name": action.name,
        "description": action.description,
        "kind": action.kind,
        "steps": [{"text": step.text, "url": safe_url(step.url)} for step in item.steps],
        "missing_fields": list(item.missing_fields),
        "unknown_fields": list(item.unknown_fields),
        "warnings": list(item.warnings),
        "templates": list(action.templates),
        "articles": list(action.articles),
        "rule": None if item.rule is None else rule_to_json(item.rule),
    }


def _case(item: CaseSuggestion) -> Json:
    case = item.case
    return {
        "subject": case.subject,
        "excerpt": item.excerpt,
        "resolution": case.resolution,
        "closed_at": None if case.closed_at is None else format_time(case.closed_at),
        "articles": [use.id for use in case.articles],
        "templates": [use.id for use in case.templates],
        "actions": [use.id for use in case.actions],
    }


def _hit(hit: SearchHit) -> Json:
    return {
        "id": hit.id,
        "rank": hit.rank,
        "score": hit.score,
        "title": hit.title,
        "excerpt": hit.excerpt,
        "language": hit.language,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
