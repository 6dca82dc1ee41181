"""What a store holds to learn from: its records, how complete the cases are, and how many say what was used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.feedback import Evidence
from corpus.folder import Corpus
from corpus.models import Action, Article, Case, Item, Kind, Record, Template
from index.labels import with_known_uses
from index.situations import USED_KINDS, UsedKind

FIELDS = ("subject", "messages", "product", "channel", "language", "opened_at", "outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """How many solved cases say which items of a kind they used: those that name them, and those that show them."""

    given: int
    recovered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecords:
    """All records of a store at one moment.

    ``taught`` are the solved cases by id with the uses that a build recovers or takes from feedback, where one does;
    the cases of ``corpus`` name what they were given.
    """

    corpus: Corpus
    taught: Mapping[str, Case]

    @classmethod
    def of(
        cls,
        records: Mapping[Kind, Sequence[Record]],
        *,
        recover_labels: bool,
        evidence: Sequence[Evidence] = (),
    ) -> OwnRecords:
        """Take the live records of a store, each kind ordered by id, and the feedback about its cases."""
        corpus = Corpus(
            articles=tuple(each for each in records["articles"] if isinstance(each, Article)),
            templates=tuple(each for each in records["templates"] if isinstance(each, Template)),
            actions=tuple(each for each in records["actions"] if isinstance(each, Action)),
            cases=tuple(each for each in records["cases"] if isinstance(each, Case)),
            dangling={},
        )
        solved = [case for case in corpus.cases if case.is_solved_history]
        items: dict[UsedKind, Sequence[Item]] = {
            "articles": corpus.articles,
            "templates": corpus.templates,
            "actions": corpus.actions,
        }
        taught = with_known_uses(solved, items, evidence, recover=recover_labels)
        return cls(corpus=corpus, taught={case.id: case for case in taught})

    @property
    def solved(self) -> tuple[Case, ...]:
        """The solved cases with what they were given."""
        return tuple(case for case in self.corpus.cases if case.is_solved_history)

    def without_split(self) -> OwnRecords:
        """Return the same where no case says on which side of a split it belongs: time alone parts them."""
        cases = tuple(replace(case, split=None) for case in self.corpus.cases)
        return replace(self, corpus=replace(self.corpus, cases=cases))

    def only(self, ids: frozenset[str]) -> OwnRecords:
        """Return the same with no cases but those of some ids."""
        cases = tuple(case for case in self.corpus.cases if case.id in ids)
        return replace(self, corpus=replace(self.corpus, cases=cases))

    def coverage(self) -> dict[str, float]:
        """Return the share of the solved cases that tell each of ``FIELDS``; 0 where there are none."""
        solved = self.solved
        return {name: sum(_tells(case, name) for case in solved) / max(len(solved), 1) for name in FIELDS}

    def labels(self) -> dict[UsedKind, Labels]:
        """Return how many solved cases have a label of each kind."""
        solved = self.solved
        found: dict[UsedKind, Labels] = {}
        for kind in USED_KINDS:
            given = sum(bool(getattr(case, kind)) for case in solved)
            known = sum(bool(getattr(self.taught[case.id], kind)) for case in solved)
            found[kind] = Labels(given=given, recovered=known - given)
        return found


def _tells(case: Case, name: str) -> bool:
    value = getattr(case, name)
    return value is not None and value not in ("", ())
