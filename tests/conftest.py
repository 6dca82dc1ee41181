"""What tests of several packages share: a small corpus on disk and a way to index it with the toy encoder."""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as generating
from pydantic.json_schema import models_json_schema

from corpus.language import LanguageIdentifier
from index.builder import BuildReport, build
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
WriteCorpus = Callable[[Rows], Path]
Build = Callable[[Path], BuildReport]

_ARTICLES = [
    (
        "rechnung-doppelt",
        "Doppelte Abbuchung einer Rechnung",
        "Wurde eine Rechnung doppelt abgebucht, erstatten wir den zweiten Betrag in fünf Werktagen auf Ihr Konto.",
        "de",
    ),
    (
        "kuendigung",
        "Kündigung des Vertrags",
        "Sie kündigen mit einer Frist von einem Monat zum Ende der Mindestlaufzeit, im Kundenportal oder schriftlich.",
        "de",
    ),
    (
        "stoerung",
        "Störung des Internetanschlusses",
        "Trennen Sie den Router für eine Minute vom Strom. Blinkt die Lampe danach rot, messen wir die Leitung.",
        "de",
    ),
    (
        "esim",
        "Activating your eSIM",
        "Scan the QR code with your phone to activate the eSIM. The code works once.",
        "en",
    ),
    ("intern", "Kulanz bei Rechnungen", "Interne Regel: doppelte Rechnung bis 50 Euro sofort gutschreiben.", "de"),
]
_CASES = [
    ("c1", "Ihr habt mir die Rechnung zweimal abgezogen!", "rechnung-doppelt", "t-gutschrift", "gutschreiben"),
    ("c2", "Betrag wurde doppelt abgebucht, bitte Geld zurück", "rechnung-doppelt", "t-gutschrift", "gutschreiben"),
    ("c3", "Ich will raus aus dem Vertrag", "kuendigung", "t-kuendigung", "vormerken"),
    ("c4", "Internet geht nicht, Lampe blinkt rot", "stoerung", "t-stoerung", "messen"),
    ("c5", "Router blinkt rot und nichts geht mehr", "stoerung", "t-stoerung", "messen"),
    ("c6", "Wie kündige ich meinen Vertrag zum Monatsende", "kuendigung", "t-kuendigung", "vormerken"),
]


def edition(number: int) -> dict[str, list[dict[str, Any]]]:
    """The small corpus with another title, one action less from edition 3 on, and one case more."""
    rows = small_corpus()
    rows["articles"][0]["title"] = f"Doppelte Abbuchung einer Rechnung, Ausgabe {number}"
    rows["actions"] = rows["actions"][: 3 if number >= 3 else 4]
    rows["cases"].append({**rows["cases"][0], "id": f"neu-{number}", "description": f"Rechnung {number} stimmt nicht"})
    return rows


def small_corpus() -> dict[str, list[dict[str, Any]]]:
    """Five articles (one internal), three templates, four actions, six solved cases."""
    articles = [{"id": key, "title": title, "body": body, "language": code} for key, title, body, code in _ARTICLES]
    articles[-1]["audience"] = ["second_level"]
    templates = [
        {
            "id": "t-gutschrift",
            "name": "Gutschrift",
            "body": "Guten Tag {{ contact.last_name }}, wir erstatten die doppelte Abbuchung.",
            "language": "de",
        },
        {
            "id": "t-kuendigung",
            "name": "Kündigung bestätigt",
            "body": "Wir bestätigen die Kündigung Ihres Vertrags.",
            "language": "de",
        },
        {
            "id": "t-stoerung",
            "name": "Störung gemeldet",
            "body": "Wir messen Ihre Leitung, die Lampe am Router blinkt rot.",
            "language": "de",
        },
    ]
    refund = "Doppelte Abbuchung einer Rechnung erstatten"
    business = {"field": "customer.segment", "op": "eq", "value": "geschaeft"}
    actions = [
        {"id": "gutschreiben", "name": "Betrag gutschreiben", "description": refund},
        {"id": "vormerken", "name": "Kündigung vormerken", "description": "Kündigung des Vertrags eintragen"},
        {"id": "messen", "name": "Leitung messen", "description": "Störung am Router messen", "max_per_case": 1},
        {"id": "nur-geschaeft", "name": "Rechnung stunden", "description": refund, "when": business},
    ]
    cases = [
        {
            "id": key,
            "description": text,
            "language": "de",
            "opened_at": f"2026-03-0{number}T08:00:00Z",
            "closed_at": f"2026-03-0{number}T09:00:00Z",
            "status": "closed",
            "outcome": {"solved": True},
            "articles": [article],
            "templates": [template],
            "actions": [action],
        }
        for number, (key, text, article, template, action) in enumerate(_CASES, start=1)
    ]
    return {"articles": articles, "templates": templates, "actions": actions, "cases": cases}


def write_folder(folder: Path, rows: Rows) -> Path:
    """Write rows by kind as the corpus folder ``folder``, replacing what was there, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ("articles", "templates", "actions", "cases"):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.get(kind, ()))
        (folder / f"{kind}.jsonl").write_text(lines, encoding="utf-8")
    pins = folder / "pins.jsonl"
    pins.unlink(missing_ok=True)
    if "pins" in rows:
        pins.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows["pins"]), encoding="utf-8")
    return folder


def pytest_configure() -> None:
    """Let generated examples take their time: a busy machine must fail no test that asks for something else."""
    generating.register_profile("unhurried", deadline=None)
    generating.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def one_language_identifier() -> Iterator[None]:
    """Read the language model once a process: it is only read, and reading it takes longer than a small index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LanguageIdentifier, "load", functools.cache(LanguageIdentifier.load))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_set_of_schemas() -> Iterator[None]:
    """Describe the API's models once a process: they are the same for every application that a test makes."""
    described: dict[tuple[Any, ...], Any] = {}

    def once(models: Sequence[Any], **options: Any) -> Any:
        key = (*models, *sorted(options.items()))
        if key not in described:
            described[key] = models_json_schema(models, **options)
        return described[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assist.api.openapi.models_json_schema", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Let files be written without waiting for the disk: no test of this process takes the power away.

    What a commit asks of the disk is asked all the same: of a full disk or a killed process, tests replace
    ``os.fsync`` themselves or start a process of their own.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture
def write_corpus(tmp_path: Path) -> WriteCorpus:
    """Write rows by kind as a corpus folder and return it; a second call replaces the first."""

    def write(rows: Rows) -> Path:
        return write_folder(tmp_path / "corpus", rows)

    return write


@pytest.fixture
def index_settings(tmp_path: Path) -> IndexSettings:
    """State in a temporary directory, vectors by the toy encoder."""
    return IndexSettings(var=tmp_path / "var", encoder="toy")


class BuiltStates:
    """The states that come of indexing corpora with the toy encoder, each built once and copied from then on."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._reports: dict[bytes, tuple[Path, BuildReport]] = {}

    def build_anew(self, settings: IndexSettings, folder: Path) -> BuildReport:
        """Index a folder where there is no state yet."""
        known = b"\0".join(path.name.encode() + path.read_bytes() for path in sorted(folder.iterdir()))
        if known not in self._reports:
            kept = self._home / str(len(self._reports))
            report = build_with_toy(replace(settings, var=kept), folder)
            self._reports[known] = (kept, report)
        kept, report = self._reports[known]
        # A service may be waiting for it: it has to see all of the state or nothing.
        shutil.copytree(kept, settings.var.with_name("copied")).rename(settings.var)
        return report


def build_with_toy(settings: IndexSettings, folder: Path) -> BuildReport:
    """Index a corpus folder with the toy encoder."""
    return build(settings, open_encoder("toy", settings.models), folder, SilentReporter())


@pytest.fixture(scope="session")
def built_states(tmp_path_factory: pytest.TempPathFactory) -> BuiltStates:
    return BuiltStates(tmp_path_factory.mktemp("built"))


@pytest.fixture
def build_index(index_settings: IndexSettings, built_states: BuiltStates) -> Build:
    """Index a corpus folder with the toy encoder; a first index may be a copy of the same made for an earlier test."""

    def run(folder: Path) -> BuildReport:
        if index_settings.var.exists():
            return build_with_toy(index_settings, folder)
        return built_states.build_anew(index_settings, folder)

    return run
