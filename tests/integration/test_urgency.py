"""Urgency from the store to the answer: learned in the build, served as far as it is proven, off where it is not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assist.api.serialise import suggestions_json
from assist.models import SuggestRequest
from assist.opening import current_suggester
from assist.settings import Settings
from corpus.codec import to_json
from corpus.models import Case
from evaluation.__main__ import main as evaluation_main
from evaluation.commands import urgency as urgency_command
from index.__main__ import main as index_main
from index.builder import build
from index.encoders.toy import ToyEncoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.urgency import proof
from tests.conftest import WriteCorpus, small_corpus
from tests.made_urgency import made_cases
from tests.unit.evaluation.benches import workbench_of

URGENT = Case(id="", description="Zebra Rechnung Quarz Vertrag Jodler.", language="de", channel="email")
STOLEN = Case(id="", description="Mein Handy wurde gestohlen.", language="de", channel="email")


@pytest.fixture(autouse=True)
def _rougher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw less often: no test depends on the third digit of an interval."""
    monkeypatch.setattr(proof, "REPLICATES", 200)


def _folder(write_corpus: WriteCorpus, cases: Sequence[Case]) -> Path:
    rows = small_corpus()
    rows["cases"] += [dict(to_json(case)) for case in cases]
    return write_corpus(rows)


def _urgency(settings: IndexSettings, case: Case) -> Any:
    suggester = current_suggester(Settings(index=settings))
    return suggestions_json(suggester.suggest(SuggestRequest(case=case)))["urgency"]


def _built(settings: IndexSettings, folder: Path) -> IndexSettings:
    build(settings, ToyEncoder(), folder, SilentReporter())
    return settings


def test_what_was_learned_and_proven_is_told_with_every_suggestion(
    write_corpus: WriteCorpus, index_settings: IndexSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _built(index_settings, _folder(write_corpus, made_cases("words")))
    told = _urgency(settings, URGENT)
    assert told["level"] == "high"
    assert told["confidence"] > 0.7
    assert told["reasons"] == [{"kind": "learned", "text": "ähnelt gelösten Fällen, die dringend waren", "quote": None}]
    assert _urgency(settings, replace(URGENT, description="Rechnung Vertrag Kabel"))["level"] == "normal"
    assert _urgency(replace(settings, urgency="off"), URGENT) is None
    capsys.readouterr()
    assert index_main(["urgency", "--var", str(settings.var)]) == 0
    assert ": learned (learned, average precision" in capsys.readouterr().out


def test_a_corpus_that_says_nothing_of_urgency_is_told_nothing_of_it(
    write_corpus: WriteCorpus, index_settings: IndexSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _built(index_settings, _folder(write_corpus, ()))
    assert _urgency(settings, STOLEN) is None
    wanted = _urgency(replace(settings, urgency="rules"), STOLEN)
    assert wanted == {
        "level": "high",
        "confidence": None,
        "reasons": [
            {
                "kind": "security",
                "text": "Diebstahl, Betrug oder fremder Zugriff: gestohlen",
                "quote": "gestohlen",
            }
        ],
    }
    capsys.readouterr()
    assert index_main(["urgency", "--var", str(settings.var), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["serves"] == "off"
    assert "no public solved case" in told["why"]


def test_where_it_is_switched_off_nothing_is_learned(write_corpus: WriteCorpus, index_settings: IndexSettings) -> None:
    off = _built(replace(index_settings, urgency="off"), _folder(write_corpus, made_cases("words")))
    assert _urgency(replace(off, urgency="auto"), URGENT) is None


def test_the_harness_judges_as_a_build_does(
    write_corpus: WriteCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workbench = workbench_of(tmp_path)
    monkeypatch.setattr(urgency_command, "open_workbench", lambda: nullcontext(workbench))
    folder, out = _folder(write_corpus, made_cases("words")), tmp_path / "out"
    assert evaluation_main(["urgency", "--corpus", str(folder), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "serves: learned (learned, average precision" in printed
    document = json.loads((out / "urgency.json").read_text(encoding="utf-8"))
    assert set(document["ways"]) == {"rules", "learned", "both", "popularity"}
    assert document["urgent"] > document["later_urgent"] > 0
    assert "Quarz" not in json.dumps(document)
