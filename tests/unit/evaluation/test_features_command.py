"""The study of features as a person runs it, with the toy encoder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluation.__main__ import main
from evaluation.commands import features
from evaluation.feature_candidates import FEATURES
from evaluation.questions import JudgedSet
from evaluation.workbench import Workbench
from index.encoder import Encoder, Role
from index.encoders.toy import ToyEncoder
from index.tokens import Encoded
from tests.unit.evaluation.benches import bench_of

PROBLEMS = (
    ("rechnung", "Die Rechnung wurde doppelt abgebucht. Was nun?", "Doppelte Rechnung erhalten"),
    ("router", "Der Router blinkt rot und geht nicht. Hilfe!", "Router rot, Internet tot"),
    ("vertrag", "Ich kündige den Vertrag zum Monatsende. Bitte bestätigen!", "Vertrag kündigen"),
)
HEADINGS = ["plain sets (mean of 1)", "industries (mean of 1)", "mail_shop_de"]
Study = Callable[..., Path]


class Recording(ToyEncoder):
    """Remembers every text that it had to encode."""

    def __init__(self, dimension: int) -> None:
        super().__init__(dimension)
        self.texts: list[str] = []

    def encode_with_tokens(self, texts: Sequence[str], *, role: Role) -> Sequence[Encoded]:
        self.texts += texts
        return super().encode_with_tokens(texts, role=role)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One plain set and one of mails of the family shop, and the mails of an industry."""
    folder = tmp_path / "data"
    for name in ("shop_title_de", "mail_shop_de"):
        _write(
            folder / "beir" / name / "corpus.jsonl",
            [{"_id": key, "title": key, "text": f"{key}: {long}", "language": "de"} for key, long, _ in PROBLEMS],
        )
        _write(
            folder / "beir" / name / "queries.jsonl",
            [{"_id": f"q-{key}", "text": short, "language": "de"} for key, _, short in PROBLEMS],
        )
        qrels = "".join(f"q-{key}\t{key}\t1\n" for key, *_ in PROBLEMS)
        (folder / "beir" / name / "qrels").mkdir()
        (folder / "beir" / name / "qrels" / "test.tsv").write_text(
            f"query-id\tcorpus-id\tscore\n{qrels}", encoding="utf-8"
        )
    _write(
        folder / "mails" / "energy.jsonl",
        [
            {"id": key, "title": key, "article": f"{key}: {long}", "mails": [{"text": long}, {"text": short}]}
            for key, long, short in PROBLEMS
        ],
    )
    return folder


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def study(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Run the command with a workbench and return the file that it wrote."""

    def run(workbench: Workbench, *arguments: str) -> Path:
        @contextmanager
        def opened() -> Iterator[Workbench]:
            yield workbench

        monkeypatch.setattr(features, "open_workbench", opened)
        out = tmp_path / "out"
        assert main(["features", "--data", str(data), "--out", str(out), *arguments]) == 0
        return out / "features.json"

    return run


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    return bench_of(tmp_path).workbench


def test_every_feature_is_told_beside_the_shipped_evidence(
    workbench: Workbench, study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(study(workbench).read_text(encoding="utf-8"))
    assert list(document["features"]) == ["none", *FEATURES]
    assert document["metric"] == "nDCG@10"
    assert document["fingerprints"]["questions"] == {"mail_shop_de": 3, "shop_title_de": 3, "mails_energy": 6}
    base, covered = document["features"]["none"], document["features"]["covered"]
    assert list(base["means"]) == HEADINGS
    assert base["differences"] == {}
    assert list(covered["differences"]) == HEADINGS
    assert covered["weights"].keys() == {"shop", "mails"}
    assert {len(weights) for weights in covered["weights"].values()} == {4}
    rows = [row for row in capsys.readouterr().out.splitlines() if row.startswith("| ")]
    assert rows[0] == f"| feature | {' | '.join(HEADINGS)} |"
    assert rows[1].split(" | ")[1] == f"{base['means'][HEADINGS[0]]:.4f}"
    difference = covered["differences"][HEADINGS[0]]
    low, high = difference["ci95"]
    assert rows[2].split(" | ")[1] == f"{difference['mean']:+.4f} ({low:+.4f} to {high:+.4f})"


def test_no_more_questions_of_a_set_are_asked_than_wanted(workbench: Workbench, study: Study) -> None:
    document = json.loads(study(workbench, "--questions", "2").read_text(encoding="utf-8"))
    assert set(document["fingerprints"]["questions"].values()) == {2}


@pytest.mark.parametrize("number", ["0", "-1", "viele"])
def test_a_number_of_questions_that_cannot_be_is_a_matter_of_usage(
    number: str, workbench: Workbench, study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        study(workbench, "--questions", number)
    assert refused.value.code == 2
    assert f"found '{number}', expected a whole number of at least 1" in capsys.readouterr().err


def test_each_set_is_asked_of_the_encoder_that_may_be_measured_on_it(workbench: Workbench, study: Study) -> None:
    usual, fair = Recording(64), Recording(32)

    def encoder_for(judged: JudgedSet) -> Encoder:
        return fair if judged.name == "mails_energy" else usual

    study(replace(workbench, encoder=usual, encoder_for=encoder_for))
    _, long, short = PROBLEMS[0]
    sentence = long.split(". ")[0] + "."
    assert short in usual.texts
    assert sentence not in usual.texts
    assert sentence in fair.texts


def test_a_second_run_encodes_nothing_and_tells_the_same(workbench: Workbench, study: Study) -> None:
    first = study(replace(workbench, encoder=Recording(64))).read_bytes()
    again = Recording(64)
    assert study(replace(workbench, encoder=again)).read_bytes() == first
    assert again.texts == []
