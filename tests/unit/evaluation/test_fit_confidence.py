from __future__ import annotations

import numpy as np
import pytest

from assist.confidence import FEATURES
from evaluation.fit_confidence import Example, fit


def _examples(count: int = 4000) -> list[Example]:
    """Right with the probability of a known logistic model over the first feature; the second one is noise."""
    chance = np.random.default_rng(3)
    values = chance.normal(size=(count, len(FEATURES)))
    right = chance.random(count) < 1 / (1 + np.exp(-(2.0 * values[:, 0] - 0.5)))
    return [
        Example(family="a", features=row, right=bool(answer), first=True, weight=1.0)
        for row, answer in zip(values, right, strict=True)
    ]


def test_the_fit_recovers_the_model_that_made_the_data() -> None:
    fitted = fit(_examples(), precision=0.8)
    assert fitted.coefficients["meaning"] == pytest.approx(2.0, abs=0.15)
    assert fitted.intercept == pytest.approx(-0.5, abs=0.1)
    assert max(fitted.coefficients[name] for name in FEATURES[1:]) < 0.15


def test_no_coefficient_is_negative_even_where_the_data_say_so() -> None:
    turned = [
        Example(family="a", features=-each.features, right=each.right, first=True, weight=1.0) for each in _examples()
    ]
    assert min(fit(turned, precision=0.5).coefficients.values()) >= 0.0


def test_the_threshold_is_where_the_wanted_precision_is_reached() -> None:
    examples = _examples()
    fitted = fit(examples, precision=0.8)
    assert fitted.precision == pytest.approx(0.8, abs=0.01)
    easier = fit(examples, precision=0.6)
    assert easier.threshold < fitted.threshold
    assert easier.coverage > fitted.coverage


def test_a_constant_confidence_cannot_reach_a_precision_above_the_base_rate() -> None:
    blind = [
        Example(family="a", features=np.zeros(len(FEATURES)), right=number % 2 == 0, first=True, weight=1.0)
        for number in range(100)
    ]
    assert fit(blind, precision=0.9).coverage < 0.05


def test_every_family_weighs_the_same_whatever_its_size() -> None:
    def family(name: str, count: int, *, right: bool) -> list[Example]:
        zeros = np.zeros(len(FEATURES))
        return [Example(family=name, features=zeros, right=right, first=True, weight=1.0) for _ in range(count)]

    fitted = fit([*family("small", 10, right=True), *family("large", 1000, right=False)], precision=0.5)
    assert fitted.intercept == pytest.approx(0.0, abs=0.01)
