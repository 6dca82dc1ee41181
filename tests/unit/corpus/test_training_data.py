from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from corpus.plain_passages import read_plain
from corpus.training_checks import check_training
from corpus.training_counts import describe, main
from corpus.training_problems import TRAINING, TrainingProblem, read_training


@pytest.fixture(scope="module")
def problems() -> tuple[TrainingProblem, ...]:
    return read_training()


def test_the_texts_pass_all_checks(problems: tuple[TrainingProblem, ...]) -> None:
    assert list(map(str, check_training(problems))) == []


def test_there_are_enough_problems_in_both_languages(problems: tuple[TrainingProblem, ...]) -> None:
    counts = Counter(problem.language for problem in problems)

    assert counts["de"] >= 910
    assert counts["en"] >= 150


def test_the_readme_has_the_counts_of_the_files(problems: tuple[TrainingProblem, ...]) -> None:
    readme = (TRAINING / "README.md").read_text(encoding="utf-8")

    assert describe(problems, read_plain()) in readme


def test_the_command_says_what_is_wrong_with_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1

    assert "expected some such as energy.de.jsonl" in capsys.readouterr().err


def test_the_command_prints_counts_and_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = '{"id": "x", "industry": "energy", "language": "de", "title": "Umzug", "article": "Umziehen", "mails": [%s]}'
    mails = '{"form": "chat", "text": "wohin"}, {"form": "chat", "text": "per paypal"}'
    (tmp_path / "energy.de.jsonl").write_text(line % mails, encoding="utf-8")

    assert main([str(tmp_path)]) == 1

    printed = capsys.readouterr()
    assert "| energy | 1 | 0 | 1 |\n" in printed.out
    assert "| chat | 2 | 0 | 2 |\n" in printed.out
    assert printed.err == "x, message 1: it has paypal: name the kind of company or product instead\n"
