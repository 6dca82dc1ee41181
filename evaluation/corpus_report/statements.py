"""Sentences of items that state one sort of figure, reduced to what they are about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.models import DEFAULT_LANGUAGE, Article, Template, primary_language
from corpus.text import plain_text
from evaluation.corpus_report.figures_said import Figure, FigureKind, figures_in
from index.analysis import Analyzer, analyzer_for
from index.itemtext import item_text, without_merge_fields
from index.passages import passages
from index.sentences import sentences

_QUALIFIER = re.compile(
    r"\b(?:mindest\w*|höchst\w*|maximal\w*|minimal\w*|bis|ab|über|unter|vor|nach|früh\w*|spät\w*|weniger|mehr|weitere\w*|"
    r"nicht|kein\w*|ohne|nur|zusätzlich\w*|je|pro|at least|at most|up to|maximum|minimum|from|until|before|after|over|"
    r"under|less|more|within|not|no|without|only|additional\w*|per|each|first|last|erste\w*|letzte\w*)\b",
    re.IGNORECASE,
)
_NAMING = re.compile(r"^[A-ZÄÖÜ]|\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a text is about: the stems of its words, and those of its key words, which name things.

    In German these are the capitalised words; elsewhere all that carry meaning. Words with digits always are.
    """

    stems: frozenset[str]
    keys: frozenset[str]

    def names_another(self, other: Topic) -> bool:
        """Whether each of two texts names something that the other does not: then they speak of two things."""
        return bool(self.keys - other.stems) and bool(other.keys - self.stems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence of an item with figures of one kind.

    ``values`` are those of the sentence, ``elsewhere`` all of that kind in the item; ``qualifiers`` are the words that
    change what a figure says, such as ``höchstens``.
    """

    item: Article | Template
    text: str
    kind: FigureKind
    values: frozenset[str]
    topic: Topic
    heading: Topic
    qualifiers: Counter[str]
    elsewhere: frozenset[str]


def statements(item: Article | Template) -> list[Statement]:
    """Return the statements of an item, a sentence once for each kind of figure in it."""
    found = list(_sentences(item))
    figures = [figures_in(text) for _, text in found]
    everywhere = {kind: _values(figures, kind) for kind in ("amount", "period", "percentage", "phone", "date")}
    language = primary_language(item.language) or DEFAULT_LANGUAGE
    return [
        Statement(
            item=item,
            text=text,
            kind=kind,
            values=_values([own], kind),
            topic=topic_of(_without(text, own), language),
            heading=topic_of(heading, language),
            qualifiers=Counter(each.lower() for each in _QUALIFIER.findall(_without(text, own))),
            elsewhere=everywhere[kind],
        )
        for (heading, text), own in zip(found, figures, strict=True)
        for kind in sorted({figure.kind for figure in own})
    ]


def title_topic(item: Article | Template) -> Topic:
    """Return what the title or name of an item is about."""
    return topic_of(item_text(item).title, primary_language(item.language) or DEFAULT_LANGUAGE)


def topic_of(text: str, language: str) -> Topic:
    """Return what a text is about."""
    stems: set[str] = set()
    keys: set[str] = set()
    for token in _analyzer(language).tokens(text):
        stems.update(token.terms)
        if language != "de" or _NAMING.search(token.surface):
            keys.add(token.terms[0])
    return Topic(stems=frozenset(stems), keys=frozenset(keys))


@cache
def _analyzer(language: str) -> Analyzer:
    return analyzer_for(language)


def _values(figures: Iterable[Sequence[Figure]], kind: str) -> frozenset[str]:
    return frozenset(figure.value for each in figures for figure in each if figure.kind == kind)


def _without(text: str, figures: Sequence[Figure]) -> str:
    parts, done = [], 0
    for figure in figures:
        parts.append(text[done : figure.start])
        done = figure.end
    return " … ".join((*parts, text[done:]))


def _sentences(item: Article | Template) -> Iterator[tuple[str, str]]:
    """Yield the sentences of an item behind the heading they stand under; a line that ends ends its sentence."""
    if isinstance(item, Template):
        blocks = [("", plain_text(without_merge_fields(item.body), item.format))]
    else:
        cut = passages(item.body, item.format, title=item.title, overlap=0)
        blocks = [(" ".join(each.heading_path), each.text) for each in cut]
        blocks += [("", item.summary)] if item.summary else []
    for heading, text in blocks:
        for line in text.split("\n"):
            yield from ((heading, sentence) for sentence in sentences(line))
