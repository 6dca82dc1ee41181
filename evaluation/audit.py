"""Does history know what is asked? A set that leaks measures nothing, so whoever runs one asks here first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from corpus.models import Case
from evaluation.leakage import near_in_history
from evaluation.questions import JudgedSet, Question

SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """One way in which history knows more than it may, and the ids of the cases or questions concerned.

    One that is not ``fatal`` was asked for, by the cases' own ``split`` or by whoever kept the near-duplicates: it is
    told, but the set may be measured.
    """

    what: str
    ids: tuple[str, ...]
    fatal: bool = True

    def __str__(self) -> str:
        """Return what leaks, with the first five ids."""
        more = f" and {len(self.ids) - SHOWN} more" if len(self.ids) > SHOWN else ""
        return f"{self.what}: {', '.join(self.ids[:SHOWN])}{more}"


class LeakError(ValueError):
    """A judged set whose history knows what is asked; ``leaks`` says how."""

    def __init__(self, name: str, leaks: Sequence[Leak]) -> None:
        told = "; ".join(map(str, leaks))
        super().__init__(f"{name}: the split leaks ({told}); expected a history of earlier cases alone: mend the split")
        self.leaks = tuple(leaks)


def refuse_leaks(judged: JudgedSet) -> tuple[Leak, ...]:
    """Return the leaks that may be borne, raising LeakError when any is fatal."""
    leaks = audit(judged)
    if fatal := [leak for leak in leaks if leak.fatal]:
        raise LeakError(judged.name, fatal)
    return leaks


def audit(judged: JudgedSet) -> tuple[Leak, ...]:
    """Return every leak of a judged set; an honest one has none.

    Looked for are cases that are both history and asked, history that closed or opened at or after the split (or has
    the split ``test``), questions from before it, questions that know how their case ended, and near-duplicates.
    """
    history = [record for record in judged.records.get("cases", ()) if isinstance(record, Case)]
    checks: tuple[Callable[[JudgedSet, Sequence[Case]], Iterator[Leak]], ...] = (
        _same_cases, _late_history, _early_questions, _told_endings, _overtaken, _near,
    )  # fmt: skip
    return tuple(leak for check in checks for leak in check(judged, history))


def _same_cases(judged: JudgedSet, history: Sequence[Case]) -> Iterator[Leak]:
    asked = {question.case.id for question in judged.questions}
    yield from _leak("cases asked about that are in history", [case.id for case in history if case.id in asked])


def _late_history(judged: JudgedSet, history: Sequence[Case]) -> Iterator[Leak]:
    if (cut := _cut(judged)) is not None:
        late = [case.id for case in history if case.split is None and not _is_over(case, cut)]
        yield from _leak(f"cases in history that were open at the split ({cut.isoformat()}) or after it", late)
    tests = [case.id for case in history if case.split == "test"]
    yield from _leak("cases in history whose split is test", tests)


def _early_questions(judged: JudgedSet, history: Sequence[Case]) -> Iterator[Leak]:
    cut = _cut(judged)
    if history and cut is not None and judged.split.get("by") == "time":
        early = [question.id for question in judged.questions if _opened_before(question, cut)]
        yield from _leak(f"questions from before the split ({cut.isoformat()})", early)


def _told_endings(judged: JudgedSet, history: Sequence[Case]) -> Iterator[Leak]:
    told = [question.id for question in judged.questions if _tells_ending(question.case)]
    yield from _leak("questions that know how their case ended", told)


def _overtaken(judged: JudgedSet, history: Sequence[Case]) -> Iterator[Leak]:
    opened = [question.case.opened_at for question in judged.questions if question.case.opened_at is not None]
    train = [case for case in history if case.split == "train"]
    late = [case.id for case in train if opened and not _is_over(case, min(opened))]
    what = "cases put into history by their own split that were open when the first question was asked, or later"
    yield from _leak(what, late, fatal=False)


def _near(judged: JudgedSet, history: Sequence[Case]) -> Iterator[Leak]:
    near = near_in_history(judged.questions, history) if history else [False] * len(judged.questions)
    questions = [question.id for question, is_near in zip(judged.questions, near, strict=True) if is_near]
    fatal = judged.split.get("near_duplicates") != "kept"
    yield from _leak("questions whose near-duplicates are in history", questions, fatal=fatal)


def _leak(what: str, ids: Sequence[str], *, fatal: bool = True) -> Iterator[Leak]:
    if ids:
        yield Leak(what=what, ids=tuple(sorted(ids)), fatal=fatal)


def _cut(judged: JudgedSet) -> datetime | None:
    at = judged.split.get("at")
    return datetime.fromisoformat(at) if isinstance(at, str) else None


def _is_over(case: Case, moment: datetime) -> bool:
    opened_before = case.opened_at is None or case.opened_at < moment
    return case.closed_at is not None and case.closed_at < moment and opened_before


def _opened_before(question: Question, cut: datetime) -> bool:
    return question.case.opened_at is not None and question.case.opened_at < cut


def _tells_ending(case: Case) -> bool:
    used = case.articles or case.templates or case.actions
    return bool(case.closed_at or case.status or case.resolution or case.outcome or used)
