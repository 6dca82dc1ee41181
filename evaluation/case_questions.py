"""Questions from a solved case: what was known whenever an agent used something, and nothing that came later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from corpus.casetext import known_before_reply
from corpus.models import Action, Article, Case, Template, Use
from evaluation.judged import language_of, slices_of
from evaluation.questions import Question
from index.situations import UsedKind

Items = Mapping[str, Article | Template | Action]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When so many messages were ``known`` and these actions ``done``, these ``used`` items were right."""

    known: int
    used: frozenset[str]
    done: tuple[str, ...] = ()


def case_questions(case: Case, kind: UsedKind, items: Items, current: Mapping[str, str]) -> list[Question]:
    """Return the questions of a case about one kind, oldest first; ``current`` is that of ``evaluation.heirs``.

    Of articles and templates each moment at which some were used is one question; of actions each step. Items that
    the corpus lacks are right for nothing; one that replaces another stands for it. A moment at which nothing had been
    written is not asked. A case that is asked once gives its id to its question, else the questions are numbered from 1
    (``c7#2``; no id of a case has ``#``).
    """
    moments = [moment for moment in _moments(case, kind, current) if _is_told(case, moment.known)]
    return [
        _question(case, moment, items, case.id if len(moments) == 1 else f"{case.id}#{number}")
        for number, moment in enumerate(moments, start=1)
    ]


def known_then(case: Case, use: Use) -> int:
    """Return how many messages had been exchanged when something was used: before the first reply, if unknown."""
    known = known_before_reply(case) if use.after_message is None else use.after_message
    return min(known, len(case.messages))


def known_case(case: Case, known: int) -> Case:
    """Return a case as it stood after ``known`` messages, with only what a live request could tell of it.

    Everything that is known at closing (status, resolution, outcome, what was used, who solved it) is gone.
    """
    return Case(
        id=case.id,
        subject=case.subject,
        description=case.description,
        messages=case.messages[:known],
        language=case.language,
        channel=case.channel,
        product=case.product,
        priority=case.priority,
        customer_id=case.customer_id,
        customer=case.customer,
        audience=case.audience,
        opened_at=case.opened_at,
    )


def _moments(case: Case, kind: UsedKind, current: Mapping[str, str]) -> Iterator[Moment]:
    uses: tuple[Use, ...] = getattr(case, kind)
    if kind == "actions":
        for step, use in enumerate(uses):
            if use.id in current:
                done = tuple(current.get(earlier.id, earlier.id) for earlier in uses[:step])
                yield Moment(known=known_then(case, use), used=frozenset({current[use.id]}), done=done)
        return
    together: dict[int, set[str]] = {}
    for use in uses:
        if use.id in current:
            together.setdefault(known_then(case, use), set()).add(current[use.id])
    for known, used in sorted(together.items()):
        yield Moment(known=known, used=frozenset(used))


def _is_told(case: Case, known: int) -> bool:
    return bool(case.subject or case.description or case.messages[:known])


def _question(case: Case, moment: Moment, items: Items, name: str) -> Question:
    asked = known_case(case, moment.known)
    right = sorted(moment.used)
    return Question(
        id=name,
        case=asked,
        relevant=moment.used,
        group=case.id,
        done=moment.done,
        as_of=_asked_at(asked),
        slices=slices_of(
            asked,
            channel=case.channel,
            language=language_of(case.language, (items[each].language for each in right)),
            product=case.product,
        ),
    )


def _asked_at(asked: Case) -> datetime | None:
    last = asked.messages[-1].at if asked.messages else None
    return last or asked.opened_at
