"""How many cases say what was used in them, and how many more are known to by what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.folder import Corpus
from corpus.models import Case
from corpus.recovery.recover import Recovered, Recoverer

LABELLED_KINDS = ("articles", "templates", "actions")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelShare:
    """Of so many ``cases``, how many name an item of a kind, and how many do not but have a ``recovered`` one."""

    kind: str
    cases: int
    given: int
    recovered: int

    def to_json(self) -> dict[str, int]:
        """Return the counts."""
        return {"cases": self.cases, "given": self.given, "recovered": self.recovered}

    def __str__(self) -> str:
        return f"{self.kind}: {self._share(self.given)} given, {self._share(self.recovered)} recovered"

    def _share(self, number: int) -> str:
        return f"{number} of {self.cases} cases ({number / self.cases:.1%})" if self.cases else "0 of 0 cases"


def label_shares(corpus: Corpus, *, recover: bool) -> tuple[LabelShare, ...]:
    """Count the cases of a corpus that name what was used; actions leave no text, so that none is recovered."""
    recoverer = Recoverer.of(corpus.templates, corpus.articles) if recover else Recoverer(())
    found = [recoverer.uses(case) for case in corpus.cases]
    return tuple(_share(kind, corpus.cases, found) for kind in LABELLED_KINDS)


def _share(kind: str, cases: Sequence[Case], found: Sequence[Recovered]) -> LabelShare:
    return LabelShare(
        kind=kind,
        cases=len(cases),
        given=sum(bool(getattr(case, kind)) for case in cases),
        recovered=sum(bool(getattr(each, kind, ())) for each in found),
    )
