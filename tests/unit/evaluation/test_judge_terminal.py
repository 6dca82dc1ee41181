from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from evaluation.judge_terminal import judge_in_terminal
from evaluation.judging import BEST, NOT, RELEVANT, Grade, JudgementFile, JudgingSession
from evaluation.judging_folder import JudgingTexts, Shown

PAIRS = (("q1", "a"), ("q1", "b"), ("q2", "a"))
LONG = " ".join(f"Wort{number}" for number in range(300))
TEXTS = JudgingTexts(
    questions={
        "q1": Shown(title="Rechnung", text="Zweimal [bold]abgebucht[/]\x1b[2J!", facts=(("channel", "email"),)),
        "q2": Shown(title="", text="Wie kündige ich?"),
    },
    items={
        "a": Shown(title="Doppelte Abbuchung", text="Wir erstatten.", facts=(("language", "de"),)),
        "b": Shown(title="Kündigung", text=LONG),
    },
)

Judge = Callable[[str], str]


@pytest.fixture
def file(tmp_path: Path) -> JudgementFile:
    return JudgementFile(tmp_path / "anna.jsonl", "anna")


@pytest.fixture
def judge(file: JudgementFile) -> Judge:
    """Press keys one after the other in one session and return all that was shown."""

    def press(keys: str) -> str:
        left = iter(keys)
        out = io.StringIO()
        session = JudgingSession(PAIRS, file, lambda: datetime(2026, 11, 21, tzinfo=UTC))
        console = Console(file=out, width=100, highlight=False)
        judge_in_terminal(session, TEXTS, console, lambda: next(left, ""))
        return out.getvalue()

    return press


def _grades(file: JudgementFile) -> list[Grade | None]:
    return [each.grade for each in file.standing().values()]


def test_each_key_is_one_word(judge: Judge, file: JudgementFile) -> None:
    judge("jns")
    assert _grades(file) == [RELEVANT, NOT, None]
    assert list(file.standing()) == list(PAIRS)


def test_capitals_the_english_yes_and_the_best_count_too(judge: Judge, file: JudgementFile) -> None:
    judge("YbN")
    assert _grades(file) == [RELEVANT, BEST, NOT]


def test_a_word_can_be_taken_back(judge: Judge, file: JudgementFile) -> None:
    judge("jun")
    assert _grades(file) == [NOT]


def test_taking_back_what_was_never_said_is_told(judge: Judge, file: JudgementFile) -> None:
    assert "nothing to take back" in judge("uj")
    assert _grades(file) == [RELEVANT]


@pytest.mark.parametrize("end", ["q", "\x04", ""])
def test_quitting_keeps_what_was_said(judge: Judge, file: JudgementFile, end: str) -> None:
    judge(f"j{end}")
    assert _grades(file) == [RELEVANT]
    judge("n")
    assert _grades(file) == [RELEVANT, NOT]


def test_a_key_without_a_meaning_judges_nothing(judge: Judge, file: JudgementFile) -> None:
    assert "'x' has no meaning here" in judge("xq")
    assert _grades(file) == []


def test_case_title_and_excerpt_are_shown_with_how_far_one_is(judge: Judge) -> None:
    shown = judge("q")
    for part in ("Rechnung", "channel email", "Doppelte Abbuchung", "Wir erstatten.", "language de", "1 of 3"):
        assert part in shown


def test_a_long_text_is_shown_whole_when_asked_for(judge: Judge) -> None:
    assert "Wort299" not in judge("j")
    assert "Wort89 …" in judge("q")
    assert "Wort299" in judge("m")


def test_what_a_customer_wrote_is_never_obeyed(judge: Judge) -> None:
    shown = judge("q")
    assert "[bold]abgebucht[/]" in shown
    assert "\x1b" not in shown


def test_when_all_is_judged_no_key_is_asked_for(judge: Judge) -> None:
    judge("jjj")
    assert judge("n") == ""
