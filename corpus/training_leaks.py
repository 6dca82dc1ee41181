"""Words of a title that stand in the messages about it: with them an encoder could match spellings, not meanings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from corpus.training_findings import TrainingFinding
from corpus.training_problems import TrainingProblem
from corpus.training_words import WITHOUT_MATTER

MIN_LENGTH = 5
"""Shorter words are no leaks: too many of them carry grammar."""

MAX_FIRST, MAX_LATER = 2, 1
"""Words of the title that a message may have: of a problem without a question, and of one with it.

The problems without were written first, under a looser rule.
"""

_WORD = re.compile(r"[^\W\d_]+")
_ALGORITHMS = {"de": "german", "en": "english"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakFigures:
    """How many messages have so many words of their title, by that number, and what share of title words (0 to 1).

    The share is of all title words over all messages; 0 where there are none.
    """

    messages: Mapping[int, int]
    share: float


class TitleWords:
    """Finds the words of titles in texts. Not safe to share between threads, since its stemmers are not."""

    def __init__(self) -> None:
        stemmers = {language: Stemmer.Stemmer(name) for language, name in _ALGORITHMS.items()}
        self._stem = lru_cache(None)(lambda language, word: str(stemmers[language].stemWord(word)))

    def of(self, problem: TrainingProblem) -> Mapping[str, str]:
        """Return the words of the title that carry its matter, by their stems: lower case, umlauts as two letters."""
        return {
            self._stem(problem.language, word): word
            for word in _words(problem.title)
            if len(word) >= MIN_LENGTH and word not in WITHOUT_MATTER
        }

    def leaked(self, problem: TrainingProblem, text: str) -> tuple[str, ...]:
        """Return the words of the title that ``text`` has, in any inflection or as a part of a compound.

        That a word of the text is a part of a compound in the title ("Konto", "Kontovollmacht") is no leak.
        """
        words = [word for word in _words(text) if len(word) >= MIN_LENGTH]
        stems = {self._stem(problem.language, word) for word in words}
        joined = " ".join(words)
        return tuple(
            word
            for stem, word in self.of(problem).items()
            if stem in stems or (len(stem) >= MIN_LENGTH and stem in joined)
        )


def title_leaks(problems: Iterable[TrainingProblem]) -> Iterator[TrainingFinding]:
    """Yield a finding for every message, and every question, that has more words of the title than it may."""
    titles = TitleWords()
    for problem in problems:
        at_most = most_leaks(problem)
        for number, text in _texts(problem):
            if len(words := titles.leaked(problem, text)) > at_most:
                where = "the question" if number is None else "it"
                what = f"{where} has {', '.join(words)} of the title, expected at most {at_most} such: say it plainly"
                yield TrainingFinding(problem=problem.id, message=number, what=what)


def most_leaks(problem: TrainingProblem) -> int:
    """Return how many words of the title a message about this problem may have."""
    return MAX_FIRST if problem.question is None else MAX_LATER


def leak_figures(problems: Iterable[TrainingProblem]) -> LeakFigures:
    """Return how many words of titles stand in the messages of these problems."""
    titles = TitleWords()
    messages: Counter[int] = Counter()
    asked = 0
    for problem in problems:
        messages.update(len(titles.leaked(problem, message.whole)) for message in problem.messages)
        asked += len(titles.of(problem)) * len(problem.messages)
    found = sum(number * count for number, count in messages.items())
    return LeakFigures(messages=dict(sorted(messages.items())), share=found / asked if asked else 0.0)


def _texts(problem: TrainingProblem) -> Iterator[tuple[int | None, str]]:
    if problem.question is not None:
        yield None, problem.question
    yield from ((number, message.whole) for number, message in enumerate(problem.messages))


def _words(text: str) -> tuple[str, ...]:
    """Return each word once, in lower case and umlauts as two letters, in the order of the text."""
    plain = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return tuple(dict.fromkeys(_WORD.findall(plain)))
