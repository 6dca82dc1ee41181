"""How often recovery is right, and how much it finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus.folder import Corpus
from corpus.models import Article, Template
from corpus.recovery.recover import RECOVERED_KINDS, Recoverer
from corpus.recovery.rehearsal import EDITS, rehearsed

_FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts of uses: ``expected`` were made, ``found`` were recovered, ``right`` of them were made.

    ``cases`` is in how many cases they were looked for.
    """

    name: str
    cases: int
    expected: int
    found: int
    right: int

    def to_json(self) -> dict[str, Any]:
        """Return the counts with precision and recall, ``null`` where there is nothing to divide by."""
        return {
            "name": self.name,
            "cases": self.cases,
            "expected": self.expected,
            "found": self.found,
            "right": self.right,
            "precision": self.right / self.found if self.found else None,
            "recall": self.right / self.expected if self.expected else None,
        }


def measure_hidden(corpus: Corpus) -> tuple[Score, ...]:
    """Hide what cases name, recover it, and compare: for cases that name an item and have an agent's message."""
    recoverer = Recoverer.of(corpus.templates, corpus.articles)
    scores = []
    for kind in RECOVERED_KINDS:
        counts: Counter[str] = Counter()
        heirs = _heirs(getattr(corpus, kind))
        for case in corpus.cases:
            given = {heirs.get(use.id, use.id) for use in getattr(case, kind)}
            if given and any(message.role == "agent" for message in case.messages):
                found = getattr(recoverer.uses(replace(case, articles=(), templates=())), kind)
                names = {heirs.get(use.id, use.id) for use in found}
                counts.update(cases=1, expected=len(given), found=len(names), right=len(names & given))
        scores.append(_score(kind, counts))
    return tuple(scores)


def measure_rehearsed(templates: Sequence[Template]) -> tuple[Score, ...]:
    """Send each published reply or snippet with each edit, and once when it is missing from the corpus.

    The last score, of the missing ones, expects nothing: what is found there is wrong.
    """
    sent = [item for item in templates if item.status == "published" and item.kind in ("reply", "snippet")]
    whole = Recoverer.of(templates, ())
    scores = []
    for edit in EDITS:
        counts: Counter[str] = Counter()
        for name, case in rehearsed(sent, edit):
            found = {use.id for use in whole.uses(case).templates}
            counts.update(cases=1, expected=1, found=len(found), right=name in found)
        scores.append(_score(edit, counts))
    return (*scores, _score("missing", _count_missing(sent, templates)))


def table_of(title: str, scores: Iterable[Score]) -> str:
    """Return scores as a table of text."""
    rows = [title, f"  {'':<18}{'cases':>7}{'used':>7}{'found':>7}{'right':>7}{'precision':>11}{'recall':>9}"]
    for score in scores:
        precision = f"{score.right / score.found:.3f}" if score.found else "-"
        recall = f"{score.right / score.expected:.3f}" if score.expected else "-"
        rows.append(
            f"  {score.name:<18}{score.cases:>7}{score.expected:>7}{score.found:>7}{score.right:>7}"
            f"{precision:>11}{recall:>9}"
        )
    return "\n".join(rows)


def _count_missing(sent: Sequence[Template], templates: Sequence[Template]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for fold in range(_FOLDS):
        missing = sent[fold::_FOLDS]
        gone = {item.id for item in missing}
        recoverer = Recoverer.of([item for item in templates if item.id not in gone], ())
        for _, case in rehearsed(missing, "greeting added"):
            counts.update(cases=1, found=len(recoverer.uses(case).templates))
    return counts


def _heirs(items: Sequence[Article] | Sequence[Template]) -> dict[str, str]:
    """Return which item stands for an id that is gone."""
    there = {item.id for item in items}
    return {old: item.id for item in items for old in item.replaces if old not in there}


def _score(name: str, counts: Counter[str]) -> Score:
    return Score(
        name=name, cases=counts["cases"], expected=counts["expected"], found=counts["found"], right=counts["right"]
    )
