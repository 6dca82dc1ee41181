"""Other ways to cut articles into passages, each put in the place of the shipped one in a bench."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.models import Article
from evaluation.bench import Bench
from index.article_passages import CutArticles, cut_articles
from index.cached_encoding import encode_cached
from index.passage_table import PassageTable
from index.passages import SHIPPED_PASSAGES, PassageSettings
from index.vectors import Floats, build_index

SIZES = (45, 60, 90, 130, 200)


def cuts(sizes: Sequence[int] = SIZES) -> dict[str, PassageSettings]:
    """Return the settings to measure by name: what ships first, then other sizes, other overlaps, another title.

    The overlap of another size is in proportion; at the shipped size none and twice as much are measured, too.
    """
    ships = SHIPPED_PASSAGES
    every = (
        ships,
        *(_sized(words) for words in sizes),
        *(replace(ships, overlap_words=overlap) for overlap in (0, 2 * ships.overlap_words)),
        replace(ships, with_title=not ships.with_title),
    )
    return {name_of(each): each for each in every}


def name_of(settings: PassageSettings) -> str:
    """Return settings in words.

    >>> name_of(PassageSettings(target_words=45, overlap_words=10, with_title=False))
    '45 words, overlap 10, without title'
    """
    title = "with title" if settings.with_title else "without title"
    return f"{settings.target_words} words, overlap {settings.overlap_words}, {title}"


def with_cut(bench: Bench, settings: PassageSettings) -> Bench:
    """Return a bench of articles that differs in its passages alone; their vectors come from the cache if known."""
    space = bench.snapshot.items["articles"]
    cut = cut_articles([item for item in space.items if isinstance(item, Article)], settings)
    with bench.workbench.reporter.stage(f"encode passages of {name_of(settings)}") as update:
        vectors = encode_cached(bench.encoder, bench.workbench.cache, cut.encoded, role="passage", progress=update)
    items = {**bench.snapshot.items, "articles": replace(space, passages=_table(cut, vectors))}
    return replace(
        bench,
        snapshot=replace(bench.snapshot, items=items),
        shelf=replace(bench.shelf, parts=vectors, starts=cut.starts),
    )


def _sized(words: int) -> PassageSettings:
    overlap = round(words * SHIPPED_PASSAGES.overlap_words / SHIPPED_PASSAGES.target_words)
    return replace(SHIPPED_PASSAGES, target_words=words, overlap_words=overlap)


def _table(cut: CutArticles, vectors: Floats) -> PassageTable:
    return PassageTable(
        texts=cut.texts,
        headings=cut.headings,
        starts=cut.starts,
        vectors=build_index(vectors),
        vector_starts=cut.starts,
    )
