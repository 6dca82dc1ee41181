"""What the fit of the confidence learns from: candidates of judged questions, labelled right or wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.language import LanguageIdentifier
from evaluation.fit_confidence import REMOVED_WEIGHT, examples_of, similar_examples
from evaluation.problems import read_problems, read_similar_problems
from evaluation.workbench import Workbench
from index.embedding_cache import EmbeddingCache
from index.encoders import open_encoder
from index.progress import SilentReporter

PROBLEMS = (
    ("r", "Rechnung doppelt", "Die Rechnung wurde doppelt abgebucht", "Doppelte Rechnung erhalten und abgebucht"),
    ("s", "Störung Router", "Der Router blinkt rot und geht nicht", "Router rot, Internet tot seit gestern"),
    ("k", "Kündigung Vertrag", "Ich kündige den Vertrag zum Monatsende", "Vertrag kündigen, Kündigung beigefügt"),
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with EmbeddingCache(tmp_path / "cache.sqlite") as cache:
        encoder = open_encoder("toy", tmp_path)
        identifier = LanguageIdentifier.load()
        yield Workbench(encoder=encoder, cache=cache, identifier=identifier, reporter=SilentReporter())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        {"id": key, "title": title, "article": f"{title}: {first}", "mails": [{"text": first}, {"text": second}]}
        for key, title, first, second in PROBLEMS
    ]
    path = tmp_path / "three.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_each_question_is_asked_with_and_without_its_answer(bench: Workbench, file: Path) -> None:
    judged = read_problems(file)
    snapshot, suggester = bench.open(judged.records)
    examples = list(examples_of(snapshot, suggester, "articles", judged.family, judged.questions))
    asked = [example for example in examples if example.weight == 1.0]
    without = [example for example in examples if example.weight == REMOVED_WEIGHT]

    assert sum(example.right for example in asked) == len(judged.questions)
    assert not any(example.right for example in without)
    assert sum(example.first for example in without) == len(judged.questions)
    assert len(without) < len(asked)


def test_the_case_of_the_same_problem_is_the_right_similar_case(bench: Workbench, file: Path) -> None:
    judged = read_similar_problems(file)
    assert len(judged.questions) == len(PROBLEMS)
    snapshot, suggester = bench.open(judged.records)
    examples = list(similar_examples(snapshot, suggester, judged.family, judged.questions))

    right = [example for example in examples if example.right]
    assert len(right) == len(PROBLEMS)
    assert all(example.first and example.weight == 1.0 for example in right)
    assert sum(example.first for example in examples) == 2 * len(PROBLEMS)
