"""What is asked of an explanation, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assist.cutting import Verdict
from assist.models import Reason, SuggestRequest
from index.situations import USED_KINDS, UsedKind

DEFAULT_LISTED = 10
MAX_LISTED = 100
Standing = Verdict | Literal["not_retrieved"]


class UnknownItemError(LookupError):
    """There is no item of this id that may be told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRequest:
    """A question whose answer is to be explained.

    ``item`` asks for the whole story of one id, in each of the ``kinds`` that has it. Up to ``listed`` items of a kind
    are told of. ``seen_by`` are the audiences of who reads the explanation, which may be more than those that the
    question is asked for; ``None`` for an operator, who sees everything.
    """

    request: SuggestRequest
    kinds: tuple[UsedKind, ...] = USED_KINDS
    item: str | None = None
    listed: int = DEFAULT_LISTED
    seen_by: frozenset[str] | None = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsideredItem:
    """A ranked item: its place, what its score is made of, what solved cases say of it, and what became of it.

    ``rank`` is ``None`` where it was not among the candidates: its figures are those that it would have had.
    """

    id: str
    name: str
    rank: int | None
    score: float
    confidence: float
    standing: Standing
    why: str
    parts: Mapping[str, float]
    evidence: Mapping[str, object]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One reason why an item was held back, as a code and as a sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBackItem:
    """An item that may not be suggested in this case, and every reason for it, the first one first."""

    id: str
    name: str
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStory:
    """The whole story of one item.

    ``considered`` is its place; for one that was ``held_back`` that which it would have if nothing held it back.
    """

    considered: ConsideredItem
    held_back: HeldBackItem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindExplanation:
    """What was considered of one kind, best first, and what was held back, nearest to the case first.

    ``trust`` (0 to 1) is how far solved cases were believed, ``cases`` how many there were that the asker may see.
    ``held_counts`` counts what was held back by the first reason of each.
    """

    kind: UsedKind
    threshold: float
    abstained: bool
    trust: float
    cases: int
    allowed: int
    candidates: int
    considered: tuple[ConsideredItem, ...]
    held_counts: Mapping[str, int]
    held_back: tuple[HeldBackItem, ...]
    story: ItemStory | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a question is answered as it is. ``text`` is the case as the ranking reads it, personal data masked."""

    snapshot: str
    encoder: str
    ranker: str
    language: str
    language_confidence: float
    as_of: datetime
    text: str
    kinds: tuple[KindExplanation, ...]
    warnings: tuple[str, ...] = ()
