"""Training texts that nearly repeat one another.

Two texts are near when the Jaccard coefficient of their word sets is at least a bound ``t``. The words of each are
sorted by rarity; two near texts share one of the first ``n - ceil(t n) + 1`` of their ``n`` words (prefix filtering:
Chaudhuri, Ganti and Kaushik, *A Primitive Operator for Similarity Joins in Data Cleaning*, ICDE 2006), and neither
has less than ``t`` times the words of the other, so that few pairs are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from math import ceil, floor

from corpus.nearness import NEAR, are_near, words_of
from corpus.training_findings import TrainingFinding
from corpus.training_problems import TrainingProblem

NEAR_TITLE = Fraction(4, 5)


def near_repeats(problems: Sequence[TrainingProblem]) -> Iterator[TrainingFinding]:
    """Yield a finding for every text that nearly repeats an earlier one of its kind.

    Messages and articles are compared with all others. Titles are compared within an industry and language only:
    several organisations have an article about access to personal data, and rightly call it the same.
    """
    messages = [(each.id, number, message.text) for each in problems for number, message in enumerate(each.messages)]
    yield from _repeats("message", messages, NEAR)
    yield from _repeats("article", [(each.id, None, each.article) for each in problems], NEAR)
    for _, group in groupby(sorted(problems, key=_shelf), key=_shelf):
        yield from _repeats("title", [(each.id, None, each.title) for each in group], NEAR_TITLE)


def near_pairs(texts: Sequence[str], at_least: Fraction) -> Iterator[tuple[int, int]]:
    """Yield the positions of every two texts whose word sets have at least this Jaccard coefficient, smaller first.

    >>> list(near_pairs(["Wo ist mein Paket", "Hallo", "wo ist mein paket?"], Fraction(4, 5)))
    [(0, 2)]
    """
    sets = [words_of(text) for text in texts]
    counts = Counter(word for words in sets for word in words)
    having: dict[str, list[int]] = defaultdict(list)
    for position, words in enumerate(sets):
        least, most = ceil(at_least * len(words)), floor(len(words) / at_least)
        prefix = sorted(words, key=lambda word: (counts[word], word))[: len(words) - least + 1]
        candidates = {other for word in prefix for other in having[word] if least <= len(sets[other]) <= most}
        for earlier in sorted(candidates):
            if are_near(words, sets[earlier], at_least):
                yield earlier, position
        for word in prefix:
            having[word].append(position)


def _repeats(kind: str, texts: Sequence[tuple[str, int | None, str]], at_least: Fraction) -> Iterator[TrainingFinding]:
    for earlier, later in near_pairs([text for _, _, text in texts], at_least):
        problem, message, _ = texts[later]
        what = f"its {kind} nearly repeats that of {texts[earlier][0]}: tell it otherwise, or drop one"
        yield TrainingFinding(problem=problem, message=message, what=what)


def _shelf(problem: TrainingProblem) -> tuple[str, str]:
    return problem.industry, problem.language
