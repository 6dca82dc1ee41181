from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evaluation.judging import BEST, NOT, RELEVANT, JudgementFile, JudgingSession
from evaluation.judging_plan import JudgingError, JudgingPlan, Pair, check_judge, check_team
from evaluation.pooling import PooledQuestion

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAIRS = (("q1", "a"), ("q1", "b"), ("q2", "a"))


def _session(path: Path, pairs: Sequence[Pair] = PAIRS) -> JudgingSession:
    return JudgingSession(pairs, JudgementFile(path, "anna"), lambda: NOON)


def _plan(questions: int, *team: str, share: float = 0.2) -> JudgingPlan:
    return JudgingPlan(
        kind="articles",
        corpus="shop",
        fingerprint="0f",
        seed=7,
        wanted=questions,
        depth=2,
        share=share,
        team=team,
        systems=("bm25", "dense"),
        dropped={},
        questions=tuple(PooledQuestion(id=f"q{number}", items=("a", "b")) for number in range(questions)),
    )


def test_a_judge_goes_through_the_pairs_in_their_order(tmp_path: Path) -> None:
    session = _session(tmp_path / "anna.jsonl")
    seen = []
    while session.current is not None:
        seen.append(session.current)
        session.judge(RELEVANT)
    assert tuple(seen) == PAIRS
    assert session.done == session.total == 3
    with pytest.raises(JudgingError, match="all 3 pairs"):
        session.judge(NOT)


def test_a_judge_goes_on_where_an_earlier_session_ended(tmp_path: Path) -> None:
    path = tmp_path / "anna.jsonl"
    _session(path).judge(BEST)
    session = _session(path)
    assert session.current == ("q1", "b")
    assert session.done == 1
    assert JudgementFile(path, "anna").standing()[("q1", "a")].grade == BEST


def test_a_skipped_pair_is_not_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "anna.jsonl"
    _session(path).judge(None)
    assert _session(path).current == ("q1", "b")
    assert JudgementFile(path, "anna").standing()[("q1", "a")].grade is None


def test_the_last_word_can_be_taken_back_even_in_a_later_session(tmp_path: Path) -> None:
    path = tmp_path / "anna.jsonl"
    first = _session(path)
    first.judge(RELEVANT)
    first.judge(NOT)
    later = _session(path)
    assert later.undo()
    assert later.current == ("q1", "b")
    assert later.undo()
    assert not later.undo()
    later.judge(NOT)
    assert {pair: each.grade for pair, each in JudgementFile(path, "anna").standing().items()} == {("q1", "a"): NOT}


def test_nothing_is_ever_removed_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "anna.jsonl"
    session = _session(path)
    session.judge(RELEVANT)
    before = path.read_bytes()
    session.undo()
    session.judge(None)
    assert path.read_bytes().startswith(before)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    pair = {"question": "q1", "item": "a", "judge": "anna"}
    at = "2026-11-21T12:00:00Z"
    assert rows == [
        {**pair, "grade": 1, "at": at},
        {**pair, "undone": True, "at": at},
        {**pair, "grade": None, "at": at},
    ]


def test_a_line_that_a_killed_process_left_unfinished_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "anna.jsonl"
    session = _session(path)
    session.judge(RELEVANT)
    session.judge(NOT)
    path.write_bytes(path.read_bytes()[:-30])
    later = _session(path)
    assert later.current == ("q1", "b")
    later.judge(BEST)
    assert [each.grade for each in JudgementFile(path, "anna").standing().values()] == [RELEVANT, BEST]


@pytest.mark.parametrize(
    "changed", [{"judge": "ben"}, {"grade": 3}, {"grade": True}, {"grade": 1.0}, {"question": 4}, {"item": None}]
)
def test_a_line_of_something_else_is_told_with_its_number(tmp_path: Path, changed: dict[str, object]) -> None:
    path = tmp_path / "anna.jsonl"
    row = {"question": "q1", "item": "a", "judge": "anna", "grade": 1, "at": "2026-11-21T12:00:00Z"}
    path.write_text(f"{json.dumps(row)}\n{json.dumps({**row, **changed})}\n", encoding="utf-8")
    with pytest.raises(JudgingError, match=r"anna\.jsonl:2"):
        JudgementFile(path, "anna").standing()


def test_words_on_pairs_that_are_not_asked_do_not_count_as_done(tmp_path: Path) -> None:
    path = tmp_path / "anna.jsonl"
    _session(path, [("q9", "z")]).judge(NOT)
    session = _session(path)
    assert session.done == 0
    assert not session.undo()


def test_one_judge_is_asked_everything_and_a_second_one_a_share_of_the_same_questions() -> None:
    plan = _plan(50, "anna")
    assert len(plan.pairs_of("anna")) == plan.pairs == 100
    second = plan.pairs_of("ben")
    assert len(second) == 20
    assert set(second) < set(plan.pairs_of("anna"))
    assert second == plan.pairs_of("carla")


def test_which_questions_are_judged_twice_is_seeded() -> None:
    plan = _plan(50, "anna")
    assert plan.judged_twice == _plan(50, "anna").judged_twice
    assert replace(plan, seed=8).judged_twice != plan.judged_twice


def test_a_team_shares_the_questions_and_judges_each_other_again() -> None:
    team = ("anna", "ben", "carla")
    plan = _plan(60, *team)
    asked = [pair for judge in team for pair in plan.pairs_of(judge)]
    times = {pair: asked.count(pair) for pair in set(asked)}
    assert len(times) == 120
    assert sorted(times.values()).count(2) == 24
    assert max(times.values()) == 2
    assert all(len(plan.pairs_of(judge)) >= 40 for judge in team)


@pytest.mark.parametrize(("questions", "share", "twice"), [(3, 0.2, 1), (10, 0.0, 0), (10, 1.0, 10)])
def test_the_share_is_of_questions_and_at_least_one_of_them(questions: int, share: float, twice: int) -> None:
    assert len(_plan(questions, "anna", share=share).judged_twice) == twice


@pytest.mark.parametrize("name", ["", "../anna", "a/b", ".anna", "a b", "x" * 41, "-"])
def test_a_name_that_cannot_name_a_file_is_refused(name: str) -> None:
    with pytest.raises(JudgingError, match="letters"):
        check_judge(name)


def test_a_team_names_everybody_once() -> None:
    check_team(("anna-maria", "ben_2", "Jörg"))
    with pytest.raises(JudgingError, match="twice"):
        check_team(("anna", "Anna"))
