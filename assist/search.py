"""Free search over the corpus: meaning and words together, paged, with facet counts.

Something matches when it holds one of the words, or when its meaning stands clearly out of the background.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.models import SearchHit, SearchKind, SearchRequest, SearchResults
from assist.narrowing import narrowed
from assist.ranking import Floats
from corpus.models import Article, Case, Item
from index.case_space import CaseSpace
from index.filters import CaseMasks, ItemMasks, Mask
from index.searcher import OpenSnapshot
from index.space import ItemSpace, LanguageIndex

NEAREST = 50
# In standard deviations above the mean cosine of the background sample.
CLEARLY_NEAR = 2.0
FACETS = ("product", "channel", "category", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Matching rows, best first, with their scores."""

    rows: list[int]
    scores: Floats


def search(snapshot: OpenSnapshot, request: SearchRequest, vector: Floats) -> SearchResults:
    """Return one page of hits for each kind, with facet counts and totals over all matches."""
    results: dict[str, tuple[SearchHit, ...]] = {}
    facets: dict[str, Mapping[str, Mapping[str, int]]] = {}
    total: dict[str, int] = {}
    for kind in request.kinds:
        found = _find(snapshot, kind, request, vector)
        results[kind] = _page(snapshot, kind, found, request)
        facets[kind] = _facets(_masks(snapshot, kind), found.rows)
        total[kind] = len(found.rows)
    return SearchResults(results=results, facets=facets, total=total)


def _find(snapshot: OpenSnapshot, kind: SearchKind, request: SearchRequest, vector: Floats) -> _Found:
    if kind == "cases":
        return _find_cases(snapshot.cases, request, vector)
    return _find_items(snapshot.items[kind], request, vector)


def _find_items(space: ItemSpace, request: SearchRequest, vector: Floats) -> _Found:
    allowed = space.masks.visible(request.audiences) & narrowed(space.masks, request.filters)
    words = space.word_query(request.query, allowed)
    nothing = np.zeros(0, dtype=np.int64)
    near = space.candidates(vector, words, allowed, depth=NEAREST, extra=nothing)
    meaning = np.zeros(len(space.items), dtype=np.float32)
    meaning[near.rows] = space.average(vector).standing(near.cosine)
    return _matching(words.scores, words.best, meaning, space.ids)


def _find_cases(space: CaseSpace, request: SearchRequest, vector: Floats) -> _Found:
    allowed = space.masks.audience.any_of(request.audiences) & narrowed(space.masks, request.filters)
    words = _case_words(space.lexicons, request.query, len(space.cases))
    words[~allowed] = 0.0
    meaning = np.zeros(len(space.cases), dtype=np.float32)
    hits = space.nearest(vector, allowed, depth=NEAREST)
    np.maximum.at(meaning, space.history.case_of[hits.ids], space.average(vector).standing(hits.scores))
    return _matching(words, float(words.max(initial=0.0)), meaning, space.ids)


def _case_words(lexicons: Mapping[str, LanguageIndex], query: str, size: int) -> Floats:
    scores = np.zeros(size, dtype=np.float32)
    for lexicon in lexicons.values():
        scores[lexicon.rows] = lexicon.index.scores(lexicon.index.query(query))
    return scores


def _matching(words: Floats, best: float, meaning: Floats, ids: Sequence[str]) -> _Found:
    scores = np.round(meaning + words / max(best, 1e-9), 5).astype(np.float32)
    rows: NDArray[np.int64] = np.flatnonzero((words > 0) | (meaning >= CLEARLY_NEAR))
    return _Found(rows=sorted(rows.tolist(), key=lambda row: (-float(scores[row]), ids[row])), scores=scores)


def _page(snapshot: OpenSnapshot, kind: SearchKind, found: _Found, request: SearchRequest) -> tuple[SearchHit, ...]:
    rows = found.rows[request.offset : request.offset + request.limit]
    hits = []
    for rank, row in enumerate(rows, start=request.offset + 1):
        score = round(float(found.scores[row]), 5)
        if kind == "cases":
            hits.append(_case_hit(snapshot.cases, row, rank, score))
        else:
            hits.append(_item_hit(snapshot.items[kind], row, rank, score))
    return tuple(hits)


def _item_hit(space: ItemSpace, row: int, rank: int, score: float) -> SearchHit:
    item = space.items[row]
    return SearchHit(
        id=item.id,
        rank=rank,
        score=score,
        title=_title(item),
        excerpt=space.excerpt(row, -1),
        language=item.language,
    )


def _case_hit(space: CaseSpace, row: int, rank: int, score: float) -> SearchHit:
    case: Case = space.cases[row]
    excerpt = space.excerpt(row)
    return SearchHit(
        id=case.id, rank=rank, score=score, title=case.subject or excerpt, excerpt=excerpt, language=case.language
    )


def _title(item: Item) -> str:
    return item.title if isinstance(item, Article) else item.name


def _masks(snapshot: OpenSnapshot, kind: SearchKind) -> ItemMasks | CaseMasks:
    return snapshot.cases.masks if kind == "cases" else snapshot.items[kind].masks


def _facets(masks: ItemMasks | CaseMasks, rows: Sequence[int]) -> dict[str, dict[str, int]]:
    return {facet: _counts(getattr(masks, facet).rows_of, rows) for facet in FACETS}


def _counts(rows_of: Mapping[str, Mask], rows: Sequence[int]) -> dict[str, int]:
    counts = {value: int(mask[list(rows)].sum()) for value, mask in rows_of.items()}
    return {value: count for value, count in sorted(counts.items()) if count}
