"""The fit of how history is believed finds in what it was given where history is right, and where it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assist.blending import HistorySays, HistoryWeights, blend
from assist.confidence import KindConfidence, ThresholdPoint
from assist.ranking import Evidence, RankWeights, contributions
from evaluation.fit_history import START, _batch, _loss, _vector, fit_certainty, fit_history
from evaluation.fit_ranker import Answered

WEIGHTS = RankWeights(alignment=0.0, words=0.0, words_across_languages=0.0)
MODEL = KindConfidence(intercept=-1.0, coefficients=(0.5,), points=(ThresholdPoint(0.0, 0.0),))
SIZE = 8


def _question(chance: np.random.Generator, *, known: bool, head_knows: bool = True) -> Answered:
    """Content that helps a little; history near and right if the answer is ``known`` to it, far and blind if not."""
    right = int(chance.integers(SIZE))
    meaning = chance.normal(size=SIZE).astype(np.float32)
    meaning[right] += 1.5
    used = np.full(SIZE, 9.0, dtype=np.float32)
    votes, head = np.zeros((2, SIZE), dtype=np.float32)
    votes[chance.integers(SIZE)] = 0.5
    if known:
        votes[right] += 0.5
    else:
        used[right] = 0.0
        votes[right] = 0.0
    head[right if known and head_knows else int(chance.integers(SIZE))] = 1.0
    head[used == 0] = 0.0
    said = HistorySays(
        votes=votes / max(float(votes.sum()), 1e-9),
        sequence=np.zeros(SIZE, dtype=np.float32),
        head=head,
        used=used,
        nearness=float(chance.normal(4.0 if known else 0.0, 0.5)),
        cases=500,
    )
    return Answered(
        family="a",
        source="one",
        ids=[f"i{number}" for number in range(SIZE)],
        evidence=replace(Evidence.of_meaning(meaning, eligible=SIZE), history=said),
        right=np.arange(SIZE) == right,
        removed=False,
    )


def _asked(count: int, *, head_knows: bool = True) -> list[Answered]:
    chance = np.random.default_rng(3)
    return [_question(chance, known=number % 3 != 0, head_knows=head_knows) for number in range(count)]


def _trust(each: Answered, weights: HistoryWeights) -> float:
    return blend(contributions(each.evidence, WEIGHTS).content, each.evidence.history, weights).trust


def test_history_is_trusted_where_it_knows() -> None:
    asked = _asked(240)
    fitted = fit_history(asked, WEIGHTS, sequence=False)
    known = [_trust(each, fitted) for each in asked if each.evidence.history.used[each.right].all()]
    unknown = [_trust(each, fitted) for each in asked if not each.evidence.history.used[each.right].all()]
    assert np.mean(known) > 0.8 > 0.4 > np.mean(unknown)


def test_the_voice_that_knows_more_weighs_more() -> None:
    wise = fit_history(_asked(240), WEIGHTS, sequence=False)
    foolish = fit_history(_asked(240, head_knows=False), WEIGHTS, sequence=False)
    assert wise.head > wise.votes
    assert foolish.head < foolish.votes
    assert wise.sequence == 0.0
    assert sum((wise.votes, wise.head)) == pytest.approx(1.0, abs=1e-3)


def test_a_fit_on_the_own_corpus_is_bolder_about_what_is_new() -> None:
    asked = _asked(240)
    shared, own = (fit_history(asked, WEIGHTS, sequence=False, own=own) for own in (False, True))

    def lift_of_new(weights: HistoryWeights) -> float:
        new = [each for each in asked if not each.evidence.history.used[each.right].all()]
        lifts = [contributions(each.evidence, replace(WEIGHTS, history=weights)).history[each.right] for each in new]
        return float(np.mean(lifts))

    assert lift_of_new(own) > lift_of_new(shared)


def test_certainty_says_how_often_the_first_item_is_right() -> None:
    asked = _asked(300)
    fitted = replace(WEIGHTS, history=fit_history(asked, WEIGHTS, sequence=False))
    sure = replace(WEIGHTS, history=fit_certainty(asked, fitted, MODEL))
    assert sure.history is not None
    assert sure.history.certainty[1] > 0


def test_without_a_question_there_is_nothing_to_fit() -> None:
    with pytest.raises(ValueError, match="found no question with a right answer"):
        fit_history([], WEIGHTS, sequence=False)
    with pytest.raises(ValueError, match="without a history"):
        fit_certainty(_asked(3), WEIGHTS, MODEL)


def test_what_is_fitted_is_the_mixture_that_ranks() -> None:
    asked = _asked(30)
    weights = replace(START, votes=0.4, sequence=0.0, head=0.6)
    found = _loss(_batch(asked, WEIGHTS), _vector(weights))
    told = []
    for each in asked:
        mixed = blend(contributions(each.evidence, WEIGHTS).content, each.evidence.history, weights)
        told.append(float(np.log((mixed.content * np.exp(mixed.lift))[each.right].sum())))
    assert found == pytest.approx(-np.mean(told), rel=1e-4)
