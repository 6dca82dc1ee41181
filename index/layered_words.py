"""The BM25 indexes of a space, with the words of a few records that changed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from index.delta_reading import Lexicons, ReadWords
from index.layered_lexical import LayeredLexical
from index.lexical import LexicalIndex
from index.space import LanguageIndex


def overlaid_lexicons(base: Lexicons, words: Mapping[int, ReadWords]) -> dict[str, LanguageIndex]:
    """Return the indexes by language, with other words in the rows that are named, or in rows behind the last.

    A language that the snapshot lacks gets an index of its own, with the statistics of what is public of it.
    """
    languages = sorted({*base, *(each.language for each in words.values())})
    return {language: _overlaid(base.get(language), language, words) for language in languages}


def _overlaid(base: LanguageIndex | None, language: str, words: Mapping[int, ReadWords]) -> LanguageIndex:
    fresh = {row: words[row] for row in sorted(words) if words[row].language == language}
    fresh_rows = np.fromiter(fresh, dtype=np.int64)
    if base is None:
        own = LexicalIndex.build(
            [each.text for each in fresh.values()], [each.public for each in fresh.values()], language
        )
        return LanguageIndex(rows=fresh_rows, index=own)
    kept = np.flatnonzero(~np.isin(base.rows, np.fromiter(words, dtype=np.int64)))
    if not fresh and kept.size == base.rows.size:
        return base
    contents = [each.content for each in fresh.values() if each.content is not None]
    delta = LexicalIndex.of_contents(contents, base.index.lexicon)
    rows = np.concatenate([base.rows[kept], fresh_rows])
    places = np.concatenate([kept, base.index.size + np.arange(fresh_rows.size)])
    order = np.argsort(rows, kind="stable")
    return LanguageIndex(rows=rows[order], index=LayeredLexical(base.index, delta, places[order]))
