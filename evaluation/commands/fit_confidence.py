"""``python -m evaluation fit-confidence``: fit the shipped confidence on judged sets."""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from assist.confidence import FEATURES
from assist.models import SuggestKind
from evaluation.beir import read_beir
from evaluation.commands.opening import open_workbench
from evaluation.fit_confidence import Example, FittedKind, examples_of, fit, similar_examples
from evaluation.history_sets import read_kind
from evaluation.problems import read_problems, read_similar_problems
from evaluation.questions import JudgedSet, Question
from evaluation.similar_sets import similar_cases
from evaluation.workbench import Workbench
from index.situations import UsedKind

SEED = 7
QUESTIONS_PER_SET = 150
QUESTIONS_PER_PROBLEM_FILE = 60
# Encoding every state of every dialogue takes minutes; the newest cases suffice to fit seven numbers.
NEWEST_DIALOGUES = 900
WANTED_PRECISION: dict[SuggestKind, float] = {"articles": 0.5, "templates": 0.7, "actions": 0.5, "similar_cases": 0.5}
HISTORIES: tuple[tuple[str, UsedKind], ...] = (("roboai_de", "templates"), ("roboai_en", "templates"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--open", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--out", type=Path, required=True, help="scorer file to write")


def run(options: argparse.Namespace) -> int:
    """Fit every kind and write the scorer."""
    return _fit(options.open, options.out)


def _fit(data: Path, out: Path) -> int:
    with open_workbench() as bench:
        content = list(chain(_beir(bench, data), _problems(bench, data), _with_history(bench, data)))
        actions = list(_actions(bench, data))
        similar = list(chain(_similar_problems(bench, data), _similar_history(bench, data)))
    fitted: dict[SuggestKind, FittedKind] = {
        "articles": fit(content, precision=WANTED_PRECISION["articles"]),
        "templates": fit(content, precision=WANTED_PRECISION["templates"]),
        "actions": fit(actions, precision=WANTED_PRECISION["actions"]),
        "similar_cases": fit(similar, precision=WANTED_PRECISION["similar_cases"]),
    }
    out.write_text(json.dumps(_scorer(fitted, data, bench.encoder.fingerprint), indent=2) + "\n", encoding="utf-8")
    print(f"wrote {out}")
    return 0


def _beir(bench: Workbench, data: Path) -> Iterator[Example]:
    for folder in sorted((data / "beir").iterdir()):
        yield from _articles(bench, read_beir(folder), QUESTIONS_PER_SET)


def _problems(bench: Workbench, data: Path) -> Iterator[Example]:
    for file in sorted((data / "mails").glob("*.jsonl")):
        yield from _articles(bench, read_problems(file), QUESTIONS_PER_PROBLEM_FILE)


def _articles(bench: Workbench, judged: JudgedSet, most: int) -> Iterator[Example]:
    snapshot, suggester = bench.fair_to(judged).open(judged.records)
    yield from examples_of(snapshot, suggester, "articles", judged.family, _sample(judged.questions, most))


def _with_history(bench: Workbench, data: Path) -> Iterator[Example]:
    for name, kind in HISTORIES:
        judged = read_kind(data / "history" / name, kind)
        asked = _sample(judged.questions, QUESTIONS_PER_SET)
        for records in (judged.records, {**judged.records, "cases": ()}):
            snapshot, suggester = bench.open(records)
            yield from examples_of(snapshot, suggester, kind, judged.family, asked)


def _actions(bench: Workbench, data: Path) -> Iterator[Example]:
    judged = read_kind(data / "history" / "star_en", "actions", newest=NEWEST_DIALOGUES)
    snapshot, suggester = bench.open(judged.records)
    asked = _sample(judged.questions, 3 * QUESTIONS_PER_SET)
    yield from examples_of(snapshot, suggester, "actions", judged.family, asked)


def _similar_problems(bench: Workbench, data: Path) -> Iterator[Example]:
    for file in sorted((data / "mails").glob("*.jsonl")):
        judged = read_similar_problems(file)
        snapshot, suggester = bench.fair_to(judged).open(judged.records)
        yield from similar_examples(snapshot, suggester, judged.family, judged.questions)


def _similar_history(bench: Workbench, data: Path) -> Iterator[Example]:
    for name, kind in HISTORIES:
        judged = similar_cases(read_kind(data / "history" / name, kind))
        snapshot, suggester = bench.open(judged.records)
        asked = _sample(judged.questions, QUESTIONS_PER_SET)
        yield from similar_examples(snapshot, suggester, judged.family, asked)


def _sample(questions: Sequence[Question], most: int) -> Sequence[Question]:
    # The same sample in every run, whatever was drawn before.
    return questions if len(questions) <= most else random.Random(SEED).sample(questions, most)  # noqa: S311 - no secret


def _scorer(fitted: Mapping[SuggestKind, FittedKind], data: Path, encoder: str) -> dict[str, object]:
    return {
        "name": "first",
        "made_by": "python -m evaluation fit-confidence",
        "encoder": encoder,
        "data": _fingerprint(data),
        "wanted_precision": WANTED_PRECISION,
        "features": list(FEATURES),
        "kinds": {kind: asdict(model) for kind, model in fitted.items()},
    }


def _fingerprint(data: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in data.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(data)}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
