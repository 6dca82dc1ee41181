"""What a corpus report looks at: the records, how they are indexed, and what agents did with suggestions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from assist.parts import SuggesterParts
from assist.suggest import Suggester
from corpus.folder import Corpus
from corpus.item_feedback import ItemFeedback
from corpus.models import Article, Case, Item, Kind, Template
from evaluation.caching_encoder import CachingEncoder
from evaluation.heirs import current_ids
from index.progress import Reporter
from index.searcher import OpenSnapshot
from index.situations import USED_KINDS, UsedKind

TEXT_KINDS: tuple[UsedKind, ...] = ("articles", "templates")
"""The kinds whose texts answer customers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What counts as old, soon, or the last period (days), how many cases are asked again, and drawn by which seed."""

    stale_days: int = 365
    soon_days: int = 30
    period_days: int = 365
    sample: int = 2_000
    seed: int = 7


@dataclass(frozen=True, kw_only=True)
class Material:
    """Everything that the sections of a report are made from.

    ``solved`` are the solved cases by id with what they used, recovered uses included; ``feedback`` is ``None`` where
    there is no store; ``at`` is the moment of the report, ``audiences`` those of the caller that the cases are asked
    for. ``parts`` hold ``encoder``, which remembers.
    """

    name: str
    corpus: Corpus
    solved: Sequence[Case]
    snapshot: OpenSnapshot
    parts: SuggesterParts
    encoder: CachingEncoder
    reporter: Reporter
    at: datetime
    feedback: Sequence[ItemFeedback] | None = None
    audiences: frozenset[str] = frozenset({"public"})
    limits: Limits = Limits()

    @cached_property
    def suggester(self) -> Suggester:
        """The suggester as it serves, but for the linear models of history.

        Those have learned from every case, also from the one that is asked again and from what came later.
        """
        cases = replace(self.snapshot.cases, heads={})
        return Suggester(replace(self.snapshot, cases=cases), self.parts)

    @cached_property
    def items(self) -> Mapping[tuple[str, str], Item]:
        """Every item by kind and id."""
        found: dict[tuple[str, str], Item] = {}
        for kind in USED_KINDS:
            found.update({(kind, item.id): item for item in getattr(self.corpus, kind)})
        return found

    @cached_property
    def current(self) -> Mapping[Kind, Mapping[str, str]]:
        """The id of the item of today by every id, for each kind."""
        return {kind: current_ids(getattr(self.corpus, kind)) for kind in USED_KINDS}

    @cached_property
    def last_closed(self) -> datetime:
        """When the newest solved case closed; the moment of the report where there is none."""
        return max((case.closed_at for case in self.solved if case.closed_at), default=self.at)

    @cached_property
    def period(self) -> Sequence[Case]:
        """The solved cases that closed in the last period, by id. It ends when the newest of all closed."""
        begin = self.last_closed - timedelta(days=self.limits.period_days)
        return sorted((case for case in self.solved if case.closed_at and case.closed_at >= begin), key=lambda c: c.id)

    @cached_property
    def uses(self) -> Mapping[tuple[Kind, str], Counter[str]]:
        """How many solved cases used each item, ids as they were used: ``all`` of them, and in the ``period``."""
        recent = {case.id for case in self.period}
        found: dict[tuple[Kind, str], Counter[str]] = defaultdict(Counter)
        for case in self.solved:
            for kind in USED_KINDS:
                for used in {use.id for use in getattr(case, kind)}:
                    found[kind, used].update(["all"] + ["period"] * (case.id in recent))
        return found

    def used(self, item: Item, kind: Kind, when: str = "all") -> int:
        """Return how many cases used an item under its own id or one that it replaces."""
        return sum(self.uses.get((kind, name), Counter())[when] for name in (item.id, *item.replaces))

    def used_in(self, case: Case, kind: UsedKind) -> frozenset[str]:
        """Return the items of today that a case used; ids that the corpus lacks are left out."""
        current = self.current[kind]
        return frozenset(current[use.id] for use in getattr(case, kind) if use.id in current)

    def offered(self, kind: UsedKind) -> list[Article | Template]:
        """Return the published articles or templates that are valid at the moment of the report, ordered by id."""
        space = self.snapshot.items[kind]
        valid = space.masks.valid(self.at)
        return [
            item
            for row, item in enumerate(space.items)
            if isinstance(item, Article | Template)
            and item.status == "published"
            and bool(valid[row])
            and (kind, item.id) in self.items
        ]
