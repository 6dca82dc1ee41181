"""Fitting the heads of a snapshot on what public cases used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from corpus.models import PUBLIC, Case
from index.filters import Mask
from index.heads import Floats, Head, Rows
from index.situations import USED_KINDS, Situation, SituationUse, UsedKind
from index.softmax import fit_softmax
from index.states import State, features_of

LEAST_CASES = 2
"""An item that fewer cases used has taught nothing yet."""
MOST_EXAMPLES = 40_000
"""So many of the newest uses teach: the fit of a large history must end within a minute."""
LEAST_TIMES = 5
"""A feature of the state counts where so many cases had it: a name or a number tells of one alone."""
# How loud 384 standardised numbers are beside the features of the state, most of which are 1. Few passes over quiet
# numbers also learn little from single wrong labels (docs/learning.md).
VECTOR_WEIGHT = 0.5

RowsById = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A public item, by its row, that a public case used in a situation, in a state of the conversation."""

    situation: int
    case: int
    item: int
    state: State


def fit_heads(
    situations: Sequence[Situation],
    vectors: Floats,
    cases: Sequence[Case],
    rows: Mapping[UsedKind, RowsById],
    public: Mapping[UsedKind, Mask],
) -> dict[UsedKind, Head]:
    """Fit a head for every kind of which enough is known; ``vectors`` (s, d) are those of the ``situations``.

    ``rows`` maps the ids of each kind to its items, ``public`` tells which of these everyone may see.
    """
    heads: dict[UsedKind, Head] = {}
    for kind in USED_KINDS:
        examples = _known(list(_examples(kind, situations, cases, rows, public)), cases)
        if len({example.item for example in examples}) > 1:
            heads[kind] = _fitted(examples, vectors, state=kind == "actions")
    return heads


def _examples(
    kind: UsedKind,
    situations: Sequence[Situation],
    cases: Sequence[Case],
    rows: Mapping[UsedKind, RowsById],
    public: Mapping[UsedKind, Mask],
) -> Iterator[Example]:
    for number, situation in enumerate(situations):
        if PUBLIC not in cases[situation.case].audience:
            continue
        for use in situation.uses:
            if use.kind != kind:
                continue
            state = _state(use, rows["actions"], public["actions"])
            for item in rows[kind].get(use.id, ()):
                if public[kind][item]:
                    yield Example(situation=number, case=situation.case, item=item, state=state)


def _state(use: SituationUse, rows: RowsById, public: Mask) -> State:
    done = (next((row for row in rows.get(each, ()) if public[row]), None) for each in use.done)
    return State(
        customer=use.said.customer,
        reply=use.said.reply,
        messages=use.said.messages,
        done=tuple(row for row in done if row is not None),
    )


def _known(examples: Sequence[Example], cases: Sequence[Case]) -> Sequence[Example]:
    """Return the examples of items that enough cases used; of very many the newest, oldest first."""
    used = np.unique(np.array([(each.case, each.item) for each in examples], dtype=np.int64).reshape(-1, 2), axis=0)
    items, times = np.unique(used[:, 1], return_counts=True)
    known = set(items[times >= LEAST_CASES].tolist())
    kept = [example for example in examples if example.item in known]
    return sorted(kept, key=lambda example: _closed(cases[example.case]))[-MOST_EXAMPLES:]


def _closed(case: Case) -> float:
    return case.closed_at.timestamp() if case.closed_at is not None else 0.0


def _fitted(examples: Sequence[Example], vectors: Floats, *, state: bool) -> Head:
    rows, classes = np.unique([example.item for example in examples], return_inverse=True)
    columns, sparse = _features(examples) if state else (np.zeros(0, dtype=np.int64), csr_matrix((len(examples), 0)))
    known = vectors[[example.situation for example in examples]].astype(np.float64)
    mean = known.mean(axis=0)
    deviation = np.maximum(known.std(axis=0), 1e-6) / VECTOR_WEIGHT
    dense = ((known - mean) / deviation).astype(np.float32)
    fitted = fit_softmax(sparse, dense, classes.astype(np.int64), rows.size)
    weights = fitted.weights.T / deviation
    return Head(
        rows=rows.astype(np.int64),
        weights=weights.astype(np.float32),
        bias=(fitted.bias - weights @ mean).astype(np.float32),
        columns=columns,
        effects=fitted.effects.astype(np.float16),
    )


def _features(examples: Sequence[Example]) -> tuple[Rows, csr_matrix]:
    """Return which features of the states enough cases had, ascending, and their values (m, p)."""
    found = [features_of(example.state) for example in examples]
    numbers = np.concatenate([each for each, _ in found])
    values = np.concatenate([each for _, each in found])
    owner = np.repeat(np.arange(len(found)), [each.size for each, _ in found])
    cases = np.array([example.case for example in examples])[owner]
    pairs = np.unique(np.stack([numbers, cases]), axis=1)
    every, times = np.unique(pairs[0], return_counts=True)
    columns = every[times >= LEAST_TIMES]
    kept = np.isin(numbers, columns)
    place = np.searchsorted(columns, numbers[kept])
    sparse = csr_matrix((values[kept], (owner[kept], place)), shape=(len(found), columns.size), dtype=np.float32)
    return columns.astype(np.int64), sparse
