"""Cutting bodies into passages short enough to mean one thing, along the structure that their authors gave them.

A heading begins a new passage; lists, tables and code stay whole where they fit; long paragraphs are cut between
sentences, with the last sentence repeated if it is short. Deterministic, and every passage is bounded whatever comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil
from typing import Literal

from corpus.text import normalise
from index.blocks import Block, BlockList, text_blocks
from index.html_blocks import html_blocks
from index.markdown_blocks import markdown_blocks

TARGET_WORDS = 90
OVERLAP_WORDS = 20
LEAST_WORDS = 10
CHARACTERS_A_WORD = 12
"""Words count by the dozen of characters where they are longer, so that text without spaces is bounded too."""

_FULL = 1.25  # a passage is closed before it grows beyond this share of the target,
_SMALL = 1 / 3  # and what is left at the end of a section joins the passage before if it is smaller than this
_MOST = 1.5  # unless the passage then grows beyond this
_WORD = re.compile(r"\S+")
_READERS: dict[str, Callable[[str, BlockList], None]] = {
    "markdown": markdown_blocks,
    "html": html_blocks,
    "text": text_blocks,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSettings:
    """How articles become passages: about so many words each, sentences of up to so many words repeated at a cut.

    ``with_title`` says whether a passage is encoded together with the title of its article.
    """

    target_words: int = TARGET_WORDS
    overlap_words: int = OVERLAP_WORDS
    with_title: bool = True


SHIPPED_PASSAGES = PassageSettings()


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a body as plain text, with the headings above it from the outermost to the nearest.

    ``body[start:end]`` is the part of the source, in characters, that holds the blocks it was taken from.
    """

    text: str
    heading_path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Unit:
    """Text that is not cut: a whole block, or a piece of one that is too long. ``lead`` is repeated before it."""

    text: str
    block: Block
    lead: str

    @property
    def size(self) -> int:
        return _size(self.text)


def passages(
    body: str,
    format: Literal["markdown", "html", "text"],  # noqa: A002 - the corpus contract calls the field so
    *,
    title: str,
    target_words: int = TARGET_WORDS,
    overlap: int = OVERLAP_WORDS,
) -> tuple[Passage, ...]:
    """Cut a body into passages of about ``target_words``, at most 1.5 times as many.

    Of a paragraph or table that is cut, the last sentence or the header is repeated if it has at most ``overlap``
    words. Headings that repeat ``title`` are left out of the paths. A body in which nothing can be read gives its
    title, and only a blank one gives no passage. Raises ValueError for an unknown format or a target below 10 words.
    """
    if format not in _READERS:
        raise ValueError(
            f"body format is {format!r}, expected 'markdown', 'html' or 'text': correct the record's format"
        )
    if target_words < LEAST_WORDS or not 0 <= overlap < target_words // 2:
        raise ValueError(
            f"target_words is {target_words} and overlap {overlap}: "
            f"set a target of {LEAST_WORDS} words or more and an overlap below half of it"
        )
    blocks = BlockList(title)
    _READERS[format](body, blocks)
    found = [
        passage
        for _, section in groupby(blocks.result(), key=lambda block: block.section)
        for passage in _section_passages(list(section), target_words, overlap)
    ]
    return tuple(found) or _fallback(body, title, target_words)


def embedding_text(title: str, passage: Passage) -> str:
    """Return what is encoded for a passage: title, headings and text, each on a line and none twice in a row."""
    lines = (title, " – ".join(passage.heading_path), passage.text)
    return "\n".join(line for line, _ in groupby(line for line in lines if line))


def _section_passages(blocks: Sequence[Block], target: int, overlap: int) -> list[Passage]:
    """Fill one passage after the other with what stands under one heading."""
    groups: list[list[_Unit]] = [[]]
    size = 0
    for unit in (unit for block in blocks for unit in _units(block, target, overlap)):
        if groups[-1] and not _fits(size, unit.size, target):
            groups.append([])
            size = _size(unit.lead)
        groups[-1].append(unit)
        size += unit.size
    if len(groups) > 1 and _fits(sum(unit.size for unit in groups[-1]), _total(groups[-2]), target):
        groups[-2:] = [groups[-2] + groups[-1]]
    found = (_passage(group) for group in groups if group)
    return [passage for passage in found if passage.text]


def _fits(size: int, added: int, target: int) -> bool:
    """Whether two parts make one passage: little together, or so little of one that it should not stand alone."""
    if size >= target:
        return False
    most = _MOST if size < _SMALL * target else _FULL
    return size + added <= most * target


def _total(group: Sequence[_Unit]) -> int:
    return _size(group[0].lead) + sum(unit.size for unit in group)


def _units(block: Block, target: int, overlap: int) -> Iterator[_Unit]:
    whole = block.joint.join(block.pieces)
    if _size(whole) <= _FULL * target:
        yield _Unit(whole, block, "")
        return
    pieces = [part for piece in block.pieces for part in _bounded(piece, target)]
    before = ""
    for number, piece in enumerate(pieces):
        yield _Unit(piece, block, before if _size(before) <= overlap else "")
        if block.joint == " " or (block.has_header and number == 0):
            before = piece


def _passage(group: Sequence[_Unit]) -> Passage:
    first = group[0]
    text = f"{first.lead}{first.block.joint}{first.text}" if first.lead else first.text
    for before, unit in pairwise(group):
        text += (unit.block.joint if before.block is unit.block else "\n") + unit.text
    return Passage(
        text=normalise(text), heading_path=first.block.headings, start=first.block.start, end=group[-1].block.end
    )


def _fallback(body: str, title: str, target: int) -> tuple[Passage, ...]:
    text = (normalise(title) or normalise(body)) if body.strip() else ""
    return tuple(Passage(part, (), 0, len(body)) for part in _bounded(text, target)) if text else ()


def _bounded(piece: str, target: int) -> list[str]:
    """Cut a piece between words, and a word without end anywhere, into parts of at most ``target`` words."""
    if _size(piece) <= target:
        return [piece]
    longest = target * CHARACTERS_A_WORD
    parts: list[str] = []
    start = 0
    words = 0
    for word in _WORD.finditer(piece):
        if word.end() - start > longest or words == target:
            parts.append(piece[start : word.start()])
            start, words = word.start(), 0
        words += 1
        while word.end() - start > longest:
            parts.append(piece[start : start + longest])
            start += longest
    parts.append(piece[start:])
    return [part.strip() for part in parts if part.strip()]


def _size(text: str) -> int:
    """Return the number of words, or of dozens of characters if that is more."""
    return max(len(text.split()), ceil(len(text) / CHARACTERS_A_WORD))
