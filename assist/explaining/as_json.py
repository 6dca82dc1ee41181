"""An explanation as JSON, for programs and for the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from assist.explaining.models import ConsideredItem, Explanation, HeldBackItem, ItemStory, KindExplanation
from assist.models import Reason
from corpus.times import format_time

Json = dict[str, Any]


def explanation_json(told: Explanation) -> Json:
    """Return the answer of ``/v1/explain``, less what only the request knows."""
    return {
        "snapshot": told.snapshot,
        "model": {"encoder": told.encoder, "ranker": told.ranker},
        "language": {"code": told.language, "confidence": told.language_confidence},
        "as_of": format_time(told.as_of),
        "text": told.text,
        "kinds": {each.kind: _kind(each) for each in told.kinds},
        "warnings": list(told.warnings),
    }


def _kind(each: KindExplanation) -> Json:
    return {
        "threshold": each.threshold,
        "abstained": each.abstained,
        "trust": each.trust,
        "cases": each.cases,
        "allowed": each.allowed,
        "candidates": each.candidates,
        "considered": [_considered(item) for item in each.considered],
        "held_counts": dict(each.held_counts),
        "held_back": [_held_back(item) for item in each.held_back],
        "item": None if each.story is None else _story(each.story),
    }


def _considered(item: ConsideredItem) -> Json:
    return {
        "id": item.id,
        "name": item.name,
        "rank": item.rank,
        "score": item.score,
        "confidence": item.confidence,
        "standing": item.standing,
        "why": item.why,
        "parts": dict(item.parts),
        "evidence": dict(item.evidence),
        "reasons": [_reason(reason) for reason in item.reasons],
    }


def _held_back(item: HeldBackItem) -> Json:
    return {"id": item.id, "name": item.name, "why": [asdict(each) for each in item.why]}


def _story(story: ItemStory) -> Json:
    held = story.held_back
    return {
        "considered": _considered(story.considered),
        "held_back": None if held is None else _held_back(held)["why"],
    }


def _reason(reason: Reason) -> Json:
    return {**reason.facts, "kind": reason.kind, "text": reason.text}
