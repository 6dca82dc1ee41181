"""What the fit of a scorer promises, on made-up questions whose answers follow a known rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assist.blending import HistorySays
from assist.confidence import FEATURES
from assist.ranking import Evidence, RankWeights
from evaluation.fit_ranker import (
    REMOVED_WEIGHT,
    Answered,
    Example,
    examples_of,
    fit_confidence,
    fit_content_weights,
    similar_examples_of,
)

MADE = RankWeights(alignment=0.8, words=1.5, words_across_languages=0.5)
CANDIDATES = 12


def _evidence(chance: np.random.Generator, size: int) -> Evidence:
    def drawn() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        return chance.normal(size=size).astype(np.float32)

    return Evidence(
        meaning=drawn(),
        alignment=drawn(),
        words=drawn(),
        same_language=(chance.random(size) < 0.5).astype(np.float32),
        history=HistorySays.nothing(size),
        eligible=1,
    )


def _asked(
    count: int,
    weights: RankWeights = MADE,
    *,
    seed: int = 1,
    family: str = "a",
    source: str = "one",
    steep: float = 2.0,
) -> list[Answered]:
    """Questions whose right answer was drawn by the softmax of ``steep`` times the score that the weights give."""
    chance = np.random.default_rng(seed)
    asked = []
    for _ in range(count):
        evidence = _evidence(chance, CANDIDATES)
        per_word = np.where(evidence.same_language > 0, weights.words, weights.words_across_languages)
        scores = evidence.meaning + weights.alignment * evidence.alignment + per_word * evidence.words
        right = np.arange(CANDIDATES) == np.argmax(steep * scores + chance.gumbel(size=CANDIDATES))
        asked.append(_answered(evidence, right, family=family, source=source))
    return asked


def _answered(evidence: Evidence, right: np.ndarray, *, family: str = "a", source: str = "one") -> Answered:  # type: ignore[type-arg]
    ids = [f"i{number:02d}" for number in range(len(right))]
    return Answered(family=family, source=source, ids=ids, evidence=evidence, right=right, removed=False)


def test_the_fit_recovers_the_weights_that_made_the_answers() -> None:
    alignment, words, across = fit_content_weights(_asked(2000))
    assert alignment == pytest.approx(MADE.alignment, abs=0.1)
    assert words == pytest.approx(MADE.words, abs=0.15)
    assert across == pytest.approx(MADE.words_across_languages, abs=0.1)


def test_evidence_that_speaks_against_an_answer_weighs_nothing() -> None:
    misleading = RankWeights(alignment=-1.0, words=1.0, words_across_languages=-0.5)
    alignment, words, across = fit_content_weights(_asked(500, misleading))
    assert (alignment, across) == (0.0, 0.0)
    assert words > 0.5


def test_every_family_weighs_the_same_however_many_questions_it_has() -> None:
    one, other = _asked(150, seed=1, family="a"), _asked(150, RankWeights(
        alignment=0.0, words=0.1, words_across_languages=2.0), seed=2, family="b")  # fmt: skip
    assert fit_content_weights([*one, *other * 6]) == pytest.approx(fit_content_weights([*one, *other]), abs=0.02)


def test_within_a_family_every_set_weighs_the_same() -> None:
    one, other = _asked(150, seed=1, source="one"), _asked(150, RankWeights(
        alignment=0.0, words=0.1, words_across_languages=2.0), seed=2, source="other")  # fmt: skip
    assert fit_content_weights([*one, *other * 6]) == pytest.approx(fit_content_weights([*one, *other]), abs=0.02)


def test_questions_without_a_right_answer_teach_nothing() -> None:
    asked = _asked(200)
    nobody = np.zeros(CANDIDATES, dtype=np.bool_)
    unanswered = [replace(each, right=nobody, family="b") for each in _asked(100, seed=5)]
    removed = [replace(each, removed=True, family="c") for each in _asked(100, seed=6)]
    assert fit_content_weights([*asked, *unanswered, *removed]) == fit_content_weights(asked)


def test_without_any_right_answer_there_is_nothing_to_fit() -> None:
    nobody = np.zeros(CANDIDATES, dtype=np.bool_)
    with pytest.raises(ValueError, match="found no question with a right answer among its candidates, expected some"):
        fit_content_weights([replace(each, right=nobody) for each in _asked(3)])


def test_the_first_item_by_the_weights_is_the_example() -> None:
    (asked,) = _asked(1)
    by_meaning = RankWeights(alignment=0.0, words=0.0, words_across_languages=0.0)

    (example,) = examples_of([asked], by_meaning)

    assert example.right == asked.right[np.argmax(asked.evidence.meaning)]
    assert example.features[FEATURES.index("above_chance")] > asked.evidence.meaning.max()
    assert (example.family, example.weight) == ("a", 1.0)


def test_a_question_whose_answer_was_taken_away_counts_half_and_nothing_is_right() -> None:
    (asked,) = _asked(1)
    removed = replace(asked, right=np.zeros(CANDIDATES, dtype=np.bool_), removed=True)
    examples = list(examples_of([removed], MADE))
    assert {(each.right, each.weight) for each in examples} == {(False, REMOVED_WEIGHT)}


def test_a_question_without_candidates_gives_no_example() -> None:
    nothing = _answered(_evidence(np.random.default_rng(1), 0), np.zeros(0, dtype=np.bool_))
    assert list(examples_of([nothing], MADE)) == list(similar_examples_of([nothing])) == []


def test_of_similar_cases_only_meaning_counts() -> None:
    (asked,) = _asked(1)
    (example,) = similar_examples_of([asked])
    assert example.right == asked.right[np.argmax(asked.evidence.meaning)]
    assert not example.features[1:].any()


def _examples(count: int = 4000) -> list[Example]:
    """Right with the probability of a known logistic model over the first feature; the others are noise."""
    chance = np.random.default_rng(3)
    values = chance.normal(size=(count, len(FEATURES)))
    right = chance.random(count) < 1 / (1 + np.exp(-(2.0 * values[:, 0] - 0.5)))
    return [
        Example(family="a", features=row, right=bool(answer), weight=1.0)
        for row, answer in zip(values, right, strict=True)
    ]


def test_the_fit_recovers_the_model_that_made_the_data() -> None:
    fitted = fit_confidence(_examples())
    assert fitted.coefficients[0] == pytest.approx(2.0, abs=0.15)
    assert fitted.intercept == pytest.approx(-0.5, abs=0.1)


def test_no_coefficient_is_negative_even_where_the_data_say_so() -> None:
    turned = [replace(each, features=-each.features) for each in _examples()]
    assert min(fit_confidence(turned).coefficients) >= 0.0


def _shown(examples: Sequence[Example], threshold: float, confidences: Sequence[float]) -> list[Example]:
    return [each for each, sure in zip(examples, confidences, strict=True) if sure >= threshold]


def test_at_each_threshold_the_first_items_shown_reach_its_precision() -> None:
    examples = _examples()
    fitted = fit_confidence(examples)
    confidences = fitted.probabilities(np.array([each.features for each in examples])).tolist()
    covered = []
    for point in fitted.points:
        shown = _shown(examples, point.threshold, confidences)
        assert sum(each.right for each in shown) / len(shown) >= point.precision
        covered.append(len(shown))
    assert len(fitted.points) > 5
    assert covered == sorted(covered, reverse=True)
    assert covered[0] == len(examples) > 2 * covered[-1]


def test_a_threshold_is_the_lowest_that_will_do() -> None:
    examples = _examples()
    fitted = fit_confidence(examples)
    confidences = fitted.probabilities(np.array([each.features for each in examples])).tolist()
    wanted = next(point for point in fitted.points if point.precision == pytest.approx(0.8))
    for lower in sorted({sure for sure in confidences if sure < wanted.threshold}, reverse=True):
        shown = _shown(examples, lower, confidences)
        assert sum(each.right for each in shown) / len(shown) < wanted.precision


def test_where_confidence_tells_nothing_no_precision_above_the_base_rate_is_promised() -> None:
    blind = [
        Example(family="a", features=np.zeros(len(FEATURES)), right=number % 2 == 0, weight=1.0)
        for number in range(100)
    ]
    fitted = fit_confidence(blind)
    assert fitted.points[0].precision == fitted.points[0].threshold == 0.0
    assert fitted.points[-1].precision == pytest.approx(0.5)
    # Beyond what was reached, equal confidences are shown together: it cannot be told which of them is right.
    assert fitted.threshold(0.95) == fitted.points[-1].threshold == pytest.approx(0.5)


def test_in_the_confidence_too_every_family_weighs_the_same_whatever_its_size() -> None:
    def family(name: str, count: int, *, right: bool) -> list[Example]:
        zeros = np.zeros(len(FEATURES))
        return [Example(family=name, features=zeros, right=right, weight=1.0) for _ in range(count)]

    fitted = fit_confidence([*family("small", 10, right=True), *family("large", 1000, right=False)])
    assert fitted.intercept == pytest.approx(0.0, abs=0.01)


def test_without_examples_there_is_no_confidence() -> None:
    with pytest.raises(ValueError, match="found no example, expected some thousands"):
        fit_confidence([])
