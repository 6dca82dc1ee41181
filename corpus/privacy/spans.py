"""Places of personal data in a text, by kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

PersonalKind = Literal[
    "email", "phone", "iban", "card", "address", "birth_date", "reference", "official_id", "name"
]  # fmt: skip
PERSONAL_KINDS: tuple[PersonalKind, ...] = get_args(PersonalKind)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` (excluded) of a text, and what they are."""

    start: int
    end: int
    kind: PersonalKind


def without_overlaps(spans: Iterable[Span], length: int) -> list[Span]:
    """Return the spans of a text of this length in its order; of two that overlap, the one that was given first."""
    taken = bytearray(length)
    kept: list[Span] = []
    for span in spans:
        if span.start < span.end and taken.find(1, span.start, span.end) < 0:
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
