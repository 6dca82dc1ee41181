"""Which of a team's cases are judged: its open ones, then the latest of the others, none of them twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from corpus.casetext import known_before_reply
from corpus.folder import Corpus
from corpus.models import Case, Kind, Record
from corpus.nearness import words_of
from evaluation.case_questions import known_case
from evaluation.judged import asked_text, family_of, slices_of
from evaluation.judging_plan import JudgedKind, JudgingError
from evaluation.near_duplicates import near_groups
from evaluation.questions import JudgedSet, Question

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
# Near-duplicates are sought among so many cases for each one that is wanted; all of a large corpus would take long.
_LOOKED_AT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picked:
    """Questions in the order in which cases are preferred, and what was passed over on the way."""

    questions: tuple[Question, ...]
    dropped: dict[str, int]


def questions_to_judge(name: str, corpus: Corpus, kind: JudgedKind, count: int) -> JudgedSet:
    """Return up to ``count`` cases of a corpus as questions that nobody has answered yet (``relevant`` is empty).

    Open cases come before closed ones, later before earlier. Each is asked as the customer brought it: subject,
    description and what was written before the first reply (where an agent spoke first, before the next). Cases that
    say nothing, or nearly the same as a preferred one, are passed over and counted. History are the solved cases that
    are not asked. Raises ``JudgingError`` when the corpus has no item of the kind, or no case to ask.
    """
    items = corpus.articles if kind == "articles" else corpus.templates
    if not items:
        raise JudgingError(f"{name}: found no {kind}, expected at least one to judge; give a corpus with {kind}.jsonl")
    picked = _pick(sorted(corpus.cases, key=_preference), count)
    if not picked.questions:
        raise JudgingError(f"{name}: found no case with a text in {len(corpus.cases)} cases, expected at least one")
    asked = {question.case.id for question in picked.questions}
    history = [case for case in corpus.cases if case.is_solved_history and case.id not in asked]
    records: dict[Kind, Sequence[Record]] = {
        "articles": corpus.articles,
        "templates": corpus.templates,
        "actions": corpus.actions,
        "cases": history,
    }
    return JudgedSet(
        name=name,
        family=family_of(name),
        source="history",
        kind=kind,
        records={each: sorted(rows, key=lambda record: record.id) for each, rows in records.items()},
        questions=picked.questions,
        split={"by": "latest", "asked": len(asked), "history": len(history)},
        dropped=picked.dropped,
    )


def _pick(cases: Sequence[Case], count: int) -> _Picked:
    asked = [_as_brought(case) for case in cases[: count * _LOOKED_AT]]
    told = [case for case in asked if asked_text(case).strip()]
    groups = near_groups([words_of(asked_text(case)) for case in told])
    first = [case for place, case in enumerate(told) if groups[place] == place]
    return _Picked(
        questions=tuple(_question(case) for case in first[:count]),
        dropped={"cases without a text": len(asked) - len(told), "near-duplicates": len(told) - len(first)},
    )


def _preference(case: Case) -> tuple[bool, float, str]:
    opened = case.opened_at or _LONG_AGO
    return case.closed_at is not None, -opened.timestamp(), case.id


def _as_brought(case: Case) -> Case:
    known = known_before_reply(case)
    if not asked_text(known_case(case, known)).strip():
        known = _next_reply(case)
    return known_case(case, known)


def _next_reply(case: Case) -> int:
    """Return how many messages there are before an agent answers the customer's first one."""
    spoken = [number for number, message in enumerate(case.messages) if message.role == "customer"]
    first = spoken[0] if spoken else len(case.messages)
    later = (number for number, each in enumerate(case.messages) if number > first and each.role == "agent")
    return next(later, len(case.messages))


def _question(case: Case) -> Question:
    last = case.messages[-1].at if case.messages else None
    return Question(
        id=case.id,
        case=case,
        relevant=frozenset(),
        group=case.id,
        as_of=last or case.opened_at,
        slices=slices_of(case, channel=case.channel, language=case.language, product=case.product),
    )
