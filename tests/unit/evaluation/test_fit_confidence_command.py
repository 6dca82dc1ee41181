from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluation.__main__ import main
from evaluation.commands import fit_confidence
from evaluation.fit_confidence import FittedKind
from evaluation.workbench import Workbench
from index.encoders.toy import ToyEncoder
from tests.unit.evaluation.benches import bench_of, judged

FITTED = FittedKind(intercept=0.0, coefficients={}, threshold=0.5, precision=0.5, coverage=0.5, examples=0)
MAILS = [
    {"text": "Ich zahle jeden Monat viel zu viel, bitte weniger."},
    {"text": "Kd. möchte weniger vorauszahlen."},
]
PROBLEM = {"id": "energy-001", "title": "Abschlag", "article": "Den Abschlag ändern Sie im Portal.", "mails": MAILS}


def test_problems_of_an_industry_are_asked_of_the_encoder_that_never_saw_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def examples(snapshot: Any, suggester: Any, *rest: Any) -> Iterator[Any]:
        *_, family, _ = rest
        asked.append((family, snapshot.encoder_name))
        return iter(())

    @contextmanager
    def opened() -> Iterator[Workbench]:
        yield replace(bench_of(tmp_path).workbench, encoder_for=lambda each: ToyEncoder(32))

    for name, stand_in in {
        "open_workbench": opened,
        "examples_of": examples,
        "similar_examples": examples,
        "read_kind": lambda *_, **__: judged("actions"),
        "HISTORIES": (),
        "fit": lambda *_, **__: FITTED,
    }.items():
        monkeypatch.setattr(fit_confidence, name, stand_in)
    for folder in ("beir", "mails"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    (tmp_path / "data" / "mails" / "energy.jsonl").write_text(json.dumps(PROBLEM) + "\n", encoding="utf-8")
    out = tmp_path / "scorer.json"
    assert main(["fit-confidence", "--open", str(tmp_path / "data"), "--out", str(out)]) == 0
    assert asked == [("mails", "toy-32"), ("small", "toy-64"), ("mails", "toy-32")]
    assert json.loads(out.read_text(encoding="utf-8"))["encoder"] == ToyEncoder().fingerprint
