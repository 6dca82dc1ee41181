"""What all judged sets share: their family, the text of a question, and the slices and groups it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from corpus.models import Case, primary_language
from corpus.nearness import words_of
from evaluation.near_duplicates import near_groups
from evaluation.questions import Question

SHORT, MEDIUM = 12, 60


def family_of(name: str) -> str:
    """Return the family of a set: its name before the first underscore, or after ``mail_``.

    >>> family_of("cwa_title_de2en"), family_of("mail_cwa_de"), family_of("mails_energy")
    ('cwa', 'cwa', 'mails')
    """
    parts = name.split("_")
    return parts[1] if parts[0] == "mail" and len(parts) > 1 else parts[0]


def asked_text(case: Case) -> str:
    """Return what a customer has told so far, as it was written: subject, description, own messages."""
    said = (message.text for message in case.messages if message.role == "customer")
    return "\n".join(part for part in (case.subject, case.description, *said) if part)


def length_of(text: str) -> str:
    """Return ``short`` below 12 words (parted by white space), ``medium`` below 60, else ``long``."""
    words = len(text.split())
    return "short" if words < SHORT else "medium" if words < MEDIUM else "long"


def language_of(asked: str | None, answers: Iterable[str | None]) -> str | None:
    """Return the language slice of a question, such as ``de``, or ``de>en`` when no answer is in its language.

    Languages are compared by primary subtag. ``None`` when the question's is not known.
    """
    code = primary_language(asked)
    others = sorted({each for each in map(primary_language, answers) if each})
    return code if code is None or not others or code in others else f"{code}>{'+'.join(others)}"


def slices_of(case: Case, **more: str | None) -> Mapping[str, str]:
    """Return the slices of a question: its length and whatever else is known of it.

    Raises ``ValueError`` for a slice by agent: figures about people pass through ``corpus.privacy.agent_figures`` only.
    """
    if "agent" in more:
        raise ValueError("found a slice by agent, expected none: evaluations tell nothing about single agents")
    known = {"length": length_of(asked_text(case)), **more}
    return MappingProxyType({name: value for name, value in sorted(known.items()) if value})


def group_near(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return the questions with near-duplicates in one group, which bears the id of its first question.

    Questions of one conversation, i.e. of a case that is asked more than once, keep the group they have.
    """
    asked: dict[str, int] = {}
    for question in questions:
        asked[question.group] = asked.get(question.group, 0) + 1
    alone = [question for question in questions if asked[question.group] == 1]
    firsts = near_groups([words_of(asked_text(question.case)) for question in alone])
    groups = {question.id: alone[first].id for question, first in zip(alone, firsts, strict=True)}
    return tuple(replace(each, group=groups.get(each.id, each.group)) for each in questions)
