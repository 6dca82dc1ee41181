"""What the command measures with which encoder; ``tests/integration/test_evaluation.py`` runs it as a person does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.training_problems import TrainingMessage, TrainingProblem
from evaluation.__main__ import main
from evaluation.commands import mails
from evaluation.mail_study import VIEWS
from evaluation.workbench import Workbench
from index.encoders.toy import ToyEncoder
from tests.unit.evaluation.benches import bench_of

MAILS = (
    ("abschlag", "Den Abschlag ändern Sie im Portal.", ("Ich zahle jeden Monat zu viel.", "Abschlag bitte senken")),
    ("stand", "Melden Sie den Zählerstand bis zum Stichtag.", ("Wo melde ich die Zahl?", "Zählerstand wohin melden")),
)
TRAINING = TrainingProblem(
    id="zebras",
    industry="zoo",
    language="de",
    title="Zebras",
    article="Zebras füttern wir um zehn.",
    question=None,
    family=None,
    messages=(TrainingMessage(form="email", subject=None, voice=None, text="Wann gibt es bei den Zebras Futter?"),),
)
Measure = Callable[..., list[dict[str, object]]]


@pytest.fixture
def measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Measure:
    """Run the command over one industry, with a workbench, and return the cells that it wrote."""
    folder = tmp_path / "mails"
    folder.mkdir()
    rows = [
        {"id": key, "title": key, "article": article, "mails": [{"form": "email", "text": each} for each in texts]}
        for key, article, texts in MAILS
    ]
    (folder / "energy.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.setattr(mails, "read_training", lambda: (TRAINING,))

    def run(workbench: Workbench, *arguments: str) -> list[dict[str, object]]:
        @contextmanager
        def opened() -> Iterator[Workbench]:
            yield workbench

        monkeypatch.setattr(mails, "open_workbench", opened)
        assert main(["mails", "--mails", str(folder), "--out", str(tmp_path / "out"), *arguments]) == 0
        document = json.loads((tmp_path / "out" / "mails.json").read_text(encoding="utf-8"))
        cells: list[dict[str, object]] = document["cells"]
        return cells

    return run


def _measured(cells: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return list(dict.fromkeys((cell["kind"], cell["setting"], cell["encoder"]) for cell in cells))


def test_beside_the_packaged_encoder_the_plain_one_is_measured(tmp_path: Path, measure: Measure) -> None:
    packaged = replace(
        bench_of(tmp_path).workbench, encoder_for=lambda judged: ToyEncoder(32), named=lambda name: ToyEncoder(16)
    )
    assert _measured(measure(packaged)) == [
        (kind, setting, encoder)
        for kind in ("articles", "similar_cases")
        for setting, encoder in (
            ("plain", "toy-16"),
            ("plain, centred", "toy-16"),
            ("adapted", "toy-32"),
            ("adapted, centred", "toy-32"),
        )
    ]


def test_an_encoder_that_was_set_otherwise_is_measured_alone_under_its_name(tmp_path: Path, measure: Measure) -> None:
    assert _measured(measure(bench_of(tmp_path).workbench)) == [
        (kind, setting, "toy-64")
        for kind in ("articles", "similar_cases")
        for setting in ("toy-64", "toy-64, centred")
    ]  # fmt: skip


def test_views_are_measured_with_the_fair_encoder_and_without_the_suggester(tmp_path: Path, measure: Measure) -> None:
    workbench = replace(bench_of(tmp_path).workbench, encoder_for=lambda judged: ToyEncoder(32))
    cells = measure(workbench, "--views")
    assert _measured(cells) == [(kind, view, "toy-32") for kind in ("articles", "similar_cases") for view in VIEWS]
    assert "stichwort" not in {cell["system"] for cell in cells}
