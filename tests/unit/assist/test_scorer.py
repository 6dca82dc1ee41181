from __future__ import annotations

import copy
import json
from importlib import resources
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from assist.blending import HistoryWeights
from assist.confidence import KindConfidence, ThresholdPoint
from assist.models import SUGGEST_KINDS
from assist.precision import TARGET_PRECISION
from assist.ranking import RankWeights
from assist.scorer import (
    SHIPPED,
    Scorer,
    ScorerError,
    parse_scorer,
    scorer_bytes,
    scorer_json,
    scorer_without,
    shipped_scorer,
)
from index.situations import USED_KINDS

NAMES = sorted(
    each.name.removesuffix(".json")
    for each in resources.files("assist").joinpath("scorers").iterdir()
    if each.name.endswith(".json")
)
MODEL = KindConfidence(
    intercept=-2.0,
    coefficients=(0.5,),
    points=(ThresholdPoint(0.0, 0.0), ThresholdPoint(0.5, 0.25), ThresholdPoint(0.7, 0.5)),
)
HISTORY = HistoryWeights(
    votes=0.3,
    sequence=0.1,
    head=0.6,
    head_after=0.0,
    known_after=7.0,
    temperature=1.2,
    doubt=-2.0,
    trust=(0.4, 1.5, -3.0, 0.2),
    certainty=(0.1, 1.3),
)
WEIGHTS = RankWeights(alignment=0.8, words=1.1, words_across_languages=0.4, history=HISTORY)


def _json() -> Any:
    scorer = Scorer(
        name="tried", weights=dict.fromkeys(USED_KINDS, WEIGHTS), confidence=dict.fromkeys(SUGGEST_KINDS, MODEL)
    )
    return json.loads(json.dumps(scorer_json(scorer)))


def test_a_scorer_comes_back_from_its_json_as_it_was() -> None:
    scorer = parse_scorer(_json())
    assert scorer.name == "tried"
    assert scorer.weights == dict.fromkeys(USED_KINDS, WEIGHTS)
    assert scorer.confidence == dict.fromkeys(SUGGEST_KINDS, MODEL)
    assert scorer_json(scorer) == _json()


def test_what_a_file_tells_besides_is_left_to_people() -> None:
    assert parse_scorer({**_json(), "made_by": "hand", "families": ["a"]}) == parse_scorer(_json())


def test_a_scorer_of_other_features_is_refused() -> None:
    with pytest.raises(
        ScorerError, match=r"found features \['meaning'\], expected .*above_chance.*; fit the scorer again"
    ):
        parse_scorer({**_json(), "features": ["meaning"]})
    with pytest.raises(ScorerError, match="found features None"):
        parse_scorer({})


def test_a_scorer_of_other_kinds_is_refused() -> None:
    data = _json()
    del data["kinds"]["actions"]
    with pytest.raises(ScorerError, match=r"found the kinds \[.*\], expected \['articles'.*; fit the scorer again"):
        parse_scorer(data)
    with pytest.raises(ScorerError, match="found the kinds"):
        parse_scorer({**_json(), "kinds": []})


def _changed(path: tuple[str, ...], value: object) -> Any:
    data = copy.deepcopy(_json())
    place = data
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("name",), None, "name"),
        (("kinds", "articles", "ranking"), None, "ranking"),
        (("kinds", "articles", "ranking", "alignment"), None, "alignment"),
        (("kinds", "articles", "ranking", "luck"), 1.0, "luck"),
        (("kinds", "articles", "ranking", "words"), "much", "much"),
        (("kinds", "articles", "ranking"), [1, 2], "dictionary"),
        (("kinds", "templates", "confidence", "intercept"), "high", "high"),
        (("kinds", "templates", "confidence", "coefficients", "above_chance"), None, "above_chance"),
        (("kinds", "templates", "ranking", "history", "trust", "new"), None, "new"),
        (("kinds", "templates", "ranking", "history", "certainty"), None, "certainty"),
        (("kinds", "similar_cases", "confidence", "thresholds"), [], "rising precision"),
        (("kinds", "similar_cases", "confidence", "thresholds"), [[0.5, 0.2], [0.5, 0.3]], "rising precision"),
        (("kinds", "similar_cases", "confidence", "thresholds"), [[0.7, 0.6], [0.5, 0.2]], "rising precision"),
        (("kinds", "similar_cases", "confidence", "thresholds"), [[0.5]], "expected"),
    ],
)
def test_a_scorer_with_other_fields_is_refused_and_told_which(path: tuple[str, ...], value: object, told: str) -> None:
    with pytest.raises(ScorerError, match=r"expected those of `all\.json`") as caught:
        parse_scorer(_changed(path, value))
    assert told in str(caught.value)


def test_the_shipped_scorer_is_among_those_that_are_there() -> None:
    assert SHIPPED in NAMES
    assert shipped_scorer().name == SHIPPED


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_scorer_ranks_and_judges_every_kind(name: str) -> None:
    scorer = shipped_scorer(name)
    assert scorer.name == name
    assert set(scorer.weights) == set(USED_KINDS)
    assert set(scorer.confidence) == set(SUGGEST_KINDS) == set(TARGET_PRECISION)
    for weights in scorer.weights.values():
        assert min(weights.alignment, weights.words, weights.words_across_languages) >= 0
        assert weights.history is not None
        assert min(weights.history.votes, weights.history.sequence, weights.history.head) >= 0
        assert weights.history.certainty[1] > 0
    assert scorer.weights["actions"].history.sequence > 0
    assert scorer.weights["templates"].history.sequence == 0


@pytest.mark.parametrize("name", NAMES)
def test_more_evidence_never_lowers_a_shipped_confidence(name: str) -> None:
    for model in shipped_scorer(name).confidence.values():
        assert min(model.coefficients) >= 0
        weak, strong = model.probabilities(np.array([[0.0], [6.0]]))
        assert weak < strong


@pytest.mark.parametrize("name", NAMES)
def test_shipped_thresholds_rise_with_the_precision_and_let_something_through(name: str) -> None:
    for kind, model in shipped_scorer(name).confidence.items():
        for lower, higher in pairwise(model.points):
            assert lower.precision < higher.precision
            assert lower.threshold <= higher.threshold
        best = model.probabilities(np.array([[20.0]]))[0]
        assert 0 <= model.threshold(TARGET_PRECISION[kind]) < best


def _families(name: str) -> set[str]:
    return set(json.loads(scorer_bytes(name)).get("families", ()))


def test_a_scorer_without_a_family_was_fitted_on_all_others() -> None:
    for name in NAMES:
        if name != SHIPPED:
            family = name.removeprefix("without-")
            assert _families(name) == _families(SHIPPED) - {family}
            assert family in _families(SHIPPED)
            assert scorer_without(family) == name


def test_a_family_that_no_scorer_saw_is_measured_with_the_shipped_one() -> None:
    assert scorer_without("nobody-ever-saw-it") == SHIPPED
