"""Judged sets from canonical corpora: what agents really used, asked with what was known then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from corpus.folder import Corpus
from corpus.models import Action, Article, Case, Kind, Record, Template
from corpus.recovery.recover import labelled_cases
from evaluation.case_questions import case_questions
from evaluation.encoded_corpus import read_any_corpus
from evaluation.heirs import current_ids
from evaluation.judged import family_of, group_near
from evaluation.leakage import without_near
from evaluation.questions import JudgedSet, Question
from evaluation.splits import Split, split_cases
from index.situations import USED_KINDS, UsedKind

# Numbers of cases of history that used an item, the upper bound of each slice, and its name.
_HISTORY = ((0, "none"), (4, "1-4"), (19, "5-19"))
_MORE = "20+"


def read_history(folder: Path, *, newest: int | None = None, keep_near: bool = False) -> tuple[JudgedSet, ...]:
    """Read a canonical corpus as one judged set for each kind of item that its test cases used.

    Ids that the contract forbids are encoded and counted in ``split``. ``newest`` looks at only so many of the newest
    cases. ``keep_near`` asks questions too whose near-duplicates are in history, to compare with published numbers;
    ``split`` then says so. Raises ``corpus.findings.CorpusErrors`` for a corpus that is not well-formed, and
    ``ValueError`` for one that holds nothing to ask.
    """
    corpus, encoded = read_any_corpus(folder)
    try:
        split = _taught(corpus, split_cases(corpus.cases, newest=newest))
    except ValueError as error:
        raise ValueError(f"{folder.name}: {error}") from None
    found = judged_sets(folder.name, corpus, split, encoded=encoded, keep_near=keep_near)
    if not found:
        raise ValueError(
            f"{folder.name}: found no question in {len(split.tests)} test cases, expected some that name the articles, "
            "templates or actions they used and that do not all repeat cases of history"
        )
    return found


def judged_sets(
    name: str, corpus: Corpus, split: Split, *, encoded: int = 0, keep_near: bool = False
) -> tuple[JudgedSet, ...]:
    """Return one judged set for each kind of item of a corpus that the tests of a split used; empty if they used none.

    ``encoded`` is how many ids of the corpus were encoded; ``keep_near`` as in ``read_history``.
    """
    sets = (_judged(name, corpus, split, kind, encoded, keep_near=keep_near) for kind in USED_KINDS)
    return tuple(judged for judged in sets if judged is not None)


def read_kind(folder: Path, kind: UsedKind, *, newest: int | None = None) -> JudgedSet:
    """Read a canonical corpus as the judged set of one kind; raises as ``read_history``, and when there is none."""
    sets = {judged.kind: judged for judged in read_history(folder, newest=newest)}
    if kind not in sets:
        raise ValueError(f"{folder.name}: found test cases that used {', '.join(sets)}, expected some that used {kind}")
    return sets[kind]


def with_history_slices(judged: JudgedSet) -> JudgedSet:
    """Return the set with each question in a slice of how many cases of its history used what is right for it.

    The slice ``history`` is ``none``, ``1-4``, ``5-19`` or ``20+``; of several items that are right the best known
    counts.
    """
    used = used_in_history(judged)

    def sliced(question: Question) -> Question:
        known = max(used[each] for each in question.relevant)
        slices = {**question.slices, "history": _history_slice(known)}
        return replace(question, slices=MappingProxyType(dict(sorted(slices.items()))))

    return replace(judged, questions=tuple(map(sliced, judged.questions)))


def used_in_history(judged: JudgedSet) -> Counter[str]:
    """Return in how many cases of history each item of the judged kind was used, ids that it replaces included.

    Raises ``ValueError`` for a set about similar cases, which are not used.
    """
    if judged.kind == "similar_cases":
        raise ValueError(f"{judged.name}: found a set about similar cases, expected articles, templates or actions")
    current = current_ids(judged.records[judged.kind])
    cases = (case for case in judged.records.get("cases", ()) if isinstance(case, Case))
    uses = ({current.get(use.id) for use in getattr(case, judged.kind)} for case in cases)
    return Counter(each for used in uses for each in used if each is not None)


def _taught(corpus: Corpus, split: Split) -> Split:
    """Give history the uses that a build recovers, once for every system; what is asked is what cases name."""
    return replace(split, history=tuple(labelled_cases(split.history, corpus.templates, corpus.articles)))


def _judged(
    name: str, corpus: Corpus, split: Split, kind: UsedKind, encoded: int, *, keep_near: bool
) -> JudgedSet | None:
    items: Mapping[str, Article | Template | Action] = {item.id: item for item in getattr(corpus, kind)}
    records = _records(corpus, split.history)
    current = current_ids(records[kind])
    asked = [question for case in split.tests for question in case_questions(case, kind, items, current)]
    kept = tuple(asked) if keep_near else without_near(asked, split.history)
    if not kept:
        return None
    judged = JudgedSet(
        name=name,
        family=family_of(name),
        source="history",
        kind=kind,
        records=records,
        questions=group_near(kept),
        split={**split.facts, "encoded_ids": encoded, "near_duplicates": "kept" if keep_near else "dropped"},
        dropped={
            **split.dropped,
            "test cases without a question": len(split.tests) - len({question.case.id for question in asked}),
            "uses of unknown items": _unknown(split.tests, kind, current),
            "near-duplicates in history": len(asked) - len(kept),
        },
    )
    return with_history_slices(judged)


def _unknown(tests: Sequence[Case], kind: UsedKind, current: Mapping[str, str]) -> int:
    return sum(use.id not in current for case in tests for use in getattr(case, kind))


def _records(corpus: Corpus, history: Sequence[Case]) -> dict[Kind, Sequence[Record]]:
    records: dict[Kind, Sequence[Record]] = {
        "articles": corpus.articles,
        "templates": corpus.templates,
        "actions": corpus.actions,
        "cases": history,
    }
    return {kind: sorted(rows, key=lambda record: record.id) for kind, rows in records.items()}


def _history_slice(cases: int) -> str:
    return next((name for most, name in _HISTORY if cases <= most), _MORE)
