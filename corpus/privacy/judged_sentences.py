"""Sentences in which somebody marked what is personal: what the masker is measured on.

A line of a file is one sentence: ``[[kind:text]]`` marks personal data, a backslash and n stands for a line break, and
behind ``||`` stand names that are known from the case's contact, parted by semicolons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources

from corpus.privacy.spans import PERSONAL_KINDS, Span

_MARKED = re.compile(rf"\[\[({'|'.join(PERSONAL_KINDS)}):(.+?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A text with what is personal in it."""

    text: str
    spans: tuple[Span, ...]
    names: tuple[str, ...] = ()


def read_sentences(name: str) -> tuple[Sentence, ...]:
    """Return the sentences of one of the sets that lie beside this module."""
    text = resources.files("corpus.privacy").joinpath(f"judged/{name}.txt").read_text(encoding="utf-8")
    return tuple(parse_sentence(line) for line in text.splitlines() if line)


def parse_sentence(line: str) -> Sentence:
    """Return the sentence that a line denotes; raise ``ValueError`` where marks are left over."""
    marked, _, known = line.partition(" || ")
    names = tuple(name.strip() for name in known.split(";") if name.strip())
    marked = marked.replace("\\n", "\n")
    spans: list[Span] = []
    plain = ""
    done = 0
    for each in _MARKED.finditer(marked):
        plain += marked[done : each.start()]
        kind = next(kind for kind in PERSONAL_KINDS if kind == each[1])
        spans.append(Span(len(plain), len(plain) + len(each[2]), kind))
        plain += each[2]
        done = each.end()
    plain += marked[done:]
    if "[[" in plain or "]]" in plain:
        raise ValueError(
            f"found {line!r}, expected every mark as [[kind:text]], kind one of {', '.join(PERSONAL_KINDS)}"
        )
    return Sentence(text=plain, spans=tuple(spans), names=names)
