"""The evaluation as a person runs it, on the demo corpus with the toy encoder."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from corpus.training_problems import read_training
from tests.commands import run_here

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "corpus" / "demo"
NEWEST = 90
QUICK = ("--no-abstention", "--no-latency")


def run(tmp: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ASSIST_ENCODER": "toy", "ASSIST_VAR": str(tmp / "var")}
    command = [sys.executable, "-m", "evaluation", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


def newest(tmp: Path) -> Path:
    """Return the demo corpus with its newest cases only: enough to measure, and quick to index."""
    folder = tmp / "demo"
    if not folder.exists():
        folder.mkdir()
        for path in DEMO.glob("*.jsonl"):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = lines[-NEWEST:] if path.name == "cases.jsonl" else lines
            (folder / path.name).write_text("".join(kept), encoding="utf-8")
    return folder


def measure(tmp: Path, out: str, *more: str) -> dict[str, Any]:
    done = run(tmp, "run", "--corpus", str(newest(tmp)), "--out", str(tmp / out), *more)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads((tmp / out / "metrics.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp = tmp_path_factory.mktemp("evaluation")
    measure(tmp, "first", *QUICK)
    return tmp


@pytest.mark.slow
def test_two_runs_differ_in_their_times_only(measured: Path) -> None:
    for name in ("once", "again"):
        measure(measured, name)
    for name in ("once", "again"):
        content = json.loads((measured / name / "metrics.json").read_text(encoding="utf-8"))
        content.pop("timings")
        (measured / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    assert (measured / "once.json").read_bytes() == (measured / "again.json").read_bytes()
    for file in ("per_query.csv", "run.articles.stichwort.txt", "qrels.articles.txt"):
        assert (measured / "once" / file).read_bytes() == (measured / "again" / file).read_bytes()


def _told_by_customers() -> list[str]:
    rows = [json.loads(line) for line in (DEMO / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    newest = sorted(rows, key=lambda row: row["opened_at"])[-18:]
    texts = [row.get("description") or row["messages"][0]["text"] for row in newest]
    return [html.escape(" ".join(text.split())[20:60]) for text in texts]


@pytest.mark.slow
def test_the_report_holds_no_text_of_a_case_unless_asked(measured: Path) -> None:
    measure(measured, "told", "--with-text", *QUICK)
    plain, told = (
        " ".join((measured / name / "report.html").read_text(encoding="utf-8").split()) for name in ("first", "told")
    )
    assert not [text for text in _told_by_customers() if text in plain]
    assert [text for text in _told_by_customers() if text in told]


@pytest.mark.slow
def test_a_gate_stops_a_reversed_ranker_and_lets_the_shipped_one_pass(measured: Path) -> None:
    measure(measured, "reversed", "--ranker", "reversed", *QUICK)
    passed = run(measured, "gate", str(measured / "first"), "--against", str(measured / "first"))
    floors = measured / "floors.toml"
    floors.write_text('[sets.demo.articles]\n"nDCG@10" = 0.3\n', encoding="utf-8")
    stopped = run(measured, "gate", str(measured / "reversed"), "--gates", str(floors))
    dropped = run(measured, "gate", str(measured / "reversed"), "--against", str(measured / "first"))
    assert "demo, articles, nDCG@10" in stopped.stderr
    assert (stopped.returncode, dropped.returncode) == (4, 4)
    assert "fell from" in dropped.stderr
    assert passed.returncode in (0, 4)  # the floors are those of the packaged encoder


def test_a_leaked_split_is_reported_as_leaked(tmp_path: Path) -> None:
    folder = newest(tmp_path)
    rows = [json.loads(line) for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()][-40:]
    for number, row in enumerate(rows):
        row["split"] = "test" if number < 10 else "train"  # learns from what came later
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "cases.jsonl").write_text(text, encoding="utf-8")
    done = run(tmp_path, "run", "--corpus", str(folder), "--out", str(tmp_path / "out"), *QUICK)
    assert done.returncode == 0, done.stderr
    assert "leak" in done.stderr.lower()


@pytest.mark.slow
def test_compare_prints_what_changed(measured: Path) -> None:
    measure(measured, "without", "--ranker", "stichwort-no-bm25", *QUICK)
    done = run(measured, "compare", str(measured / "first"), str(measured / "without"))
    assert done.returncode == 0, done.stderr
    assert "nDCG@10" in done.stdout


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    done = run_here(
        tmp_path / "var", "evaluation", "run", "--dataset", str(tmp_path / "nothing"), "--out", str(tmp_path)
    )
    assert done.returncode == 1
    assert "nothing" in done.stderr


def _mails(folder: Path, industry: str, texts: dict[str, tuple[str, str]]) -> None:
    rows = [
        {
            "id": f"{industry}-{title}",
            "title": title,
            "article": f"So geht es: {title}.",
            "mails": [{"form": "email", "subject": title, "text": text} for text in pair],
        }
        for title, pair in texts.items()
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / f"{industry}.jsonl").write_text(lines, encoding="utf-8")


def test_mails_measures_every_industry_and_their_mean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = read_training()[::20]  # what customers write on average need not be exact here
    monkeypatch.setattr("evaluation.commands.mails.read_training", lambda: some)
    folder = tmp_path / "mails"
    folder.mkdir()
    _mails(folder, "energy", {"Abschlag": ("Ich zahle jeden Monat zu viel.", "Die Vorauszahlung bitte senken")})
    _mails(folder, "retail", {"Umtausch": ("Die Hose passt mir nicht.", "Kann ich das Hemd tauschen?")})
    done = run_here(tmp_path / "var", "evaluation", "mails", "--mails", str(folder), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "mails.json").read_text(encoding="utf-8"))
    assert document["fingerprints"]["encoder"] == "toy-64"
    measured = {(cell["dataset"], cell["kind"], cell["setting"]) for cell in document["cells"]}
    assert measured == {
        (name, kind, setting)
        for name in ("mails_energy", "mails_retail")
        for kind in ("articles", "similar_cases")
        for setting in ("toy-64", "toy-64, centred")
    }
    assert {cell["system"] for cell in document["cells"]} == {"stichwort", "bm25", "dense", "rrf", "cc"}
    assert done.stdout.count("mean of industries") == 4
    assert "1.000 (1.000 to 1.000)" in done.stdout


def test_mails_says_what_it_expected_in_a_folder_without_files(tmp_path: Path) -> None:
    done = run_here(tmp_path / "var", "evaluation", "mails", "--mails", str(tmp_path), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert f"error: found no *.jsonl in {tmp_path}, expected files of problems, one an industry" in done.stderr
    assert not (tmp_path / "out").exists()
