from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest

from assist.confidence import FEATURES, KindConfidence, ScorerError, leads, parse_confidence, shipped_confidence
from assist.models import SUGGEST_KINDS


def test_the_shipped_model_covers_every_kind_with_a_usable_threshold() -> None:
    model = shipped_confidence()
    assert set(model.kinds) == set(SUGGEST_KINDS)
    assert all(0.0 < kind.threshold < 1.0 for kind in model.kinds.values())


def test_more_evidence_never_lowers_the_shipped_confidence_of_what_stands_out() -> None:
    for kind in shipped_confidence().kinds.values():
        weak, strong = kind.probabilities(np.array([[0.0] * len(FEATURES), [3.0, 1.0, 0.5, 1.0, 1.0, 3.0]]))
        assert weak < strong


def test_probabilities_are_those_of_the_logistic_function() -> None:
    model = KindConfidence(intercept=-1.0, coefficients=(2.0, 0, 0, 0, 0, 0), threshold=0.5)
    found = model.probabilities(np.array([[0.5, 0, 0, 0, 0, 0], [1.0, 0, 0, 0, 0, 0]]))
    assert found.tolist() == pytest.approx([0.5, 1 / (1 + np.exp(-1.0))], abs=1e-4)


def test_extreme_features_stay_probabilities() -> None:
    model = KindConfidence(intercept=0.0, coefficients=(1e6, 0, 0, 0, 0, 0), threshold=0.5)
    found = model.probabilities(np.array([[1e9, 0, 0, 0, 0, 0], [-1e9, 0, 0, 0, 0, 0]]))
    assert found.tolist() == [1.0, 0.0]


def test_the_lead_is_the_distance_to_the_best_rival() -> None:
    assert leads(np.array([3.0, 1.0, 2.5], dtype=np.float32)).tolist() == [0.5, -2.0, -0.5]
    assert leads(np.array([2.0, 2.0], dtype=np.float32)).tolist() == [0.0, 0.0]


def test_a_scorer_of_other_features_is_refused() -> None:
    shipped = json.loads(resources.files("assist").joinpath("scorers", "first.json").read_text(encoding="utf-8"))
    with pytest.raises(ScorerError, match="fit the scorer again"):
        parse_confidence({**shipped, "features": ["meaning"]})
    with pytest.raises(ScorerError, match="kinds"):
        parse_confidence({**shipped, "kinds": {}})
