"""History and content are mixed as far as history knows; without one nothing changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.blending import FLOOR, TRUST_FEATURES, HistorySays, HistoryWeights, blend, softmax, trust_features

WEIGHTS = HistoryWeights(
    votes=0.3,
    sequence=0.1,
    head=0.6,
    head_after=0.0,
    known_after=4.0,
    temperature=1.0,
    doubt=-1.0,
    trust=(0.5, 1.0, -2.0, 0.2),
    certainty=(0.0, 1.0),
)
SURE = replace(WEIGHTS, doubt=30.0)
DOUBTFUL = replace(WEIGHTS, doubt=-30.0, trust=(0.0, 0.0, 0.0, 0.0))


def _floats(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def _said(**given_: np.ndarray | float) -> HistorySays:  # type: ignore[type-arg]
    nothing = np.zeros(3, dtype=np.float32)
    parts = {"votes": nothing, "sequence": nothing, "head": nothing, "used": nothing, "nearness": 1.0, "cases": 100}
    return HistorySays(**{**parts, **given_})  # type: ignore[arg-type]


CONTENT = _floats(3.0, 2.0, 0.0)


def test_without_history_nothing_is_lifted() -> None:
    mixed = blend(CONTENT, HistorySays.nothing(3), WEIGHTS)
    assert mixed.trust == 0.0
    assert mixed.lift.tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)


def test_where_history_surely_knows_the_order_is_its_own() -> None:
    mixed = blend(CONTENT, _said(votes=_floats(0.0, 0.2, 0.8), used=_floats(5, 5, 5)), SURE)
    assert np.argsort(-(CONTENT + mixed.lift)).tolist()[:2] == [2, 1]


def test_where_history_does_not_know_an_item_that_it_knows_well_falls_behind_a_new_one() -> None:
    mixed = blend(CONTENT, _said(votes=_floats(1.0, 0.0, 0.0), used=_floats(50, 0, 0)), DOUBTFUL)
    known, new, _ = (CONTENT + mixed.lift).tolist()
    assert new > known
    hardly_known = blend(CONTENT, _said(votes=_floats(1.0, 0.0, 0.0), used=_floats(1, 0, 0)), DOUBTFUL)
    assert (CONTENT + hardly_known.lift)[0] > known


def test_no_history_takes_more_than_the_floor() -> None:
    mixed = blend(CONTENT, _said(votes=_floats(0.0, 0.0, 1.0), used=_floats(1e6, 1e6, 1e6)), SURE)
    assert mixed.lift.min() >= np.log(FLOOR) - 1e-5


def test_a_voice_that_says_nothing_leaves_its_weight_to_the_others() -> None:
    votes, sequence, head = _said(votes=_floats(1.0, 0.0, 0.0), head=_floats(0.0, 1.0, 0.0)).voices(WEIGHTS)
    assert votes.tolist() == pytest.approx([1 / 3, 0.0, 0.0])
    assert head.tolist() == pytest.approx([0.0, 2 / 3, 0.0])
    assert not sequence.any()


def test_trust_rests_on_what_its_features_say() -> None:
    said = _said(votes=_floats(0.7, 0.3, 0.0), used=_floats(3, 0, 0), nearness=2.5, cases=99)
    found = trust_features(said, said.votes, _floats(0.5, 0.3, 0.2))
    assert dict(zip(TRUST_FEATURES, found.tolist(), strict=True)) == pytest.approx(
        {
            "nearness": 2.5,
            "agreement": 0.7,
            "new": 0.5,
            "experience": np.log(100.0),
        }
    )


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (_said(votes=_floats(1.0, 0.0, 0.0), nearness=5.0), _said(votes=_floats(1.0, 0.0, 0.0), nearness=1.0)),
        (_said(votes=_floats(1.0, 0.0, 0.0)), _said(votes=_floats(0.4, 0.3, 0.3))),
        (_said(votes=_floats(1.0, 0.0, 0.0), cases=5000), _said(votes=_floats(1.0, 0.0, 0.0), cases=5)),
        (_said(votes=_floats(1.0, 0.0, 0.0), used=_floats(1, 1, 1)), _said(votes=_floats(1.0, 0.0, 0.0))),
    ],
)
def test_near_agreeing_and_many_cases_are_trusted_more(more: HistorySays, less: HistorySays) -> None:
    assert blend(CONTENT, more, WEIGHTS).trust > blend(CONTENT, less, WEIGHTS).trust


@given(
    st.lists(
        st.tuples(st.floats(-5, 15, width=32), st.floats(0, 1, width=32), st.integers(0, 100)), min_size=1, max_size=20
    )
)
def test_the_mixture_never_is_more_than_certain(items: list[tuple[float, float, int]]) -> None:
    content, votes, used = (np.array(column, dtype=np.float32) for column in zip(*items, strict=True))
    nothing = np.zeros_like(content)
    votes = votes / max(float(votes.sum()), 1.0)
    said = HistorySays(votes=votes, sequence=nothing, head=nothing, used=used, nearness=1.0, cases=9)
    mixed = blend(content, said, WEIGHTS)
    assert (mixed.trust * mixed.share + mixed.unknown * mixed.content).sum() <= 1.0 + 1e-4
    assert softmax(content).sum() == pytest.approx(1.0, abs=1e-4)


def test_no_candidates_are_mixed_to_none() -> None:
    assert blend(_floats(), HistorySays.nothing(0), WEIGHTS).lift.size == 0
