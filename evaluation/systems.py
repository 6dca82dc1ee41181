"""All systems by the names of the contract, and which of them apply to a set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from evaluation.baselines import ContentScores, Scorer, bm25, cc, dense, rrf
from evaluation.bench import Bench
from evaluation.history_baselines import knn_cases, linear_probe, popularity, previous_action
from evaluation.questions import JudgedSet, Run
from evaluation.shipped import no_alignment, no_bm25, no_history, no_language, no_passages, reversed_order, shipped
from evaluation.system import ScoredSystem, System

OURS = "stichwort"
CONTENT_BASELINES = ("bm25", "dense", "rrf", "cc")
HISTORY_BASELINES = ("popularity", "knn-cases", "linear-probe")
ABLATIONS = (
    "stichwort-no-history",
    "stichwort-no-bm25",
    "stichwort-no-passages",
    "stichwort-no-alignment",
    "stichwort-no-language",
)
REVERSED = "reversed"
"""A ranker that is wrong on purpose: no report shows it, gates must stop it."""

_SHIPPED: Mapping[str, Callable[[str, Bench], System]] = MappingProxyType(
    {
        OURS: shipped,
        "stichwort-no-history": no_history,
        "stichwort-no-bm25": no_bm25,
        "stichwort-no-passages": no_passages,
        "stichwort-no-alignment": no_alignment,
        "stichwort-no-language": no_language,
        REVERSED: reversed_order,
    }
)
_CONTENT: Mapping[str, Callable[[ContentScores], Scorer]] = MappingProxyType(
    {"bm25": bm25, "dense": dense, "rrf": rrf, "cc": cc}
)
_HISTORY: Mapping[str, Callable[[Bench], Scorer]] = MappingProxyType(
    {
        "popularity": popularity,
        "knn-cases": knn_cases,
        "linear-probe": linear_probe,
        "previous-action": previous_action,
    }
)
# Systems whose scores are probabilities of being right.
_PROBABILISTIC = frozenset({"linear-probe"})


def applicable(judged: JudgedSet) -> tuple[str, ...]:
    """Return the systems that the contract reports for a set, ours first.

    Baselines that learn from history need a solved case that used an item of the kind; solved cases themselves are
    ranked by content alone.
    """
    if not has_history(judged):
        return (OURS, *CONTENT_BASELINES)
    sequence = ("previous-action",) if judged.kind == "actions" else ()
    return (OURS, "stichwort-no-history", "popularity", *CONTENT_BASELINES, "knn-cases", "linear-probe", *sequence)


def ablations(judged: JudgedSet) -> tuple[str, ...]:
    """Return the variants of the suggester that could answer otherwise than the whole one on a set."""
    if judged.kind == "similar_cases":
        return ()
    pointless = set() if has_history(judged) else {"stichwort-no-history"}
    if judged.kind != "articles":
        pointless.add("stichwort-no-passages")
    return tuple(name for name in ABLATIONS if name not in pointless)


def has_history(judged: JudgedSet) -> bool:
    """Whether any solved case of a set says which items of its kind were used."""
    if judged.kind == "similar_cases":
        return False
    return any(getattr(case, judged.kind) for case in judged.records.get("cases", ()))


class Systems:
    """Makes the systems of one bench; what they share is computed once."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def make(self, name: str) -> System:
        """Return a system by its name; raises ``ValueError`` for a name that there is none of, or that cannot apply."""
        if name in _SHIPPED:
            return _SHIPPED[name](name, self._bench)
        return self.scored(name)

    def scored(self, name: str) -> ScoredSystem:
        """Return a baseline by its name; raises ``ValueError`` as ``make`` does."""
        if name in _CONTENT:
            return ScoredSystem(name=name, bench=self._bench, scorer=_CONTENT[name](self._content))
        if name not in _HISTORY:
            known = ", ".join((*_SHIPPED, *_CONTENT, *_HISTORY))
            raise ValueError(f"found no system {name!r}, expected one of {known}, or a TREC run file")
        if name not in applicable(self._bench.judged):
            judged = self._bench.judged
            raise ValueError(
                f"{name} cannot answer {judged.name}: its solved cases use no {judged.kind}; leave the system out"
            )
        with self._bench.workbench.reporter.stage(f"prepare {name}"):
            scorer = _HISTORY[name](self._bench)
        return ScoredSystem(name=name, bench=self._bench, scorer=scorer, probabilities=name in _PROBABILISTIC)

    @cached_property
    def _content(self) -> ContentScores:
        return ContentScores(self._bench)


def run_systems(bench: Bench, systems: Sequence[System]) -> dict[str, Run]:
    """Answer all questions of a bench with each system, one progress bar a system; runs by system name."""
    runs = {}
    for system in systems:
        with bench.workbench.reporter.stage(f"ask {system.name}") as update:
            runs[system.name] = system.rank(bench.judged.questions, update)
    return runs
