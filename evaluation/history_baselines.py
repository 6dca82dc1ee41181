"""Baselines that learn from solved cases: what was used before, in all cases, in those alike, or after the last step.

Only what had been closed when the question was asked may vote. The linear probe alone is trained once, on all history.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assist.votes import neighbours, transition_shares
from evaluation.baselines import Scorer, Scores
from evaluation.bench import Asked, Bench
from evaluation.shelf import NOT_RANKED
from index.filters import Mask
from index.history import NO_ACTION
from index.situations import UsedKind

NEAREST_CASES = 15
# Enough situations to meet fifteen different cases, even where a case has many turns.
SITUATIONS_FETCHED = 400

# Cosines of e5 lie close together, so the nearest of fifteen cases would drown among the others: votes are weighed as
# the suggester weighs them.
TEMPERATURE = 0.02

# Inverse strength of the probe's penalty on standardised embeddings, and where its fit may stop: chosen once, on roboai
# and on part of star, and the same for every set since. Actions come with many more situations, each of which tells
# less; fitting them to the last digit takes minutes and changes nothing.
PROBE_C: Mapping[UsedKind, float] = MappingProxyType({"articles": 1.0, "templates": 1.0, "actions": 0.01})
PROBE_TOLERANCE: Mapping[UsedKind, float] = MappingProxyType({"articles": 1e-4, "templates": 1e-4, "actions": 1e-3})
PROBE_ITERATIONS = 2000
# The last action beside 384 standardised numbers: unless it is made large, the penalty keeps it from being heard.
LAST_ACTION = 10.0


def popularity(bench: Bench) -> Scorer:
    """Rank by how often an item was used in cases closed before, whatever the question."""
    uses = bench.snapshot.cases.history.uses[bench.used_kind]

    def score(asked: Asked, allowed: Mask) -> Scores:
        counted = uses.item[bench.visible_cases(asked)[uses.case]]
        return _if_positive(np.bincount(counted, minlength=allowed.size))

    return score


def previous_action(bench: Bench) -> Scorer:
    """Rank by how often an action followed the last one (or opened a case) in history."""
    uses = bench.snapshot.cases.history.uses["actions"]
    rows = bench.snapshot.items["actions"].row_of

    def score(asked: Asked, allowed: Mask) -> Scores:
        visible = bench.visible_cases(asked)
        shares, _ = transition_shares(uses, visible, allowed, previous=_last_row(asked, rows))
        return _if_positive(shares)

    return score


def knn_cases(bench: Bench) -> Scorer:
    """Rank by votes of the 15 nearest cases: the summed weights of those that used the item.

    Weights are a softmax of the cosines. For actions a case votes for what was done in its nearest situation.
    """
    cases = bench.snapshot.cases
    uses = cases.history.uses[bench.used_kind]
    by_situation = bench.used_kind == "actions"

    def score(asked: Asked, allowed: Mask) -> Scores:
        hits = cases.nearest(asked.case.vector, bench.visible_cases(asked), depth=SITUATIONS_FETCHED)
        near = neighbours(
            hits.ids,
            cases.history.case_of[hits.ids].astype(np.int64),
            hits.scores,
            count=NEAREST_CASES,
            temperature=TEMPERATURE,
            one_per_case=True,
        )
        voters, column = (near.situations, uses.situation) if by_situation else (near.cases, uses.case)
        votes = np.zeros(allowed.size, dtype=np.float64)
        for voter, weight in zip(voters, near.weights, strict=True):
            votes[np.unique(uses.item[column == voter])] += weight
        return _if_positive(votes)

    return score


def linear_probe(bench: Bench) -> Scorer:
    """Rank by the probabilities of a multinomial logistic regression on the embeddings of history's situations.

    For actions the last action stands one-hot beside the embedding: both are the state of a dialogue.
    """
    kind = bench.used_kind
    uses = bench.snapshot.cases.history.uses[kind]
    rows = bench.snapshot.items[kind].row_of
    embeddings = bench.snapshot.cases.situations.vectors(uses.situation.astype(np.int64))
    classes = np.unique(uses.item)
    if classes.size < 2:
        return lambda asked, allowed: _scattered(np.ones(classes.size), classes, allowed.size)
    scaler = StandardScaler().fit(embeddings)

    def state(vectors: NDArray[np.float32], previous: NDArray[np.int32]) -> NDArray[np.float32]:
        scaled: NDArray[np.float32] = scaler.transform(vectors)
        return np.hstack([scaled, _one_hot(previous, len(rows))]) if kind == "actions" else scaled

    model = LogisticRegression(C=PROBE_C[kind], max_iter=PROBE_ITERATIONS, tol=PROBE_TOLERANCE[kind])
    model.fit(state(embeddings, uses.previous), uses.item)

    def score(asked: Asked, allowed: Mask) -> Scores:
        known = state(asked.case.vector[None, :], np.array([_last_row(asked, rows)], dtype=np.int32))
        return _scattered(model.predict_proba(known)[0], classes, allowed.size)

    return score


def _one_hot(previous: NDArray[np.int32], size: int) -> NDArray[np.float32]:
    """Return one row a state (m, size + 1); the last column is for none."""
    columns = np.zeros((len(previous), size + 1), dtype=np.float32)
    columns[np.arange(len(previous)), previous] = LAST_ACTION  # NO_ACTION, -1, is the last one
    return columns


def _last_row(asked: Asked, rows: Mapping[str, int]) -> int:
    last = asked.case.last_action
    return NO_ACTION if last is None else rows.get(last, NO_ACTION)


def _scattered(values: Scores, rows: NDArray[np.int32], size: int) -> Scores:
    scores = np.full(size, NOT_RANKED, dtype=np.float64)
    scores[rows] = values
    return scores


def _if_positive(scores: NDArray[np.generic]) -> Scores:
    values = scores.astype(np.float64)
    return np.where(values > 0, values, NOT_RANKED)
