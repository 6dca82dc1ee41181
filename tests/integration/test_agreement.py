"""One engine: REST, the command line and the evaluation give the same answers, in any thread and process."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from index.settings import IndexSettings
from tests.conftest import Build, WriteCorpus, small_corpus
from tests.integration.agreement import Answer, Row, over_commands, over_evaluation, over_rest, questions

TOLERANCE = 1e-5


def _check_same(answers: Sequence[Answer], expected: Sequence[Answer], way: str) -> None:
    assert len(answers) == len(expected)
    for number, (found, other) in enumerate(zip(answers, expected, strict=True)):
        assert set(found) == set(other)
        for kind in other:
            place = f"{way}, question {number}, {kind}"
            assert [item for item, _, _ in found[kind]] == [item for item, _, _ in other[kind]], place
            for (_, score, confidence), (_, wanted, sure) in zip(found[kind], other[kind], strict=True):
                assert score == pytest.approx(wanted, abs=TOLERANCE), place
                assert confidence == pytest.approx(sure, abs=TOLERANCE), place


@pytest.fixture
def corpus(write_corpus: WriteCorpus, build_index: Build, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_corpus(small_corpus())
    build_index(folder)
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    return folder


@pytest.fixture
def ask_all(tmp_path: Path, corpus: Path, index_settings: IndexSettings) -> Callable[[list[Row]], dict[str, tuple]]:
    """Return every way to ask some questions: a function and its arguments."""

    def ways(asked: list[Row]) -> dict[str, tuple]:
        file = tmp_path / "asked.jsonl"
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in asked), encoding="utf-8")
        return {
            "REST, 1 thread": (over_rest, index_settings, asked, 1),
            "REST, 8 threads": (over_rest, index_settings, asked, 8),
            "command line": (over_commands, index_settings, file),
            "evaluation, 1 thread": (over_evaluation, index_settings, corpus, asked, 1),
            "evaluation, 8 threads": (over_evaluation, index_settings, corpus, asked, 8),
        }

    return ways


def test_every_way_in_gives_the_same_answers(ask_all: Callable[[list[Row]], dict[str, tuple]]) -> None:
    ways = ask_all(questions(50))
    answers = {way: ask(*arguments) for way, (ask, *arguments) in ways.items()}

    expected = answers["REST, 1 thread"]
    assert len(expected) == 50
    assert all(any(answer.values()) for answer in expected)
    assert len({json.dumps(answer) for answer in expected}) > 40  # they are not all the same answer
    for way, found in answers.items():
        _check_same(found, expected, way)


@pytest.mark.slow
def test_every_way_in_gives_the_same_answers_in_three_processes(
    ask_all: Callable[[list[Row]], dict[str, tuple]],
) -> None:
    ways = ask_all(questions(500))
    with ProcessPoolExecutor(max_workers=3, mp_context=multiprocessing.get_context("spawn")) as processes:
        running = [
            (f"{way}, process {number}", processes.submit(*call)) for way, call in ways.items() for number in range(3)
        ]
        answers = {way: future.result() for way, future in running}

    expected = answers["REST, 1 thread, process 0"]
    assert len(expected) == 500
    for way, found in answers.items():
        _check_same(found, expected, way)
