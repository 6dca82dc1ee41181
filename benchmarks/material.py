"""Texts to measure with: sections of documentation as passages, and customers' words as cases of any length."""

from __future__ import annotations

import functools
import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import numpy as np

from corpus.folder import Corpus, read_corpus
from corpus.models import Case

# Short enough to stay one passage, whatever the sentences are like.
PASSAGE_WORDS = 80
_HALF = PASSAGE_WORDS // 2
_ANCHOR = re.compile(r"<[^>]{0,200}>")

Row = tuple[str, str]
"""A title and a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """Distinct texts of one passage each with their titles; ``source`` says where they come from."""

    rows: Sequence[Row]
    source: str


@dataclass(frozen=True, slots=True)
class CaseTexts:
    """What customers wrote, word by word, one entry for each case of the demo corpus that says something."""

    cases: Sequence[Case]
    words: Sequence[Sequence[str]]

    def text(self, number: int, words: int) -> str:
        """Return a text of exactly so many words: the first half of one customer's, then others', none twice alike."""
        size = len(self.words)
        first = number % size
        other = (first + 1 + number // size) % size
        text = list(self.words[first][: words // 2])
        for step in range(size):
            text += self.words[(other + step) % size]
            if len(text) >= words:
                break
        return " ".join(text[:words])

    def case(self, number: int) -> Case:
        """Return the case whose words the text of a number begins with."""
        return self.cases[number % len(self.words)]


def case_texts(demo: Corpus) -> CaseTexts:
    """Return the customers' words of the demo corpus."""
    told = [(case, tuple(_customer_words(case))) for case in demo.cases]
    kept = [(case, words) for case, words in told if len(words) >= 10]
    return CaseTexts([case for case, _ in kept], [words for _, words in kept])


def demo_corpus(root: Path) -> Corpus:
    """Read the demo corpus of this repository."""
    return read_corpus(root / "corpus" / "demo")


def read_passages(sections: Path | None, number: int, demo: Corpus, seed: int) -> Passages:
    """Return so many passages: sections cut in parts, then halves of two parts joined; made texts without the file.

    A smaller number gives the beginning of a larger one.
    """
    if sections is None or not sections.is_file():
        return Passages(rows=list(islice(_made(demo, seed), number)), source="made: words of the demo corpus, shuffled")
    parts = _shuffled_parts(sections, seed)
    if number <= len(parts):
        return Passages(rows=parts[:number], source=f"parts of {sections.name}")
    joined = islice(_joined(parts), number - len(parts))
    return Passages(
        rows=[*parts, *joined],
        source=f"{len(parts)} parts of {sections.name}, {number - len(parts)} of two halves joined",
    )


def _customer_words(case: Case) -> Iterator[str]:
    for text in (case.subject, case.description, *(each.text for each in case.messages if each.role == "customer")):
        yield from (text or "").split()


def _parts(sections: Path) -> Iterator[Row]:
    data = sections.read_bytes()
    for line in (gzip.decompress(data) if sections.suffix == ".gz" else data).splitlines():
        section = json.loads(line)
        title = " ".join(_ANCHOR.sub("", section["title"]).split())
        words = section["body"].split()
        for begin in range(0, len(words), PASSAGE_WORDS):
            yield title, " ".join(words[begin : begin + PASSAGE_WORDS])


@functools.lru_cache(maxsize=1)
def _shuffled_parts(sections: Path, seed: int) -> Sequence[Row]:
    rows = list(dict.fromkeys(_parts(sections)))
    return [rows[row] for row in np.random.default_rng(seed).permutation(len(rows)).tolist()]


def _joined(parts: Sequence[Row]) -> Iterator[Row]:
    for shift in count(1):
        for row, (title, text) in enumerate(parts):
            other = parts[(row + shift) % len(parts)][1]
            yield title, " ".join((*text.split()[:_HALF], *other.split()[-_HALF:]))


def _made(demo: Corpus, seed: int) -> Iterator[Row]:
    words = np.array([word for article in demo.articles for word in article.body.split()])
    chance = np.random.default_rng(seed)
    for number in count(1):
        yield f"Abschnitt {number}", " ".join(chance.choice(words, PASSAGE_WORDS).tolist())
