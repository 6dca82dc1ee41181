"""What the study of features promises, on candidates made for the purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assist.blending import HistorySays
from assist.ranking import Evidence
from corpus.models import Case
from evaluation.feature_material import StudiedQuestion, StudiedSet
from evaluation.feature_study import hold_out, hold_out_each
from evaluation.fit_ranker import CONTENT_BOUNDS, Answered, candidate_list, fit_content_weights
from evaluation.listwise import listwise_weights
from evaluation.questions import Question

CANDIDATES = 12
Floats = NDArray[np.float32]


def _question(key: str, family: str, chance: np.random.Generator) -> StudiedQuestion:
    """Twelve candidates, one right; evidence that helps a little, and features that know all, the opposite, nothing."""
    right = np.arange(CANDIDATES) == chance.integers(CANDIDATES)
    nothing = np.zeros(CANDIDATES, dtype=np.float32)

    def guess(share: float) -> Floats:
        return (share * right + chance.normal(size=CANDIDATES)).astype(np.float32)

    ids = [f"{number:02}" for number in range(CANDIDATES)]
    evidence = Evidence(
        meaning=guess(1.5),
        alignment=guess(1.0),
        words=guess(0.5),
        same_language=nothing + 1,
        history=HistorySays.nothing(CANDIDATES),
        eligible=1,
    )
    features: Mapping[str, Floats] = {
        "oracle": right.astype(np.float32),
        "opposite": 1 - right.astype(np.float32),
        "nothing": nothing,
    }
    relevant = frozenset({ids[int(np.argmax(right))]})
    return StudiedQuestion(
        question=Question(id=key, case=Case(id=key, description="?"), relevant=relevant, group=key),
        answered=Answered(family=family, source=family, ids=ids, evidence=evidence, right=right, removed=False),
        features=features,
    )


def _set(family: str, seed: int) -> StudiedSet:
    chance = np.random.default_rng(seed)
    questions = [_question(f"{family}-{number}", family, chance) for number in range(30)]
    return StudiedSet(name=f"{family}_title_de", family=family, questions=questions)


@pytest.fixture(scope="module")
def sets() -> list[StudiedSet]:
    return [_set(family, seed) for seed, family in enumerate(("adobe", "cwa", "stackfaq"))]


def _mean(values: Mapping[str, float]) -> float:
    return sum(values.values()) / len(values)


def test_the_weights_for_a_family_come_from_the_others_alone(sets: list[StudiedSet]) -> None:
    held = hold_out(sets, None)
    for left_out in sets:
        others = [candidate_list(each.answered) for other in sets if other is not left_out for each in other.questions]
        expected = listwise_weights(others, CONTENT_BOUNDS)
        assert held.weights[left_out.family] == pytest.approx(expected[1:] / expected[0])


def test_the_shipped_fit_is_the_one_that_is_studied_and_learns_nothing_from_answers_taken_out(
    sets: list[StudiedSet],
) -> None:
    answered = [question.answered for each in sets for question in each.questions]
    taken_out = [replace(each, removed=True) for each in answered[:30]]
    found = listwise_weights([candidate_list(each) for each in answered], CONTENT_BOUNDS)
    assert fit_content_weights([*answered, *taken_out]) == tuple(round(float(each / found[0]), 2) for each in found[1:])


def test_a_feature_that_knows_the_answer_puts_it_first_everywhere(sets: list[StudiedSet]) -> None:
    base, (oracle,) = hold_out_each(sets, ["oracle"], lambda done, total: None)
    assert oracle.feature == "oracle"
    for each in sets:
        assert 0.3 < _mean(base.values[each.name]) < 0.9
        assert _mean(oracle.values[each.name]) > 0.99


def test_a_feature_may_speak_against_a_candidate(sets: list[StudiedSet]) -> None:
    held = hold_out(sets, "opposite")
    assert all(weights[-1] < 0 for weights in held.weights.values())
    assert all(_mean(values) > 0.99 for values in held.values.values())


def test_a_feature_that_says_nothing_changes_nothing(sets: list[StudiedSet]) -> None:
    base, (nothing,) = hold_out_each(sets, ["nothing"], lambda done, total: None)
    assert nothing.values == base.values


def test_a_right_answer_that_is_no_candidate_counts_as_not_found(sets: list[StudiedSet]) -> None:
    first = sets[0].questions[0]
    missing = Question(
        id=first.question.id, case=first.question.case, relevant=frozenset({"elsewhere"}), group=first.question.group
    )
    lost = StudiedQuestion(question=missing, answered=first.answered, features=first.features)
    changed = StudiedSet(name=sets[0].name, family=sets[0].family, questions=[lost, *sets[0].questions[1:]])
    assert hold_out([changed, *sets[1:]], None).values[changed.name][missing.id] == 0.0


def test_progress_tells_every_fit(sets: list[StudiedSet]) -> None:
    told: list[tuple[int, int]] = []
    hold_out_each(sets, ["nothing"], lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_one_family_alone_cannot_be_held_out(sets: list[StudiedSet]) -> None:
    with pytest.raises(ValueError, match=r"found sets of the families \['adobe'\], expected two at least"):
        hold_out(sets[:1], None)
