"""New items: what is suggested when nothing is known of how an item was used.

The history of some items is withheld (elsewhere, seeded); questions that ask for them are then reported apart, so that
votes for the known cannot hide that the new is never found.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluation.questions import JudgedSet, Question, Run

HIDDEN, OTHERS = "hidden", "others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """Questions by whether the history of their items was withheld.

    ``hidden``: of all their relevant items; ``others``: of none; ``mixed`` are some of each and belong to neither.
    """

    hidden: tuple[Question, ...]
    others: tuple[Question, ...]
    mixed: tuple[Question, ...]


def part(questions: Sequence[Question], hidden: Collection[str]) -> Parted:
    """Part questions by the ids of the items whose history was withheld."""
    ids = frozenset(hidden)
    return Parted(
        hidden=tuple(each for each in questions if each.relevant <= ids),
        others=tuple(each for each in questions if not each.relevant & ids),
        mixed=tuple(each for each in questions if each.relevant & ids and not each.relevant <= ids),
    )


def parted_sets(judged: JudgedSet, hidden: Collection[str]) -> dict[str, JudgedSet]:
    """Return the judged set twice, as ``hidden`` and as ``others``, each with its questions and all the records.

    How many questions are mixed is among what was dropped. Raises ``ValueError`` when no question asks for a hidden
    item: then there is nothing to report.
    """
    parted = part(judged.questions, hidden)
    if not parted.hidden:
        raise ValueError(
            f"{judged.name}: no question asks for one of the {len(frozenset(hidden))} items whose history is hidden; "
            "hide a larger share, or take another seed"
        )
    dropped = {**judged.dropped, "partly hidden items": len(parted.mixed)}
    return {
        HIDDEN: replace(judged, questions=parted.hidden, dropped=dropped),
        OTHERS: replace(judged, questions=parted.others, dropped=dropped),
    }


def parted_runs(judged: JudgedSet, hidden: Collection[str], runs: Mapping[str, Run]) -> dict[str, dict[str, Run]]:
    """Return the runs by part (``hidden``, ``others``) and system, each with the rankings of that part alone."""
    return {
        name: {system: only(run, each.questions) for system, run in runs.items()}
        for name, each in parted_sets(judged, hidden).items()
    }


def only(run: Run, questions: Sequence[Question]) -> Run:
    """Return a run cut down to some questions."""
    return Run(system=run.system, rankings={each.id: run.rankings[each.id] for each in questions})
