"""What a further feature adds to the evidence of the shipped ranking, measured on families that no weight has seen.

The listwise fit of the shipped scorers is repeated with the feature as one more column, on all families of sets but
one, and the one left out is ranked by it; so for every family in turn. Unlike the evidence, a feature may weigh less
than nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assist.ranking import order
from evaluation.feature_material import StudiedQuestion, StudiedSet
from evaluation.fit_ranker import CONTENT_BOUNDS, candidate_list
from evaluation.listwise import CandidateList, Weights, listwise_weights
from evaluation.metrics import measure, qrels_of
from evaluation.questions import Ranking, Run
from index.progress import Update

METRIC = "nDCG@10"

# Values of the metric by question id.
Values = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a fit holds where it was not made.

    ``weights`` are those of alignment, words, words across languages and, if there is one, the feature, by the family
    that the fit left out; that of meaning is 1. ``values`` tell the metric for every question, by set.
    """

    feature: str | None
    weights: Mapping[str, tuple[float, ...]]
    values: Mapping[str, Values]


def hold_out(sets: Sequence[StudiedSet], feature: str | None) -> Held:
    """Fit and measure with a feature, or for ``None`` without any, leaving out each family in turn.

    Raises ``ValueError`` for sets of fewer than two families.
    """
    families = sorted({each.family for each in sets})
    if len(families) < 2:
        raise ValueError(f"found sets of the families {families}, expected two at least: one to fit on, one to measure")
    lists = {each.name: [_with_feature(question, feature) for question in each.questions] for each in sets}
    bounds = CONTENT_BOUNDS if feature is None else (*CONTENT_BOUNDS, (None, None))
    weights: dict[str, tuple[float, ...]] = {}
    values: dict[str, Values] = {}
    for family in families:
        others = [each for name in sorted(lists) for each in lists[name] if each.family != family]
        found = listwise_weights(others, bounds)
        found = found / found[0]
        weights[family] = tuple(float(value) for value in found[1:])
        values |= {each.name: _measured(each, lists[each.name], found) for each in sets if each.family == family}
    return Held(feature=feature, weights=weights, values={each.name: values[each.name] for each in sets})


def hold_out_each(sets: Sequence[StudiedSet], features: Sequence[str], progress: Update) -> tuple[Held, list[Held]]:
    """Return what the shipped evidence holds alone, and what it holds with each of the features."""
    held = []
    names = (None, *features)
    for number, feature in enumerate(names, start=1):
        held.append(hold_out(sets, feature))
        progress(number, len(names))
    return held[0], held[1:]


def _with_feature(question: StudiedQuestion, feature: str | None) -> CandidateList:
    shipped = candidate_list(question.answered)
    if feature is None:
        return shipped
    column = question.features[feature].astype(np.float64)
    return replace(shipped, design=np.column_stack([shipped.design, column]))


def _measured(each: StudiedSet, lists: Sequence[CandidateList], weights: Weights) -> Values:
    """Return the metric of each question, its candidates ranked by weights as the product ranks them."""
    rankings = {
        studied.question.id: _ranking(studied, np.round(candidates.design @ weights, 5))
        for studied, candidates in zip(each.questions, lists, strict=True)
    }
    qrels = qrels_of([studied.question for studied in each.questions])
    return measure(qrels, Run(system="fit", rankings=rankings), [METRIC]).values[METRIC]


def _ranking(studied: StudiedQuestion, scores: Weights) -> Ranking:
    ids = list(studied.answered.ids)
    ranked = order(scores.astype(np.float32), ids)
    return Ranking(
        ids=tuple(ids[position] for position in ranked), scores=tuple(float(scores[position]) for position in ranked)
    )
