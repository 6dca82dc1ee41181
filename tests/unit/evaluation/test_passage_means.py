"""Settings beside what ships: means over sets and families, differences, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluation.passage_means import Cell, cells_of, summaries
from evaluation.passage_study import BLEND, Measured, Tried
from evaluation.passage_tables import markdown

SHIPS, OTHER = "half whole, half best passage", "whole alone"


def _measured(
    setting: str, values: Mapping[str, float], *, dataset: str = "a_one", groups: Mapping[str, str] | None = None
) -> Measured:
    return Measured(
        tried=Tried(
            part=BLEND,
            setting=setting,
            system="dense",
            dataset=dataset,
            family=dataset.split("_")[0],
            encoder="toy-64",
            passages=10,
        ),
        values=values,
        ships=dict.fromkeys(values, 0.5),
        groups=groups or {key: key for key in values},
    )


def _spread(value: float, dataset: str) -> list[Cell]:
    """What ships at .5 and another setting that lies between half and all of a value above it, on ten questions."""
    questions = [f"q{number}" for number in range(10)]
    other = {each: 0.5 + value * (1.0 if number % 2 else 0.5) for number, each in enumerate(questions)}
    return cells_of(
        [
            _measured(SHIPS, dict.fromkeys(questions, 0.5), dataset=dataset),
            _measured(OTHER, other, dataset=dataset),
        ]
    )


def test_what_ships_differs_from_itself_in_nothing() -> None:
    ships, _ = _spread(0.2, "a_one")
    assert (ships.changed, ships.mean, ships.difference.mean, ships.difference.ci95) == (0, 0.5, 0.0, (0.0, 0.0))


def test_a_difference_has_an_interval_about_it_and_counts_the_questions_it_changed() -> None:
    _, other = _spread(0.2, "a_one")
    assert other.mean == pytest.approx(0.65)
    assert other.difference.mean == pytest.approx(0.15)
    low, high = other.difference.ci95
    assert 0.1 < low < 0.15 < high < 0.2
    assert (other.questions, other.changed) == (10, 10)


def test_questions_of_one_group_are_drawn_together() -> None:
    values = {"q1": 0.5, "q2": 0.5, "q3": 1.0, "q4": 1.0}
    one_by_one, together = (
        cells_of([_measured(OTHER, values, groups=groups)])[0].difference.ci95
        for groups in (None, {"q1": "a", "q2": "a", "q3": "b", "q4": "b"})
    )
    assert together == (0.0, 0.5)
    assert one_by_one.high - one_by_one.low <= together.high - together.low


def test_the_order_of_questions_does_not_matter() -> None:
    values = {f"q{number}": number / 10 for number in range(8)}
    (forth,) = cells_of([_measured(OTHER, values)])
    (back,) = cells_of([_measured(OTHER, dict(reversed(values.items())))])
    assert (forth.mean, forth.difference.mean) == (back.mean, back.difference.mean)
    assert forth.difference.ci95 == back.difference.ci95


def test_many_sets_of_one_family_weigh_as_one_family_and_as_many_sets() -> None:
    cells = [*_spread(0.4, "a_one"), *_spread(0.4, "a_two"), *_spread(0.0, "b_one")]
    ships, other = summaries(cells)
    assert (ships.setting, other.setting, other.sets) == (SHIPS, OTHER, 3)
    assert (other.questions, other.changed, other.passages) == (30, 20, 30)
    assert other.over_sets.difference.mean == pytest.approx(0.2)
    assert other.over_families.difference.mean == pytest.approx(0.15)
    assert other.over_sets.mean == pytest.approx(0.7)
    assert other.over_families.mean == pytest.approx(0.65)
    for each in (other.over_sets.difference, other.over_families.difference):
        assert each.ci95.low < each.mean < each.ci95.high


def test_nothing_measured_gives_no_cells() -> None:
    assert cells_of([]) == []
    assert summaries([]) == []


def test_the_table_has_a_row_for_each_setting_and_marks_what_ships() -> None:
    lines = markdown(summaries([*_spread(0.2, "a_one"), *_spread(0.2, "b_one")])).splitlines()
    assert lines[0] == (
        "### How the cosines of article and passages are blended: nDCG@10 of dense, 2 sets, 20 questions"
    )
    assert lines[4] == "| **half whole, half best passage** (ships) | 20 | 0 | .5000 |  | .5000 |  |"
    assert lines[5].startswith("| whole alone | 20 | 20 | .6500 | +.1500 (+.1")
    assert len({line.count("|") for line in lines[2:6]}) == 1
