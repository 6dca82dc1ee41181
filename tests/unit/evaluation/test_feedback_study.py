"""What the study of feedback simulates, and the command over a made history with the toy encoder."""

from __future__ import annotations

import json
import random
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluation.__main__ import main
from evaluation.commands import feedback
from evaluation.feedback_agents import Habits, reactions, team
from evaluation.feedback_study import Material, hijacked, honest_month, material, taught, usual_items
from evaluation.history_sets import read_kind
from evaluation.workbench import Workbench
from tests.conftest import write_folder
from tests.made_history import made_history
from tests.unit.evaluation.benches import bench_of

EAGER = Habits(name="a", diligence=1.0, care=1.0, haste=0.0, complains=0.0)


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return bench_of(tmp_path_factory.mktemp("feedback")).workbench


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("corpus") / "made", made_history(70))


@pytest.fixture
def of(folder: Path) -> Material:
    return material(read_kind(folder, "articles"), cases=40, questions=8, seed=7)


def test_the_cases_do_not_tell_what_was_used_and_the_study_knows(of: Material) -> None:
    assert len(of.cases) == 40
    assert all(not case.articles and case.resolution is None for case in of.cases)
    assert all(of.right[case.id] for case in of.cases)
    assert not {case.id for case in of.cases} & {question.case.id for question in of.judged.questions}


def test_nobody_reacts_to_what_was_not_shown_and_everything_shown_is_told() -> None:
    for seed in range(50):
        told = list(reactions(EAGER, ["x", "y", "z"], frozenset({"y"}), random.Random(seed)))
        assert [item for item, event in told if event == "shown"] == ["x", "y", "z"]
        assert {item for item, _ in told} == {"x", "y", "z"}
    assert list(reactions(EAGER, [], frozenset({"y"}), random.Random(1))) == []


def test_the_first_place_is_looked_at_more_than_the_third_and_not_always() -> None:
    def sent(place: int) -> int:
        shown = ["x", "y", "z"]
        return sum(
            (shown[place], "sent") in reactions(EAGER, shown, frozenset({shown[place]}), random.Random(seed))
            for seed in range(400)
        )

    assert 400 > sent(0) > sent(2) > 0


def test_agents_differ() -> None:
    assert len({agent.diligence for agent in team(10, random.Random(3))}) == 10


@pytest.mark.slow
def test_a_month_is_the_same_for_the_same_seed(of: Material, workbench: Workbench) -> None:
    first = honest_month(of, workbench, seed=3)

    assert first == honest_month(of, workbench, seed=3)
    assert first != honest_month(of, workbench, seed=4)
    assert {each.case_id for each in first} <= {case.id for case in of.cases}


def test_an_adversary_sends_one_item_in_his_share_of_the_cases(of: Material) -> None:
    (item,) = usual_items(of, 1)
    evidence, cases = hijacked(of, item, 0.25, seed=5)
    his = [each for each in evidence if each.hand.startswith("2026Q4-x")]

    assert cases == len(his) == 10
    assert {each.item_id for each in his} == {item}
    assert all(each.item_id in of.right[each.case_id] for each in evidence if each not in his)
    wrong = {bound: _wrong(of, item, bound) for bound in (True, False)}
    assert wrong[True] < wrong[False]


def _wrong(of: Material, item: str, bounded: bool) -> int:
    evidence, _ = hijacked(of, item, 0.25, seed=5)
    cases = taught(of, evidence, feedback.BOUNDS["bounded" if bounded else "unbounded"])
    return sum(item in {use.id for use in case.articles} and item not in of.right[case.id] for case in cases)


def test_a_set_about_similar_cases_is_refused(of: Material) -> None:
    with pytest.raises(ValueError, match="expected articles, templates or actions"):
        material(replace(of.judged, kind="similar_cases"), cases=1, questions=1, seed=1)


@pytest.mark.slow
def test_the_command_writes_and_prints_both_studies(
    folder: Path,
    workbench: Workbench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(feedback, "open_workbench", lambda: nullcontext(workbench))
    arguments = ["--kind", "articles", "--cases", "40", "--questions", "8", "--items", "1", "--out", str(tmp_path)]

    assert main(["feedback", "--corpus", str(folder), *arguments]) == 0
    found: dict[str, Any] = json.loads((tmp_path / "feedback.json").read_text(encoding="utf-8"))
    assert found["cases"] == 40
    assert set(found["month"]) == {"without feedback", "bounded", "unbounded", "what was right"}
    told = {name: (row["cases_with_a_use"], row["of_them_right"]) for name, row in found["month"].items()}
    assert told["without feedback"] == (0, 0)
    assert told["what was right"] == (40, 40)
    assert 40 > told["unbounded"][0] >= told["bounded"][0] >= told["bounded"][1]
    by_way = {(row["share"], row["way"], row["bound"]): row for row in found["adversary"]}
    assert by_way[0.2, "one agent", "bounded"]["counted"] < by_way[0.2, "one agent", "unbounded"]["counted"]
    out = capsys.readouterr().out
    assert "P@1 on later cases" in out
    assert "key of his own" in out
