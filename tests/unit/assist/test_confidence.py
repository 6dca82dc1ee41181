from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assist.blending import HistorySays, HistoryWeights
from assist.confidence import (
    FEATURES,
    LAG_SHARE,
    LEAD_SHARE,
    KindConfidence,
    ThresholdPoint,
    best_by_chance,
    certainty,
    confidence_features,
    confidences,
    leads,
    standing,
)
from assist.ranking import Evidence, RankWeights, contributions


def _model(
    *coefficients: float, intercept: float = 0.0, points: tuple[tuple[float, float], ...] = ()
) -> KindConfidence:
    return KindConfidence(
        intercept=intercept,
        coefficients=(*coefficients, *[0.0] * (len(FEATURES) - len(coefficients))),
        points=[ThresholdPoint(*point) for point in points],
    )


def _floats(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def test_probabilities_are_those_of_the_logistic_function() -> None:
    found = _model(2.0, intercept=-1.0).probabilities(np.array([[0.5], [1.0]]))
    assert found.tolist() == pytest.approx([0.5, 1 / (1 + np.exp(-1.0))], abs=1e-4)


def test_extreme_features_stay_probabilities() -> None:
    found = _model(1e6).probabilities(np.array([[1e9], [-1e9]]))
    assert found.tolist() == [1.0, 0.0]


def test_the_lead_is_the_distance_to_the_best_rival() -> None:
    assert leads(_floats(3.0, 1.0, 2.5)).tolist() == [0.5, -2.0, -0.5]
    assert leads(_floats(2.0, 2.0)).tolist() == [0.0, 0.0]


def test_a_lead_lends_a_little_and_a_lag_costs_more() -> None:
    found = standing(_floats(3.0, 1.0), _floats(5.0, 2.0))
    assert found.tolist() == pytest.approx([3.0 + LEAD_SHARE * 3.0, 1.0 - LAG_SHARE * 3.0])
    assert LAG_SHARE > LEAD_SHARE


def test_equals_stand_alike() -> None:
    assert standing(_floats(3.0, 3.0), _floats(5.0, 5.0)).tolist() == [3.0, 3.0]


def test_a_lead_beyond_the_limit_says_no_more_and_one_alone_leads_by_it() -> None:
    far, farther = (standing(_floats(0.0, 0.0), _floats(lead, 0.0)).tolist() for lead in (4.0, 400.0))
    assert far == farther
    assert standing(_floats(0.0), _floats(7.0))[0] == far[0]


def test_the_feature_is_the_standing_of_the_content() -> None:
    evidence = Evidence(
        meaning=_floats(2.0, 0.0),
        alignment=_floats(1.0, 0.0),
        words=_floats(0.5, 0.0),
        same_language=_floats(1.0, 1.0),
        history=_said(),
        eligible=1,
    )
    weights = RankWeights(alignment=1.0, words=2.0, words_across_languages=0.0)
    parts = contributions(evidence, weights)

    found = confidence_features(evidence, parts, weights)

    assert FEATURES == ("above_chance",)
    lead = min(4.0, float(parts.total[0] - parts.total[1]))
    assert found[:, 0].tolist() == pytest.approx([2.0 + 1.0 + 1.0 + LEAD_SHARE * lead, -LAG_SHARE * lead])


def _said(votes: tuple[float, ...] = (0.8, 0.2), nearness: float = 2.0) -> HistorySays:
    nothing = _floats(0.0, 0.0)
    return HistorySays(
        votes=_floats(*votes), sequence=nothing, head=nothing, used=_floats(5.0, 5.0), nearness=nearness, cases=50
    )


HISTORY = HistoryWeights(
    votes=1.0,
    sequence=0.0,
    head=0.0,
    head_after=0.0,
    known_after=3.0,
    temperature=1.0,
    doubt=0.0,
    trust=(1.0, 0.0, 0.0, 0.0),
    certainty=(0.5, 1.5),
)


def _claimed(said: HistorySays, history: HistoryWeights | None = HISTORY) -> list[float]:
    weights = RankWeights(alignment=0.0, words=0.0, words_across_languages=0.0, history=history)
    evidence = replace(Evidence.of_meaning(_floats(1.0, 0.0), eligible=2), history=said)
    parts = contributions(evidence, weights)
    features = confidence_features(evidence, parts, weights)
    found: list[float] = confidences(_model(0.5), features, parts.blend, weights.history).tolist()
    return found


def test_without_history_confidence_is_that_of_the_content() -> None:
    assert _claimed(HistorySays.nothing(2)) == _claimed(_said(), history=None)


def test_where_history_surely_knows_confidence_is_that_of_its_share() -> None:
    known = certainty(_floats(0.8, 0.2), (0.5, 1.5))
    assert _claimed(_said(nearness=30.0)) == pytest.approx(known.tolist(), abs=1e-3)


def test_confidence_passes_from_content_to_history_without_a_leap() -> None:
    steps = np.array([_claimed(_said(nearness=nearness))[0] for nearness in np.linspace(-30, 30, 2001)])
    assert np.abs(np.diff(steps)).max() < 0.02


def test_a_larger_share_is_surer_and_none_is_not_sure_at_all() -> None:
    sure = certainty(_floats(0.0, 0.1, 0.5, 0.9, 1.0), (0.5, 1.5))
    assert sure[0] == 0.0
    assert np.diff(sure).min() > 0
    assert sure[-1] < 1.0


def test_no_candidates_have_no_features() -> None:
    evidence = Evidence.of_meaning(_floats(), eligible=0)
    weights = RankWeights(alignment=1.0, words=1.0, words_across_languages=1.0)
    assert confidence_features(evidence, contributions(evidence, weights), weights).shape == (0, 1)


def test_the_best_of_many_average_items_stands_out_as_far_as_chance_has_it() -> None:
    draws = np.random.default_rng(1).normal(scale=1.5, size=(2000, 3000))
    for items in (100, 3000):
        mean = float(draws[:, :items].max(axis=1).mean())
        assert best_by_chance(items, deviation=1.5) == pytest.approx(mean, rel=0.25)
        assert best_by_chance(items, deviation=1.5) > mean  # the limit is approached from above
    assert best_by_chance(1, deviation=1.5) == best_by_chance(0, deviation=1.5) == 0.0


def test_the_more_items_there_are_the_further_one_must_stand_out() -> None:
    weights = RankWeights(alignment=0.5, words=1.0, words_across_languages=1.0)

    def found(eligible: int) -> float:
        evidence = Evidence.of_meaning(_floats(5.0, 1.0), eligible=eligible)
        return float(confidence_features(evidence, contributions(evidence, weights), weights)[0, 0])

    assert found(100) - found(3000) == pytest.approx(
        best_by_chance(3000, deviation=1.5) - best_by_chance(100, deviation=1.5)
    )


POINTS = ((0.0, 0.0), (0.5, 0.2), (0.7, 0.6))


@pytest.mark.parametrize(
    ("precision", "threshold"), [(0.0, 0.0), (0.25, 0.1), (0.5, 0.2), (0.6, 0.4), (0.7, 0.6), (0.9, 0.6), (1.0, 0.6)]
)
def test_a_threshold_lies_between_those_of_its_neighbours_and_at_the_last_beyond(
    precision: float, threshold: float
) -> None:
    assert _model(points=POINTS).threshold(precision) == pytest.approx(threshold)


def test_wanting_more_precision_never_lowers_the_threshold() -> None:
    found = [_model(points=POINTS).threshold(precision) for precision in np.linspace(0, 1, 101)]
    assert np.diff(found).min() >= 0
