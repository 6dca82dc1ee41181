"""Names and numbers in training messages by which an encoder could match instead of by meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from corpus.training_findings import TrainingFinding
from corpus.training_problems import TrainingProblem
from corpus.training_words import COMPANIES, COMPANIES_AS_WRITTEN, NO_NAMES

MIN_DIGITS = 5

_WORD = re.compile(r"[^\W\d_]{3,}")
_PART = r"(?:[^\W\d_]|['’-])"
_NAME = rf"[A-ZÄÖÜ](?:\.|{_PART}*)"
_ANY_NAME = rf"[^\W\d_](?:\.|{_PART}*)"
_TITLE = r"\b(?:Herrn?|Hr|Frau|Fr|Fam|Familie|Mr|Mrs|Ms|Miss|Dr|Name|Nachname|Surname)\b[.:]?"
_FORMULA = (
    r"\b(?i:lg|vg|mfg|gr[uü](?:ß|ss)(?! gott)e?n?|gruesse?n?|danke?"
    r"|regards|wishes|sincerely|faithfully|cheers|thanks)\b[ ,.!:;–-]*"
)
# Behind a formula, on its line or the next, up to three words: in chats and hasty mails in lower case too.
_SIGNED = re.compile(rf"{_FORMULA}\n*(?P<name>{_ANY_NAME}(?: {_ANY_NAME}){{0,2}})[ ,.!]*$", re.MULTILINE)
_ADDRESSED = re.compile(rf"{_TITLE} (?P<name>{_NAME}(?: {_NAME}){{0,2}})")
_LAST_LINE = re.compile(rf"\n(?P<name>{_NAME}(?: (?:von |van |de |zu )?{_NAME}){{1,2}})\s*\Z")
_NUMBER = re.compile(r"\d(?:[ ./-]?\d)*")

_BRAND = re.compile(
    r"(?<![\w&.-])(?:(?i:{})|{})(?![\w&])".format(
        *("|".join(map(re.escape, names)) for names in (COMPANIES, COMPANIES_AS_WRITTEN))
    )
)


def shared_names(problems: Iterable[TrainingProblem]) -> Iterator[TrainingFinding]:
    """Yield a finding for every name of a sender, and every number of five digits, in two messages of a problem."""
    for problem in problems:
        wholes = [message.whole for message in problem.messages]
        for (_, one), (number, other) in combinations(enumerate(wholes), 2):
            if shared := _shared(one, other):
                what = f"it has {', '.join(shared)} as an earlier message has: change one of the two"
                yield TrainingFinding(problem=problem.id, message=number, what=what)


def brands(problems: Iterable[TrainingProblem]) -> Iterator[TrainingFinding]:
    """Yield a finding for every text that has the name of a real company or product of a short list."""
    for problem in problems:
        texts = [(None, "\n".join((problem.title, problem.article, problem.question or "")))]
        for number, text in [*texts, *((number, each.whole) for number, each in enumerate(problem.messages))]:
            if found := sorted(set(_BRAND.findall(text))):
                what = f"it has {', '.join(found)}: name the kind of company or product instead"
                yield TrainingFinding(problem=problem.id, message=number, what=what)


def names_of(text: str) -> frozenset[str]:
    """Return the words of names, in lower case: behind a closing formula or a title, and alone on the last line.

    >>> sorted(names_of("Wo bleibt mein Paket?" + chr(10) + "LG Fenja"))
    ['fenja']
    """
    found = [match["name"] for pattern in (_SIGNED, _ADDRESSED, _LAST_LINE) for match in pattern.finditer(text)]
    return frozenset(word for name in found for word in _words(name)) - NO_NAMES


def numbers_of(text: str) -> frozenset[str]:
    """Return the numbers of five digits and more, without what stands between the digits.

    >>> sorted(numbers_of("Kd.nr 20 448 117 vom 3.4."))
    ['20448117']
    """
    digits = (re.sub(r"\D", "", number) for number in _NUMBER.findall(text))
    return frozenset(number for number in digits if len(number) >= MIN_DIGITS)


def _shared(one: str, other: str) -> list[str]:
    """Return names of either text that are words of the other, and numbers of both."""
    names = (names_of(one) & _words(other)) | (names_of(other) & _words(one))
    return sorted(names | (numbers_of(one) & numbers_of(other)))


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))
