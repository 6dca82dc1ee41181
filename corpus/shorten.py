"""Shortening a text without losing its question."""

from __future__ import annotations

import re

# A full stop ends a sentence only behind a word: not in "3. März", "z. B." or "Nr. 5".
_SENTENCE_END = re.compile(r"(?<=[!?…])\s+|(?<=[^\W\d]{3}\.)\s+|\n+")
GAP = "…"


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of ``text``."""
    return [sentence for sentence in _SENTENCE_END.split(text.strip()) if sentence]


def shorten(text: str, words: int, *, ending: int) -> str:
    """Return ``text`` in at most ``words`` words.

    Kept are its head and, after a gap, up to ``ending`` words of its last sentences.
    """
    found = list(re.finditer(r"\S+", text))
    if len(found) <= words:
        return text
    tail = last_sentences(text[found[words - 1].end() :], min(ending, words // 2))
    head = words - len(tail.split())
    if head <= 0:
        return ""
    return f"{text[: found[head - 1].end()]} {GAP} {tail}" if tail else text[: found[head - 1].end()]


def last_sentences(text: str, words: int) -> str:
    """Return as many whole sentences from the end of ``text`` as fit into ``words``, or its last words."""
    if not words:
        return ""
    kept: list[str] = []
    count = 0
    for sentence in reversed(sentences(text)):
        count += len(sentence.split())
        if count > words:
            break
        kept.insert(0, sentence)
    return " ".join(kept) if kept else " ".join(text.split()[-words:])
