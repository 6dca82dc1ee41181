"""The passages of many articles in one list: what is shown of them, and what is encoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.models import Article
from index.passages import SHIPPED_PASSAGES, PassageSettings, embedding_text, passages


@dataclass(frozen=True, slots=True, kw_only=True)
class CutArticles:
    """The passages of articles, grouped by article in the order given.

    ``texts``, ``headings`` (the nearest, or nothing) and ``encoded`` hold an entry for each passage; ``starts`` has
    shape (articles + 1,): the passages of article ``i`` are entries ``starts[i]`` to ``starts[i + 1]``.
    """

    texts: Sequence[str]
    headings: Sequence[str]
    encoded: Sequence[str]
    starts: NDArray[np.int64]

    def beside(self, wholes: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
        """Return what is left to encode where the articles as ``wholes`` are, and where that of each begins.

        The only passage of an article that is encoded as the whole is, word for word, is left out.
        """
        counts = np.diff(self.starts)
        for article in np.flatnonzero(counts == 1).tolist():
            if self.encoded[self.starts[article]] == wholes[article]:
                counts[article] = 0
        kept = np.repeat(counts > 0, np.diff(self.starts)).tolist()
        left = [text for text, is_kept in zip(self.encoded, kept, strict=True) if is_kept]
        return left, np.cumsum([0, *counts.tolist()], dtype=np.int64)


def cut_articles(articles: Sequence[Article], settings: PassageSettings = SHIPPED_PASSAGES) -> CutArticles:
    """Cut articles into passages. Raises ``ValueError`` for settings that ``index.passages`` cannot use."""
    cut = [
        passages(
            article.body,
            article.format,
            title=article.title,
            target_words=settings.target_words,
            overlap=settings.overlap_words,
        )
        for article in articles
    ]
    titles = [article.title if settings.with_title else "" for article in articles]
    flat = [(title, passage) for title, own in zip(titles, cut, strict=True) for passage in own]
    return CutArticles(
        texts=[passage.text for _, passage in flat],
        headings=[passage.heading_path[-1] if passage.heading_path else "" for _, passage in flat],
        encoded=[embedding_text(title, passage) for title, passage in flat],
        starts=np.cumsum([0, *map(len, cut)], dtype=np.int64),
    )
