"""A head learns from public cases which items a case led to, and what is not for everyone leaves no trace in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from corpus.casetext import LastSaid
from corpus.models import Case
from index.head_fitting import LEAST_CASES, fit_heads
from index.heads import Head
from index.situations import Situation, SituationUse, UsedKind
from index.states import BITS, State, features_of

ITEMS = {"a": [0], "b": [1], "c": [2]}
ROWS = {"articles": ITEMS, "templates": {}, "actions": ITEMS}
EVERY = np.ones(3, dtype=np.bool_)
DIRECTIONS = np.eye(4, dtype=np.float32)


def _world(
    used: str, kind: UsedKind = "articles", audience: tuple[str, ...] = ("public",)
) -> tuple[list[Situation], np.ndarray, list[Case]]:  # type: ignore[type-arg]
    """One case for each letter, its vector near the direction of what it used; that of ``c`` is near ``a``'s."""
    chance = np.random.default_rng(1)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    cases = [
        Case(id=f"c{row:03d}", description="x", audience=audience, closed_at=begin + timedelta(days=row))
        for row in range(len(used))
    ]
    situations = [
        Situation(case=row, text="x", uses=(SituationUse(kind=kind, id=item),)) for row, item in enumerate(used)
    ]
    vectors = np.array([DIRECTIONS["abc".index(item)] for item in used]) + 0.1 * chance.normal(size=(len(used), 4))
    return situations, vectors.astype(np.float32), cases


def _fitted(used: str, kind: UsedKind = "articles", public: np.ndarray = EVERY) -> dict[UsedKind, Head]:  # type: ignore[type-arg]
    situations, vectors, cases = _world(used, kind)
    return fit_heads(
        situations,
        vectors,
        cases,
        ROWS,
        {"articles": public, "templates": np.zeros(0, dtype=np.bool_), "actions": public},
    )


@pytest.mark.parametrize("kind", ["articles", "actions"])
def test_what_cases_used_is_found_again(kind: UsedKind) -> None:
    head = _fitted("abc" * 20, kind)[kind]
    for row in range(3):
        shares = head.shares(DIRECTIONS[row], EVERY, State(customer="", reply="", messages=0, done=()))
        assert shares.argmax() == row
        assert shares.sum() == pytest.approx(1.0, abs=1e-4)


def test_what_is_not_allowed_gets_nothing_and_the_rest_shares_all() -> None:
    head = _fitted("abc" * 20)["articles"]
    shares = head.shares(DIRECTIONS[0], np.array([False, True, True]))
    assert shares[0] == 0.0
    assert shares.sum() == pytest.approx(1.0, abs=1e-4)
    assert not head.shares(DIRECTIONS[0], np.zeros(3, dtype=np.bool_)).any()


def test_two_items_are_enough_and_one_is_not() -> None:
    head = _fitted("ab" * 10)["articles"]
    assert head.shares(DIRECTIONS[1], EVERY).argmax() == 1
    assert _fitted("a" * 20) == {}


def test_an_item_that_one_case_used_has_taught_nothing() -> None:
    assert LEAST_CASES == 2
    assert _fitted("ab" * 10 + "c")["articles"].rows.tolist() == [0, 1]


def test_cases_and_items_that_are_not_for_everyone_teach_nothing() -> None:
    assert _fitted("abc" * 20, public=np.array([True, True, False]))["articles"].rows.tolist() == [0, 1]
    situations, vectors, cases = _world("abc" * 20)
    hidden = [replace(case, audience=("staff",)) if row % 3 == 2 else case for row, case in enumerate(cases)]
    everything = {"articles": EVERY, "templates": EVERY[:0], "actions": EVERY}
    with_hidden = fit_heads(situations, vectors, hidden, ROWS, everything)["articles"]
    kept = [row for row in range(len(cases)) if row % 3 != 2]
    without = fit_heads(
        [replace(situations[row], case=place) for place, row in enumerate(kept)],
        vectors[kept],
        [cases[row] for row in kept],
        ROWS,
        everything,
    )["articles"]
    assert with_hidden.to_blobs() == without.to_blobs()


def test_a_head_is_the_same_every_time_and_survives_being_written() -> None:
    for kind in ("articles", "actions"):
        one, other = _fitted("abc" * 20, kind)[kind], _fitted("abc" * 20, kind)[kind]
        assert one.to_blobs() == other.to_blobs() == Head.from_blobs(one.to_blobs()).to_blobs()


def test_what_was_said_and_done_last_tells_the_next_action() -> None:
    situations, vectors, cases = _world("ab" * 30, "actions")
    spoken = {"a": "Ihre Rechnung bitte", "b": "Welcher Tarif?"}
    told = [
        replace(
            each,
            uses=tuple(
                replace(use, said=LastSaid("", spoken[use.id], 2), done=("c",) if use.id == "b" else ())
                for use in each.uses
            ),
        )
        for each in situations
    ]
    same = np.ones_like(vectors)  # the case itself tells nothing
    everything = {"articles": EVERY, "templates": EVERY[:0], "actions": EVERY}
    head = fit_heads(told, same, cases, ROWS, everything)["actions"]
    ask = State(customer="", reply="Welcher Tarif?", messages=2, done=(2,))
    assert head.shares(same[0], EVERY, ask).argmax() == 1
    assert head.shares(same[0], EVERY, replace(ask, reply="Ihre Rechnung bitte", done=())).argmax() == 0


def test_features_of_a_state_are_few_numbers_in_order_and_hold_no_digits() -> None:
    state = State(customer="Meine Nummer 030 12345", reply="Wie lautet sie?", messages=3, done=(1, 1, 2))
    numbers, values = features_of(state)
    assert (np.diff(numbers) > 0).all()
    assert numbers.max() < 1 << BITS
    assert values.shape == numbers.shape
    other = features_of(replace(state, customer="Meine Nummer 030 99999"))
    assert (numbers.tolist(), values.tolist()) == (other[0].tolist(), other[1].tolist())


def test_the_order_of_the_last_actions_tells_states_apart() -> None:
    one = State(customer="", reply="", messages=0, done=(1, 2))
    assert features_of(one)[0].tolist() != features_of(replace(one, done=(2, 1)))[0].tolist()
