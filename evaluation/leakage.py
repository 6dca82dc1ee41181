"""Questions that history answers word for word: they would measure memory, not judgement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from corpus.casetext import known_before_reply
from corpus.models import Case
from corpus.nearness import Words, words_of
from evaluation.case_questions import known_case, known_then
from evaluation.judged import asked_text
from evaluation.near_duplicates import near_any
from evaluation.questions import Question


def without_near(questions: Sequence[Question], history: Iterable[Case]) -> tuple[Question, ...]:
    """Return the questions of which no near-duplicate (``evaluation.near_duplicates``) is in history."""
    near = near_in_history(questions, history)
    return tuple(question for question, is_near in zip(questions, near, strict=True) if not is_near)


def near_in_history(questions: Sequence[Question], history: Iterable[Case]) -> list[bool]:
    """Return for each question (n,) whether a case of history told nearly the same at a moment it is looked at."""
    if not questions:
        return []
    told = {words for case in history for words in _told(case)}
    return near_any([words_of(asked_text(question.case)) for question in questions], told)


def _told(case: Case) -> Iterator[Words]:
    """Yield what a case told at its opening and whenever something was used, as ``index.situations`` cuts it."""
    uses = (*case.articles, *case.templates, *case.actions)
    moments = sorted({known_before_reply(case), *(known_then(case, use) for use in uses)})
    words = words_of(asked_text(known_case(case, 0)))
    before = 0
    for known in moments:
        said = (message.text for message in case.messages[before:known] if message.role == "customer")
        words, before = words.union(*map(words_of, said)), known
        yield words
