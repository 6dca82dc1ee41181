"""How well an item answers a text token by token: late interaction.

Each token of the query looks for the token of the item that is nearest in meaning, in its context; the alignment of
query and item is the mean of these cosines, each weighted by how much its token tells:

    sum over tokens t of w(t) * max over tokens s of the item of cos(t, s),    w(t) = idf(t) / sum of idf

The sum of maxima is ColBERT's (Khattab and Zaharia, arXiv 2004.12832, section 3.2), the idf is BM25's, over tokens.
One vector a text says what it is about; tokens say whether everything that was asked is there, in any language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.background import Average
from index.blobs import array_of, blob_of
from index.open_file import OpenFile
from index.token_codes import CodesInMemory, CodesOnDisk, TokenCodes
from index.tokens import SCALE, Floats, TokenIds, TokenVectors

Rows = NDArray[np.int64]

CODES = "codes.npy"
MOST_QUERY_TOKENS = 32
"""Of a longer query the tokens that tell most are compared: the rest of a long mail costs time and decides nothing."""
_LEAST_DEVIATION = 0.005
# Tokens of items that are compared at a time: so many, from codes to maxima, stay in the cache of one core.
_BLOCK = 1024


@dataclass(frozen=True)
class TokenTable:
    """The tokens of n items: those of item i are ``codes`` (T, k) from ``starts[i]`` to ``starts[i + 1]``.

    ``known`` are the token ids of public items, ascending, and ``frequencies`` in how many of those each occurs; there
    are ``public`` such items. ``background`` names public items, the same for every caller: what an average one aligns.
    """

    codes: TokenCodes
    starts: Rows
    known: TokenIds
    frequencies: NDArray[np.int32]
    public: int
    background: Rows

    @classmethod
    def build(cls, items: Sequence[TokenVectors], public: Sequence[bool], background: Rows) -> TokenTable:
        """Join the distinct tokens of items, with the statistics of the public ones."""
        items = [tokens.distinct() for tokens in items]
        seen = [tokens.ids for tokens, everyones in zip(items, public, strict=True) if everyones]
        every = np.concatenate([np.zeros(0, dtype=np.int32), *seen])
        known, frequencies = np.unique(every, return_counts=True)
        return cls(
            codes=CodesInMemory(np.concatenate([tokens.codes for tokens in items])),
            starts=np.cumsum([0, *map(len, items)], dtype=np.int64),
            known=known.astype(np.int32),
            frequencies=frequencies.astype(np.int32),
            public=len(seen),
            background=background,
        )

    def information(self, ids: TokenIds) -> Floats:
        """Return the idf of tokens, (t,), above 0: BM25's over public items; a token of none of them tells most."""
        frequency = np.zeros(ids.size, dtype=np.int32)
        if self.known.size:
            found = np.minimum(np.searchsorted(self.known, ids), self.known.size - 1)
            frequency = np.where(self.known[found] == ids, self.frequencies[found], 0)
        idf: Floats = np.log1p((self.public - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        return idf

    def telling(self, query: TokenVectors) -> tuple[TokenVectors, Floats]:
        """Return the tokens of a query that tell most, in order, and their weights (t,), which sum to 1."""
        idf = self.information(query.ids)
        if len(query) > MOST_QUERY_TOKENS:
            rows = np.sort(np.argsort(-idf, kind="stable")[:MOST_QUERY_TOKENS]).astype(np.int64)
            query, idf = query.taken(rows), idf[rows]
        return query, idf / idf.sum()

    def standing(self, query: TokenVectors, rows: Rows) -> Floats:
        """Return the alignment of items (m,), in standard deviations above its mean over the background."""
        if len(query) == 0 or rows.size == 0:
            return np.zeros(rows.size, dtype=np.float32)
        query, weights = self.telling(query)
        every = np.union1d(rows, self.background)  # of a small kind the two are much the same
        aligned = weights @ self.best(query, every)
        average = Average.of(aligned[np.searchsorted(every, self.background)], _LEAST_DEVIATION)
        return average.standing(aligned[np.searchsorted(every, rows)])

    def average(self, query: TokenVectors, weights: Floats) -> Average:
        """Return what an average item aligns with the telling tokens of a query, by their weights."""
        return Average.of(weights @ self.best(query, self.background), _LEAST_DEVIATION)

    def best(self, query: TokenVectors, rows: Rows) -> Floats:
        """Return for each token of a query (t) its best cosine in each of some items (m), shape (t, m)."""
        # The long side first: so the product of a few vectors with thousands takes two thirds of the time.
        vectors = query.codes.astype(np.float32).T
        best = np.empty((rows.size, len(query)), dtype=np.float32)
        starts, ends = self.starts[rows], self.starts[rows + 1]
        lengths = np.cumsum(ends - starts)
        done = 0
        while done < rows.size:
            before = int(lengths[done - 1]) if done else 0
            upto = max(done + 1, int(np.searchsorted(lengths, before + _BLOCK, side="right")))
            # Sums of products of codes are whole numbers that float32 holds exactly, in whatever order they are added.
            tokens = self.codes.spans(starts[done:upto].tolist(), ends[done:upto].tolist()).astype(np.float32)
            firsts = np.append(0, lengths[done : upto - 1] - before)
            np.maximum.reduceat(tokens @ vectors, firsts, axis=0, out=best[done:upto])
            done = upto
        return best.T / np.float32(SCALE * SCALE)

    def to_blobs(self) -> dict[str, bytes]:
        """Return the table as named bytes."""
        return {
            CODES: blob_of(self.codes.spans([0], [int(self.starts[-1])])),
            "starts.npy": blob_of(self.starts),
            "known.npy": blob_of(self.known),
            "frequencies.npy": blob_of(self.frequencies),
            "background.npy": blob_of(self.background),
            "table.json": json.dumps({"public": self.public}).encode(),
        }

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes], on_disk: OpenFile | None = None) -> TokenTable:
        """Read what ``to_blobs`` wrote; codes that are ``on_disk`` are none of the blobs, and stay there."""
        return cls(
            codes=CodesInMemory(array_of(blobs[CODES], np.int8)) if on_disk is None else CodesOnDisk(on_disk),
            starts=array_of(blobs["starts.npy"], np.int64),
            known=array_of(blobs["known.npy"], np.int32),
            frequencies=array_of(blobs["frequencies.npy"], np.int32),
            background=array_of(blobs["background.npy"], np.int64),
            public=int(json.loads(blobs["table.json"])["public"]),
        )
