from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.blending import HistorySays, HistoryWeights
from assist.ranking import Evidence, RankWeights, contributions, order

HISTORY = HistoryWeights(
    votes=0.5,
    sequence=0.5,
    head=0.0,
    head_after=0.0,
    known_after=3.0,
    temperature=1.0,
    doubt=0.0,
    trust=(0.0, 0.0, 0.0, 0.0),
    certainty=(0.0, 1.0),
)


def _evidence(**given_: list[float] | float) -> Evidence:
    size = next(len(value) for value in given_.values() if isinstance(value, list))
    values = {
        name: np.array(given_.get(name, [0.0] * size), dtype=np.float32)
        for name in ("meaning", "alignment", "words", "same_language")
    }
    said = {name: np.array(given_.get(name, [0.0] * size), dtype=np.float32) for name in ("votes", "sequence", "used")}
    nothing = np.zeros(size, dtype=np.float32)
    return Evidence(**values, history=HistorySays(**said, head=nothing, nearness=0.0, cases=9), eligible=size)


def _weights(history: HistoryWeights | None = None, **given_: float) -> RankWeights:
    return RankWeights(**{"alignment": 0.0, "words": 0.0, "words_across_languages": 0.0, **given_}, history=history)


def test_words_count_in_full_only_in_the_language_of_the_query() -> None:
    weights = _weights(words=1.0, words_across_languages=0.3)
    parts = contributions(_evidence(words=[1.0, 1.0], same_language=[1.0, 0.0]), weights)
    assert parts.words.tolist() == pytest.approx([1.0, 0.3])


def test_what_history_adds_is_told_apart_by_whether_the_last_action_said_it() -> None:
    parts = contributions(_evidence(votes=[1.0, 0.0, 0.0], sequence=[0.0, 1.0, 0.0]), _weights(HISTORY))
    assert parts.history[0] > 0 == parts.sequence[0]
    assert parts.sequence[1] > 0 == parts.history[1]
    assert parts.history[2] == parts.sequence[2] == 0
    assert parts.silence.max() < 0
    assert parts.history[0] == pytest.approx(parts.sequence[1])


def test_where_history_does_not_count_it_adds_nothing() -> None:
    parts = contributions(_evidence(votes=[1.0, 0.0]), _weights())
    assert parts.blend is None
    assert parts.history.tolist() == parts.sequence.tolist() == parts.silence.tolist() == [0.0, 0.0]


def test_alignment_counts_by_its_weight_beside_meaning_which_counts_whole() -> None:
    parts = contributions(_evidence(meaning=[2.0, -1.0], alignment=[1.0, 3.0]), _weights(alignment=0.5))
    assert parts.meaning.tolist() == [2.0, -1.0]
    assert parts.alignment.tolist() == [0.5, 1.5]
    assert parts.total.tolist() == [2.5, 0.5]


def test_alignment_is_content_and_history_is_not() -> None:
    everything = _evidence(
        meaning=[1.0, 0.0], alignment=[1.0, 0.0], words=[1.0, 0.0], same_language=[1.0, 1.0], votes=[1.0, 0.0]
    )
    parts = contributions(everything, _weights(HISTORY, alignment=2.0, words=4.0))
    assert parts.content[0] == 7.0
    assert parts.total[0] == pytest.approx(7.0 + parts.history[0] + parts.silence[0], abs=1e-5)


def test_the_last_bits_of_a_float_decide_no_order() -> None:
    parts = contributions(_evidence(meaning=[1.0, 1.0], alignment=[0.5, 0.5000002]), _weights(alignment=1.0))
    assert order(parts.total, ["b", "a"]) == [1, 0]
    assert order(parts.total[::-1], ["b", "a"]) == [1, 0]


def test_ties_are_broken_by_id() -> None:
    assert order(np.array([1.0, 2.0, 1.0], dtype=np.float32), ["b", "c", "a"]) == [1, 2, 0]


@given(
    st.lists(
        st.tuples(st.floats(-5, 5, width=32), st.integers(0, 50)), min_size=1, max_size=30, unique_by=lambda p: p[1]
    )
)
def test_the_order_does_not_depend_on_the_order_of_the_candidates(pairs: list[tuple[float, int]]) -> None:
    ids = [f"item-{number:02d}" for _, number in pairs]
    scores = np.array([score for score, _ in pairs], dtype=np.float32)
    forward = [ids[position] for position in order(scores, ids)]
    backward = [ids[::-1][position] for position in order(scores[::-1], ids[::-1])]
    assert forward == backward


@given(
    st.lists(st.tuples(st.floats(-4, 8, width=32), st.floats(0, 1, width=32)), min_size=2, max_size=20),
    st.floats(0.3, 3.0),
)
def test_the_order_is_that_of_the_mixed_probabilities(items: list[tuple[float, float]], temperature: float) -> None:
    meaning, votes = ([float(value) for value in column] for column in zip(*items, strict=True))
    votes = [vote / max(sum(votes), 1.0) for vote in votes]
    parts = contributions(_evidence(meaning=meaning, votes=votes), _weights(replace(HISTORY, temperature=temperature)))
    if parts.blend is None or not any(votes):
        return
    probability = np.exp(parts.blend.lift) * parts.blend.content
    ranked = np.argsort(-probability, kind="stable")
    assert np.diff(parts.total[ranked]).max() <= 1e-3
