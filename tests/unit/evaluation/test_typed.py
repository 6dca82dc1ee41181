"""Mails cut to what an agent has typed so far, and the command that measures it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.models import Case
from evaluation.__main__ import main
from evaluation.commands import typed as command
from evaluation.typed_study import typed
from evaluation.workbench import Workbench
from index.encoders.toy import ToyEncoder
from tests.unit.evaluation.benches import bench_of
from tests.unit.evaluation.tiny_open_sets import write_problems

SETTINGS = ["3 words", "6 words", "12 words", "whole message"]


def test_a_note_begins_behind_the_greeting_and_has_no_subject() -> None:
    case = Case(
        id="1",
        subject="Dringend",
        description="Sehr geehrte Damen und Herren,\n\nseit Montag blinkt mein Router rot, was nun?\n\nMit Gruß",
    )
    assert typed(case, 3) == replace(case, subject=None, description="seit Montag blinkt")
    assert typed(case, 12).description == "seit Montag blinkt mein Router rot, was nun?"


def test_what_stands_in_the_subject_only_is_noted_from_there() -> None:
    assert typed(Case(id="1", subject="Rechnung vom Mai doppelt"), 3).description == "Rechnung vom Mai"


def _run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    workbench = replace(bench_of(tmp_path).workbench, encoder_for=lambda judged: ToyEncoder(32))

    @contextmanager
    def opened() -> Iterator[Workbench]:
        yield workbench

    monkeypatch.setattr(command, "open_workbench", opened)
    assert main(["typed", "--open", str(tmp_path / "open"), "--out", str(tmp_path / "out")]) == 0
    cells: list[dict[str, object]] = json.loads((tmp_path / "out" / "typed.json").read_text("utf-8"))["cells"]
    return cells


def test_every_number_of_words_is_measured_beside_the_whole_with_the_encoder_that_is_fair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_problems(tmp_path / "open" / "mails" / "energy.jsonl")
    cells = _run(tmp_path, monkeypatch)
    printed = capsys.readouterr().out

    assert list(dict.fromkeys(cell["setting"] for cell in cells)) == SETTINGS
    assert {cell["encoder"] for cell in cells} == {"toy-32"}
    assert {cell["n"] for cell in cells} == {6}
    assert all(set(cell["means"]) == set(cell["ci95"]) == {"P@1", "Success@3", "nDCG@10"} for cell in cells)  # type: ignore[call-overload]
    assert printed.count("mean of sets") == len(SETTINGS)


def test_a_folder_without_mails_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "open_workbench", lambda: contextmanager(lambda: (yield None))())
        assert main(["typed", "--open", str(tmp_path)]) == 1

    assert "found neither mails/*.jsonl nor beir/mail_cwa_de" in capsys.readouterr().err
