"""The page shows every part that was measured, and says what a reader must not believe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.goals import goals
from benchmarks.page import goal_lines, page_lines, write_page
from benchmarks.results import PARTS, ResultsError, read_results, write_result
from benchmarks.tables import table
from tests.unit.benchmarks.measured import found, result, results


def _page(**options: object) -> str:
    return "\n".join(page_lines(results(**options), frozenset({"search"})))


def test_every_part_has_its_section_and_the_goals_come_first() -> None:
    page = _page()
    places = [page.index(f"\n## {part}") for part in PARTS]
    assert places == sorted(places)
    assert page.index("| what | goal | found |") < places[0]
    assert page.count("| held |") == len(goals(results()))


def test_a_missed_goal_stands_out() -> None:
    slow = found()["build"]
    slow["share_of_full"] = 0.25
    page = "\n".join(page_lines({"build": result("build", slow)}, frozenset()))
    assert "| rebuild after changing 1 %, share of a full build | <= 10 % | 25.0 % | **missed** |" in page


def test_a_smoke_run_is_called_so_and_holds_nothing() -> None:
    page = _page(encoder="toy")
    assert "**A smoke run.**" in page
    assert "## encoder (smoke run)" in page
    assert "| held |" not in page


def test_a_machine_that_was_busy_is_told() -> None:
    assert "(**busy**)" in _page(load=1.5)
    assert "(**busy**)" not in _page(load=0.5)


def test_one_machine_is_described_once() -> None:
    assert _page().count("Some CPU") == 1


def test_systems_and_sets_that_are_missing_are_named_with_the_reason() -> None:
    page = _page()
    assert "- other: not installed: it is missing" in page
    assert "- away: the set is not here" in page


def test_a_part_that_failed_is_named_with_the_reason() -> None:
    failed = replace(result("build", {}), failed="ProgramError: the disk is full")
    assert "Not measured: ProgramError: the disk is full" in "\n".join(page_lines({"build": failed}, frozenset()))


def test_a_bar_in_a_cell_does_not_break_the_table() -> None:
    assert table(["a"], [["x|y"]])[-1] == "| x\\|y |"


def test_goals_are_told_on_a_terminal_too() -> None:
    lines = goal_lines(goals(results()))
    assert any(line.startswith("held    16 clients, errors: 0 (goal 0)") for line in lines)


def test_results_are_read_as_they_were_written_and_the_page_is_drawn_from_them(tmp_path: Path) -> None:
    for each in results().values():
        write_result(tmp_path, each)
    assert read_results(tmp_path) == results()
    assert list(read_results(tmp_path)) == list(PARTS)
    page = write_page(tmp_path)
    for part in ("encoder", "search", "throughput", "side-by-side"):
        assert f"![{part}]({part}.svg)" in page.read_text(encoding="utf-8")
        assert (tmp_path / f"{part}.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_file_that_is_no_result_is_named(tmp_path: Path) -> None:
    (tmp_path / "build.json").write_text('{"part": "build"}', encoding="utf-8")
    with pytest.raises(ResultsError, match=r"build\.json"):
        read_results(tmp_path)


@pytest.mark.parametrize(
    ("part", "figure"), [("build", "encoder_before_and_after"), ("search", "sizes"), ("start", "sizes")]
)
def test_results_of_an_earlier_version_are_named_with_what_they_lack(tmp_path: Path, part: str, figure: str) -> None:
    lacking = found()[part]
    del lacking[figure]
    write_result(tmp_path, result(part, lacking))
    with pytest.raises(ResultsError, match=rf"^{part}\.json: lacks '{figure}', .* measure the part again"):
        write_page(tmp_path)
    with pytest.raises(ResultsError, match=rf"^{part}\.json"):
        page_lines(read_results(tmp_path), frozenset())
