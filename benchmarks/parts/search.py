"""The search stage, by vector and by words, in corpora of several sizes; and how much of exact search it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from assist.considering import DEPTH
from benchmarks.corpora import CASE_WORDS
from benchmarks.material import case_texts, demo_corpus, read_passages
from benchmarks.percentiles import Milliseconds, by_stage, settled
from benchmarks.plan import ROOT, Found, Plan, Say
from benchmarks.spaces import CachedVectors, RandomVectors, space_of
from index.cached_encoding import encode_cached
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.encoders import open_encoder
from index.exact import ExactIndex
from index.filters import Mask
from index.space import ItemSpace
from index.vectors import VectorIndex

NAME = "search"
RECALL_DEPTH = 50
KEPT = 0.01
_SHORT_WORDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    text: str
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Questions:
    """Cases of a hundred words, by which time is taken, and these with short questions, by which recall is."""

    cases: Sequence[_Query]
    every: Sequence[_Query]


def run(plan: Plan, say: Say) -> Found:
    """Measure every size of the plan."""
    encoder = open_encoder(plan.encoder, plan.models, threads=plan.threads)
    with EmbeddingCache(plan.cache) as cache:
        questions = _questions(plan, encoder, cache)
        sizes = [_size(plan, size, encoder, cache, questions, say) for size in plan.sizes]
    return {"depth": DEPTH, "recall_depth": RECALL_DEPTH, "filter_keeps": KEPT, "sizes": sizes}


def _size(plan: Plan, size: int, encoder: Encoder, cache: EmbeddingCache, questions: _Questions, say: Say) -> Found:
    real = size <= plan.real_up_to
    say(f"search among {size} passages, {'real' if real else 'random'} vectors")
    material = read_passages(plan.sections, size, demo_corpus(ROOT), plan.seed)
    encode = CachedVectors(encoder, cache) if real else RandomVectors(encoder.dimension, plan.seed)
    space = space_of(material.rows, encode)
    settled()
    masks = {"all": np.ones(size, dtype=np.bool_), "filtered": _kept(size, plan.seed)}
    return {
        "passages": size,
        "source": material.source,
        "vectors": "real" if real else "random",
        "index": type(_larger(space)[0]).__name__,
        "milliseconds": {name: _times(space, questions.cases, mask, plan.rounds) for name, mask in masks.items()},
        "recall": {name: _recall(space, questions.every, mask) for name, mask in masks.items()} if real else None,
    }


def _questions(plan: Plan, encoder: Encoder, cache: EmbeddingCache) -> _Questions:
    demo = demo_corpus(ROOT)
    written = case_texts(demo)
    cases = [written.text(number, CASE_WORDS) for number in range(plan.samples)]
    passages = read_passages(plan.sections, plan.samples, demo, plan.seed)
    short = [" ".join(text.split()[:_SHORT_WORDS]) for _, text in passages.rows]
    vectors = encode_cached(encoder, cache, [*cases, *short], role="query")
    every = [_Query(text=text, vector=vector) for text, vector in zip([*cases, *short], vectors, strict=True)]
    return _Questions(cases=every[: len(cases)], every=every)


def _kept(size: int, seed: int) -> Mask:
    kept = np.zeros(size, dtype=np.bool_)
    kept[np.random.default_rng(seed).permutation(size)[: max(1, round(KEPT * size))]] = True
    return kept


def _times(space: ItemSpace, queries: Sequence[_Query], allowed: Mask, rounds: int) -> Mapping[str, Milliseconds]:
    for query in queries[:5]:
        _searched(space, query, allowed)
    return by_stage([_searched(space, query, allowed) for _ in range(rounds) for query in queries])


def _searched(space: ItemSpace, query: _Query, allowed: Mask) -> dict[str, float]:
    """Return how long each stage took, in milliseconds: words, then vectors with the union of both."""
    begin = perf_counter()
    words = space.word_query(query.text, allowed)
    between = perf_counter()
    space.candidates(query.vector, words, allowed, depth=DEPTH, extra=np.zeros(0, dtype=np.int64))
    end = perf_counter()
    return {"whole": (end - begin) * 1e3, "words": (between - begin) * 1e3, "vectors": (end - between) * 1e3}


def _recall(space: ItemSpace, queries: Sequence[_Query], allowed: Mask) -> float:
    """Return the mean share of the exact nearest vectors that the larger index of the space finds."""
    served, starts = _larger(space)
    exact = ExactIndex(served.vectors(np.arange(served.size, dtype=np.int64)))
    mask = np.repeat(allowed, np.diff(starts))
    shares = []
    for query in queries:
        wanted = set(exact.search(query.vector, RECALL_DEPTH, mask).ids.tolist())
        found = set(served.search(query.vector, RECALL_DEPTH, mask).ids.tolist())
        shares.append(len(wanted & found) / len(wanted))
    return round(float(np.mean(shares)), 4)


def _larger(space: ItemSpace) -> tuple[VectorIndex, NDArray[np.int64]]:
    """Return the larger index, of wholes or of passages, and where the vectors of each item begin in it."""
    passages = space.passages
    if passages is not None and passages.vectors.size > space.documents.size:
        return passages.vectors, passages.vector_starts
    return space.documents, np.arange(space.documents.size + 1, dtype=np.int64)
