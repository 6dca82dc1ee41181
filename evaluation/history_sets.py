"""Judged questions from solved cases: what agents really used, asked with what was known then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from corpus.casetext import known_before_reply
from corpus.folder import Corpus, read_corpus
from corpus.models import Case, Kind, Record, Use
from evaluation.judged import JudgedQuery, family_of
from index.situations import UsedKind

TEST_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedHistory:
    """A corpus cut in time: ``records`` hold only cases that had closed before the cut, ``tests`` opened after it."""

    name: str
    family: str
    records: Mapping[Kind, Sequence[Record]]
    tests: Sequence[Case]


def read_history(folder: Path, *, newest: int | None = None) -> JudgedHistory:
    """Read a canonical corpus and cut it at the ``opened_at`` of case 0.8 n, or by the cases' own ``split``.

    ``newest`` keeps only so many of the newest cases. Raises ``corpus.findings.CorpusErrors`` for a corpus that is not
    well-formed.
    """
    corpus = read_corpus(folder)
    solved = sorted((case for case in corpus.cases if case.is_solved_history), key=_opened)[-(newest or 0) :]
    cut = _opened(solved[int((1 - TEST_SHARE) * len(solved))])
    tests = [case for case in solved if _is_test(case, cut)]
    history = [case for case in solved if not _is_test(case, cut) and _closed_before(case, cut)]
    return JudgedHistory(
        name=folder.name, family=family_of(folder.name), records=_records(corpus, history), tests=tests
    )


def questions(tests: Sequence[Case], kind: UsedKind) -> Iterator[JudgedQuery]:
    """Yield a question for each test case; for actions one for each step that was taken."""
    for case in tests:
        uses: tuple[Use, ...] = getattr(case, kind)
        if kind == "actions":
            yield from _steps(case, uses)
        elif uses:
            known = uses[0].after_message
            yield _question(case, known_before_reply(case) if known is None else known, uses)


def _steps(case: Case, uses: Sequence[Use]) -> Iterator[JudgedQuery]:
    done: tuple[str, ...] = ()
    for use in uses:
        known = known_before_reply(case) if use.after_message is None else use.after_message
        yield _question(case, known, (use,), done)
        done = (*done, use.id)


def _question(case: Case, known: int, uses: Sequence[Use], done: tuple[str, ...] = ()) -> JudgedQuery:
    asked = replace(
        case, messages=case.messages[:known], resolution=None, outcome=None, articles=(), templates=(), actions=()
    )
    return JudgedQuery(case=asked, relevant=frozenset(use.id for use in uses), done=done, as_of=case.opened_at)


def _records(corpus: Corpus, history: Sequence[Case]) -> dict[Kind, Sequence[Record]]:
    records: dict[Kind, Sequence[Record]] = {
        "articles": corpus.articles,
        "templates": corpus.templates,
        "actions": corpus.actions,
        "cases": history,
    }
    return {kind: sorted(rows, key=lambda record: record.id) for kind, rows in records.items()}


def _is_test(case: Case, cut: datetime) -> bool:
    return case.split == "test" if case.split is not None else _opened(case) >= cut


def _closed_before(case: Case, cut: datetime) -> bool:
    return case.split == "train" or (case.closed_at is not None and case.closed_at < cut)


def _opened(case: Case) -> datetime:
    if case.opened_at is None:
        raise ValueError(f"case {case.id}: found no opened_at, expected one for a cut in time; give it or a split")
    return case.opened_at
