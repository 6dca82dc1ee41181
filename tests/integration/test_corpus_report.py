"""The corpus report as a knowledge manager makes it: over a folder, and over the store that serves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from corpus.database import create_engine, writing
from corpus.tables import feedback_events
from evaluation.__main__ import main
from index.__main__ import main as index_main
from tests.made_history import made_history

PRICE = "Der Wechsel des Anschlusses kostet einmalig {}."
SECTIONS = {
    "contradictions",
    "gaps",
    "near_duplicates",
    "stale",
    "never_suggested",
    "always_dismissed",
    "edited",
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    rows = made_history(60, secret="GEHEIMWORT")
    for key, price in (("alt", "39,99 €"), ("neu", "34,99 €")):
        article = {"id": key, "title": "Anschluss wechseln", "body": PRICE.format(price), "language": "de"}
        rows["articles"].append({**article, "updated_at": "2020-01-01T00:00:00Z"})
    folder = tmp_path / "corpus"
    folder.mkdir()
    for kind, records in rows.items():
        lines = "".join(json.dumps(each) + "\n" for each in records)
        (folder / f"{kind}.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    monkeypatch.setenv("ASSIST_VAR", str(tmp_path / "var"))


def _report(tmp_path: Path, *more: str) -> dict[str, Any]:
    assert main(["corpus-report", "--out", str(tmp_path / "out"), "--at", "2026-06-01", *more]) == 0
    return dict(json.loads((tmp_path / "out" / "corpus-report.json").read_text(encoding="utf-8")))


def test_a_folder_gives_a_page_and_json_that_name_what_is_wrong(corpus: Path, tmp_path: Path) -> None:
    report = _report(tmp_path, "--corpus", str(corpus))

    page = (tmp_path / "out" / "corpus-report.html").read_text(encoding="utf-8")
    assert set(report["sections"]) == SECTIONS
    (contradiction,) = report["sections"]["contradictions"]["findings"]
    assert [item["id"] for item in contradiction["items"]] == ["alt", "neu"]
    assert "39,99 €" in page
    assert "34,99 €" in page
    assert report["sections"]["stale"]["findings"]


def test_the_page_opens_offline_and_holds_no_text_of_a_case(corpus: Path, tmp_path: Path) -> None:
    report = _report(tmp_path, "--corpus", str(corpus))

    page = (tmp_path / "out" / "corpus-report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "://" not in page
    said = json.loads(corpus.joinpath("cases.jsonl").read_text(encoding="utf-8").splitlines()[0])["description"]
    assert said not in page
    assert said not in json.dumps(report, ensure_ascii=False)


def test_titles_are_escaped(corpus: Path, tmp_path: Path) -> None:
    with (corpus / "articles.jsonl").open("a", encoding="utf-8") as file:
        hostile = {
            "id": "x",
            "title": "<img src=x>",
            "body": "a",
            "language": "de",
            "valid_until": "2020-01-01T00:00:00Z",
        }
        file.write(json.dumps(hostile) + "\n")

    _report(tmp_path, "--corpus", str(corpus))

    page = (tmp_path / "out" / "corpus-report.html").read_text(encoding="utf-8")
    assert "&lt;img src=x&gt;" in page
    assert "<img" not in page


def test_the_same_records_give_the_same_report(corpus: Path, tmp_path: Path) -> None:
    assert _report(tmp_path, "--corpus", str(corpus)) == _report(tmp_path, "--corpus", str(corpus))


def test_without_a_folder_it_is_about_the_store_and_its_feedback(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    var = tmp_path / "var"
    assert index_main(["build", "--var", str(var), "--corpus", str(corpus)]) == 0
    _dismiss(var, "a1", agents=12)
    _dismiss(var, "a2", agents=9)
    capsys.readouterr()

    report = _report(tmp_path, "--json")

    assert json.loads(capsys.readouterr().out) == report
    assert report["facts"]["of"].startswith("snapshot ")
    assert report["sections"]["contradictions"]["findings"]
    (dismissed,) = report["sections"]["always_dismissed"]["findings"]
    assert [item["id"] for item in dismissed["items"]] == ["a1"]
    assert "a2" not in json.dumps(report["sections"]["always_dismissed"])


def test_without_a_store_it_fails_and_says_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["corpus-report", "--out", str(tmp_path / "out")]) == 1
    assert "error:" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [("--sample", "6000"), ("--at", "gestern"), ("--seed", "-1")])
def test_options_that_cannot_be_used_are_named(wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["corpus-report", *wrong])

    assert stopped.value.code == 2
    assert f"argument {wrong[0]}: found" in capsys.readouterr().err


def _dismiss(var: Path, item: str, *, agents: int) -> None:
    engine = create_engine(var / "stichwort.db")
    at = datetime(2026, 5, 1, tzinfo=UTC)
    common = {"body_hash": "h", "received_at": at, "at": at, "kind": "articles", "item_id": item, "snapshot": "s"}
    rows = [
        {
            **common,
            "key": f"{item}-{number}-{event}",
            "event": event,
            "rank": 1,
            "score": 1.0,
            "confidence": 0.5,
            "case_id": f"c{number}",
            "agent": f"2026Q2-{number % agents}",
        }
        for number in range(24)
        for event in ("shown", "dismissed")
    ]
    with writing(engine) as connection:
        connection.execute(insert(feedback_events), rows)
    engine.dispose()
