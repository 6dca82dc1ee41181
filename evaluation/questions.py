"""Judged questions and what systems answered: the words in which the whole evaluation speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from assist.models import SuggestKind
from corpus.models import NO_ATTRIBUTES, Case, Kind, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A case as it was known at one moment, and the ids of the items that are right for it.

    ``group`` is what a bootstrap must not tear apart: the conversation, else a group of near-duplicates, else the
    question itself. ``slices`` names where the question belongs, such as ``{"language": "de", "length": "short"}``.
    """

    id: str
    case: Case
    relevant: frozenset[str]
    group: str
    done: tuple[str, ...] = ()
    as_of: datetime | None = None
    slices: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSet:
    """Questions about one kind of item, and the records that answer them.

    ``family`` is the name before the first underscore (``mail_cwa_de`` belongs to cwa). ``records`` holds every kind,
    ordered by id; its cases are the history, none of which the questions come from. ``split`` says how history and
    questions were parted and ``dropped`` what was left out and why, by number.
    """

    name: str
    family: str
    source: Literal["beir", "history"]
    kind: SuggestKind
    records: Mapping[Kind, Sequence[Record]]
    questions: Sequence[Question]
    split: Mapping[str, str | int | float]
    dropped: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """One answer, best first. ``confidences`` is empty where the system has none; ``took_ms`` is wall time."""

    ids: tuple[str, ...]
    scores: tuple[float, ...]
    confidences: tuple[float, ...] = ()
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one system answered, by question id; an unanswered question is an empty ranking."""

    system: str
    rankings: Mapping[str, Ranking]
