"""What of a case a query may see, as one text for the encoder.

Only the subject, the description and what was said up to a known message: never the resolution, the outcome, or
anything else that is known at closing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.html import html_to_text, looks_like_html
from corpus.mail import strip_mail
from corpus.models import Case, Message
from corpus.shorten import last_sentences, sentences, shorten
from corpus.subject import clean_subject
from corpus.text import normalise

_LETTERS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBudget:
    """How much of a case goes into its text. Everything is counted in words parted by white space.

    ``last`` and ``total`` bound the last message and the whole; ``ending`` is how much of a shortened text is kept
    from its end, where the question often stands; ``question`` bounds the agent's question before a bare reply, which
    is one of at most ``bare_reply`` words. ``characters`` of a part are looked at; the rest is cut.
    """

    last: int = 120
    total: int = 180
    subject: int = 30
    ending: int = 30
    question: int = 30
    bare_reply: int = 3
    least: int = 5
    characters: int = 200_000


DEFAULT_BUDGET = TextBudget()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseText:
    """A case as a query sees it, every part cleaned and shortened; what is absent is empty.

    ``last`` is what the customer said last (the description, if there are no messages), ``earlier`` the description
    and the customer's earlier messages, newest first, as far as the budget goes; ``text`` is all of it.
    """

    subject: str
    last: str
    earlier: tuple[str, ...]
    text: str


Conceal = Callable[[str], str]
"""Takes from a cleaned part what may not go into the text."""


def as_it_is(text: str) -> str:
    """Return the text: nothing is concealed."""
    return text


def case_text(
    case: Case,
    *,
    known_messages: int | None = None,
    budget: TextBudget = DEFAULT_BUDGET,
    conceal: Conceal = as_it_is,
) -> CaseText:
    """Return the text of ``case`` as it stood after ``known_messages`` messages (``None``: all, for a live case).

    ``conceal`` sees every part cleaned, but before it is shortened: half a number could not be told.
    Raises ``ValueError`` when ``known_messages`` is negative.
    """
    if known_messages is not None and known_messages < 0:
        raise ValueError(
            f"known_messages is {known_messages}, expected None or a number from 0: give how many were exchanged"
        )
    messages = case.messages if known_messages is None else case.messages[:known_messages]
    subject = shorten(conceal(clean_subject(case.subject or "")), budget.subject, ending=0)
    said = [*_customer_parts(messages, budget, conceal)]
    description = conceal(clean(case.description or "", budget))
    parts = [said[0], description, *said[1:]] if said else [description]
    kept = _within_budget(subject, _distinct(parts), budget)
    doubled = any(_starts_with(part, subject) for part in kept)
    text = "\n".join(part for part in ("" if doubled else subject, *kept) if part)
    return CaseText(subject=subject, last=kept[0] if kept else "", earlier=tuple(kept[1:]), text=text)


@dataclass(frozen=True, slots=True)
class LastSaid:
    """What the ``customer`` said last and the agent's last ``reply``, cleaned, and how many ``messages`` there were."""

    customer: str
    reply: str
    messages: int


def last_said(case: Case, *, known_messages: int | None = None) -> LastSaid:
    """Return what was said last as a case stood after so many messages (``None``: all); the description for none."""
    messages = case.messages if known_messages is None else case.messages[:known_messages]
    last = {message.role: message.text for message in messages}
    customer = last.get("customer", case.description or case.subject or "")
    return LastSaid(customer=clean(customer), reply=clean(last.get("agent", "")), messages=len(messages))


def known_before_reply(case: Case) -> int:
    """Return how many messages had been exchanged before the agent's first one; all, if no agent wrote."""
    return next((n for n, message in enumerate(case.messages) if message.role == "agent"), len(case.messages))


def clean(text: str, budget: TextBudget = DEFAULT_BUDGET) -> str:
    """Return what the writer of a description or message says: HTML, quotes, greeting and signature removed."""
    text = text[: budget.characters]
    return strip_mail(normalise(html_to_text(text) if looks_like_html(text) else text))


def _customer_parts(messages: tuple[Message, ...], budget: TextBudget, conceal: Conceal) -> list[str]:
    """Return the customer's cleaned messages, newest first; a bare reply behind the question it answers."""
    parts: list[str] = []
    words = 0
    for position in range(len(messages) - 1, -1, -1):
        if messages[position].role != "customer":
            continue
        part = conceal(clean(messages[position].text, budget))
        if not parts and 0 < len(part.split()) <= budget.bare_reply:
            part = f"{_question_before(messages[:position], budget, conceal)} {part}".lstrip()
        if part:
            parts.append(part)
            words += len(part.split())
        if words >= 2 * budget.total:  # twice, as some may turn out to repeat others
            break
    return parts


def _question_before(messages: tuple[Message, ...], budget: TextBudget, conceal: Conceal) -> str:
    """Return the question of the agent's message that directly precedes, or its end if it asks nothing."""
    spoken = next((message for message in reversed(messages) if message.role != "system"), None)
    if spoken is None or spoken.role != "agent":
        return ""
    said = conceal(clean(spoken.text, budget))
    questions = [sentence for sentence in sentences(said) if sentence.rstrip().endswith("?")]
    return last_sentences(questions[-1] if questions else said, budget.question)


def _distinct(parts: list[str]) -> list[str]:
    """Drop blank parts and those an earlier one contains: many systems keep the first message as description too."""
    kept: list[str] = []
    seen = ""
    for part in parts:
        letters = _bare(part)
        if letters and letters not in seen:
            kept.append(part)
            seen += f"{letters}\n"
    return kept


def _within_budget(subject: str, parts: list[str], budget: TextBudget) -> list[str]:
    """Shorten the first part to its own budget and the others to what is left of the whole."""
    kept: list[str] = []
    left = budget.total - len(subject.split())
    for part in parts:
        room = left if kept else min(left, budget.last)
        if kept and room < budget.least:
            break
        # without a message behind it, the first part may use the whole
        shortened = shorten(part, left if len(parts) == 1 else room, ending=budget.ending)
        kept.append(shortened)
        left -= len(shortened.split())
    return kept


def _starts_with(part: str, subject: str) -> bool:
    return bool(subject) and f"{_bare(part)} ".startswith(f"{_bare(subject)} ")


def _bare(text: str) -> str:
    return " ".join(_LETTERS.findall(text.casefold()))
