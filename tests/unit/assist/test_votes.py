from __future__ import annotations

import numpy as np
import pytest

from assist.votes import case_votes, neighbours, situation_votes, transition_shares
from index.history import NO_ACTION, Uses


def _uses(*rows: tuple[int, int, int, int, int]) -> Uses:
    table = np.array(rows, dtype=np.int32).reshape(-1, 5)
    return Uses(situation=table[:, 0], case=table[:, 1], item=table[:, 2], previous=table[:, 3], done=table[:, 4])


def _neighbours(cases: list[int], cosines: list[float], *, count: int = 15, one_per_case: bool = True):
    rows = np.array(cases, dtype=np.int64)
    return neighbours(
        np.arange(rows.size, dtype=np.int64),
        rows,
        np.array(cosines, dtype=np.float32),
        count=count,
        temperature=0.02,
        one_per_case=one_per_case,
    )


def test_only_the_best_situation_of_each_case_is_kept() -> None:
    nearest = _neighbours([7, 7, 3, 7, 5], [0.9, 0.89, 0.88, 0.87, 0.86])
    assert nearest.cases.tolist() == [7, 3, 5]
    assert nearest.situations.tolist() == [0, 2, 4]
    assert nearest.weights.sum() == pytest.approx(1.0, abs=1e-6)


def test_nearer_cases_weigh_more_and_equal_ones_the_same() -> None:
    weights = _neighbours([1, 2, 3], [0.9, 0.9, 0.85]).weights
    assert weights[0] == weights[1] > weights[2] > 0


def test_nobody_near_means_no_votes() -> None:
    nearest = _neighbours([], [])
    votes = case_votes(nearest, _uses((0, 0, 0, -1, 0)), np.array([True]))
    assert votes.rows.tolist() == []
    assert votes.electorate == 0


def test_a_case_that_used_an_item_twice_has_one_vote_for_it() -> None:
    nearest = _neighbours([0, 1], [0.9, 0.9])
    votes = case_votes(nearest, _uses((0, 0, 0, -1, 0), (0, 0, 0, -1, 0), (1, 1, 1, -1, 0)), np.array([True, True]))
    assert votes.share.tolist() == pytest.approx([0.5, 0.5])
    assert votes.supporters.tolist() == [1, 1]
    assert votes.electorate == 2


def test_votes_are_shared_among_what_the_caller_may_see() -> None:
    uses = _uses((0, 0, 0, -1, 0), (1, 1, 1, -1, 0))
    nearest = _neighbours([0, 1], [0.9, 0.88])
    with_invisible = case_votes(nearest, uses, np.array([True, False]))
    assert with_invisible.share.tolist() == pytest.approx([1.0, 0.0])
    assert with_invisible.electorate == 1


def test_a_situation_reached_by_another_action_counts_less() -> None:
    uses = _uses((0, 0, 0, 4, 1), (1, 1, 1, NO_ACTION, 0))
    nearest = _neighbours([0, 1], [0.9, 0.9], one_per_case=False)
    votes = situation_votes(nearest, uses, np.array([True, True]), previous=4, other_state=0.25)
    assert votes.share.tolist() == pytest.approx([0.8, 0.2])


def test_transition_shares_count_only_visible_cases_and_allowed_items() -> None:
    uses = _uses((0, 0, 0, 2, 1), (1, 1, 1, 2, 1), (2, 2, 1, 2, 1), (3, 3, 1, 0, 1))
    visible = np.array([True, True, False, True])
    shares, total = transition_shares(uses, visible, np.array([True, True, True]), previous=2)
    assert (shares.tolist(), total) == ([0.5, 0.5, 0.0], 2)
    shares, total = transition_shares(uses, visible, np.array([True, False, True]), previous=2)
    assert (shares.tolist(), total) == ([1.0, 0.0, 0.0], 1)


def test_an_action_that_is_not_known_was_followed_by_nothing() -> None:
    uses = _uses((0, 0, 0, NO_ACTION, 0), (1, 1, 1, NO_ACTION, 1))
    everything = np.array([True, True])
    assert transition_shares(uses, everything, everything, previous=None)[1] == 0
    shares, total = transition_shares(uses, everything, everything, previous=NO_ACTION)
    assert (shares.tolist(), total) == ([1.0, 0.0], 1)  # the second followed an action that the corpus lacks


def test_a_use_behind_an_action_with_two_heirs_votes_once() -> None:
    uses = _uses((0, 0, 0, 4, 1), (0, 0, 0, 5, 1), (1, 1, 1, 4, 1))
    nearest = _neighbours([0, 1], [0.9, 0.9], one_per_case=False)
    for previous in (4, 5):
        votes = situation_votes(nearest, uses, np.array([True, True]), previous=previous, other_state=0.25)
        share = 1.0 if previous == 4 else 0.25
        assert votes.share.tolist() == pytest.approx([1.0 / (1.0 + share), share / (1.0 + share)])
