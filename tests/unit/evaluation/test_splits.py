from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from corpus.models import Case, Outcome
from evaluation.splits import split_cases

START = datetime(2026, 3, 1, tzinfo=UTC)


def _case(number: int, *, hours: float = 1, split: Literal["train", "test"] | None = None) -> Case:
    opened = START + timedelta(days=number)
    closed = opened + timedelta(hours=hours)
    return Case(id=f"c{number}", subject="s", opened_at=opened, closed_at=closed, split=split)


def _ids(cases: tuple[Case, ...]) -> list[str]:
    return [case.id for case in cases]


def test_tests_open_at_or_after_case_four_fifths_and_history_closed_before() -> None:
    split = split_cases([_case(number) for number in reversed(range(12))])

    assert _ids(split.history) == [f"c{number}" for number in range(9)]
    assert _ids(split.tests) == ["c9", "c10", "c11"]  # floor(0.8 * 12) = 9, counted from 0
    assert split.facts["by"] == "time"
    assert split.facts["at"] == _case(9).opened_at.isoformat()  # type: ignore[union-attr]
    assert (split.facts["history_cases"], split.facts["test_cases"]) == (9, 3)


def test_what_closed_at_or_after_the_split_is_neither_history_nor_test() -> None:
    cases = [_case(number) for number in range(10)]
    cases[2] = _case(2, hours=24 * 6)  # closes when c8, the first test, opens
    cases[3] = _case(3, hours=24 * 30)
    split = split_cases(cases)
    assert "c2" not in _ids(split.history + split.tests)
    assert "c3" not in _ids(split.history + split.tests)
    assert split.dropped["closed after the split"] == 2


def test_cases_opened_at_the_same_moment_as_the_split_are_tests_together() -> None:
    cases = [_case(number) for number in range(10)]
    cases[7] = replace(cases[7], opened_at=cases[8].opened_at, closed_at=cases[8].closed_at)
    assert _ids(split_cases(cases).tests) == ["c7", "c8", "c9"]


def test_a_split_of_its_own_overrides_the_time() -> None:
    cases = [_case(number) for number in range(10)]
    cases[0], cases[9] = _case(0, split="test"), _case(9, split="train")
    split = split_cases(cases)
    assert _ids(split.tests) == ["c0", "c8"]
    assert "c9" in _ids(split.history)
    assert split.facts["by"] == "time and field"


def test_with_a_split_everywhere_no_time_is_needed() -> None:
    closed = START + timedelta(days=1)
    cases = [
        Case(id="a", subject="s", closed_at=closed, split="train"),
        Case(id="b", subject="s", closed_at=closed, split="test"),
    ]
    split = split_cases(cases)
    assert (_ids(split.history), _ids(split.tests)) == (["a"], ["b"])
    assert split.facts["by"] == "field"
    assert "at" not in split.facts


def test_unsolved_cases_are_neither_asked_nor_learnt_from() -> None:
    cases = [_case(number) for number in range(10)]
    cases[0] = replace(cases[0], outcome=Outcome(solved=False))
    cases[9] = replace(cases[9], closed_at=None)
    split = split_cases(cases)
    assert split.dropped == {"not solved": 2, "closed after the split": 0}
    assert _ids(split.tests) == ["c7", "c8"]


def test_the_newest_alone_may_be_looked_at() -> None:
    split = split_cases([_case(number) for number in range(20)], newest=5)
    assert _ids(split.history) + _ids(split.tests) == ["c15", "c16", "c17", "c18", "c19"]


def test_without_times_or_tests_the_message_says_what_to_give() -> None:
    with pytest.raises(ValueError, match="found no opened_at in any of 1 solved cases"):
        split_cases([replace(_case(1), opened_at=None)])
    with pytest.raises(ValueError, match="found 1 solved cases and none to ask about"):
        split_cases([_case(1, split="train")])
    with pytest.raises(ValueError, match="found 0 solved cases"):
        split_cases([])
