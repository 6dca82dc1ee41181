"""What every importer promises, run over all of them on exports as such systems write them."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from corpus.folder import read_corpus
from corpus.importers.fates import ImportOptions, Quarantined, Skipped, Taken
from corpus.importers.field_map import read_map
from corpus.importers.limits import ImportFailedError
from corpus.importers.report import ImportReport
from corpus.importers.running import import_export, importers
from corpus.importers.source import open_source

FIXTURES = Path(__file__).parents[1] / "fixtures" / "importers"


@dataclass(frozen=True)
class Export:
    """A fixture, and what is known about it: ids taken, rows skipped, and places of rows that must be quarantined."""

    kind: str
    path: str
    ids: set[str]
    skipped: int
    broken: set[str]
    map: str | None = None
    packable: bool = True


EXPORTS = [
    Export(
        "markdown",
        "markdown",
        {"KB-1001", "KB-1001-en", "de-kündigung-mit-frist", "de-entwurf", "intern-kulanz", "zaehlerstand.de", "de-a-b"},
        2,
        {"de/ohne-titel.md", "de/kaputt.md", "de/leer.md", "de/a-b.md", "sonstiges.md", "status.md"},
    ),
    Export(
        "html",
        "html",
        {"hilfe-stoerung", "hilfe-rueckerstattung", "en-refund"},
        2,
        {"nur-bild.html", "ohne-sprache.html", "ohne-titel.html", "falsche-sprache.html"},
    ),
    Export(
        "salesforce-knowledge",
        "salesforce/export",
        {
            "kA0KB0000000001AAA",
            "kA0KB0000000001AAA-en-US",
            "kA0KB0000000002AAA",
            "kA0KB0000000005AAA",
            "kA0KB0000000006AAA",
        },
        4,
        {f"Knowledge__kav.csv:{line}" for line in (9, 10, 11, 13, 15)} | {"Knowledge__DataCategorySelection.csv:5"},
        map="salesforce/map.yaml",
    ),
    Export(
        "zendesk",
        "zendesk/export",
        {"360001", "360002", "360003", "360004", "360001-en-us", "360003-en-us"},
        3,
        {f"articles.json:/articles/{position}" for position in (4, 5, 6, 7)}
        | {"translations.json:/translations/3", "abgebrochen.json:1"},
        map="zendesk/map.yaml",
    ),
    Export(
        "dynamics",
        "dynamics",
        {"KA-01001", "KA-01001-en-US", "KA-01002", "KA-01008", "KA-01009"},
        4,
        {f"knowledgearticles.json:/value/{position}" for position in (7, 8, 9, 11)},
    ),
    Export(
        "cases",
        "cases/faelle.csv",
        {"F-1", "F-2", "F-3-neu", "F-14"},
        0,
        {f"faelle.csv:{line}" for line in range(8, 18)},
        map="cases/map.yaml",
        packable=False,
    ),
    Export(
        "templates",
        "templates/vorlagen.csv",
        {"gutschrift", "umzug-en"},
        0,
        {f"vorlagen.csv:{line}" for line in range(8, 13)},
        map="templates/map.json",
        packable=False,
    ),
]


@pytest.fixture(params=EXPORTS, ids=lambda export: export.kind)
def export(request: pytest.FixtureRequest) -> Export:
    return request.param


def options_of(export: Export) -> ImportOptions:
    found = read_map(FIXTURES / export.map) if export.map else {}
    return ImportOptions(timezone=ZoneInfo("Europe/Berlin"), map=found)


def run(export: Export, corpus: Path, path: Path | None = None) -> ImportReport:
    return import_export(path or FIXTURES / export.path, export.kind, corpus, options_of(export))


def quarantine(corpus: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (corpus / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_kind_of_export_is_held_to_these_promises() -> None:
    assert {export.kind for export in EXPORTS} == set(importers())


def test_good_rows_become_records_that_indexing_reads(export: Export, tmp_path: Path) -> None:
    report = run(export, tmp_path)

    records = getattr(read_corpus(tmp_path), importers()[export.kind].brings)
    assert {record.id for record in records} == export.ids
    assert report.taken == len(records)


def test_nothing_is_lost(export: Export, tmp_path: Path) -> None:
    report = run(export, tmp_path)

    assert report.taken == len(export.ids)
    assert sum(report.skipped.values()) == export.skipped
    assert report.quarantined == len(export.broken) == len(quarantine(tmp_path))
    assert report.found == len(export.ids) + export.skipped + len(export.broken)


def test_each_row_has_one_fate_at_a_place_of_its_own(export: Export) -> None:
    options = options_of(export)
    fates = list(importers()[export.kind].read(open_source(FIXTURES / export.path, options.limits), options))

    assert all(isinstance(fate, Taken | Quarantined | Skipped) for fate in fates)
    assert len({str(fate.place) for fate in fates}) == len(fates)


def test_broken_rows_are_quarantined_with_place_and_reason(export: Export, tmp_path: Path) -> None:
    run(export, tmp_path)

    rows = quarantine(tmp_path)
    places = {row["file"] + ("" if (at := row.get("line", row.get("pointer"))) is None else f":{at}") for row in rows}
    assert places == export.broken
    assert all("found" in row["reason"] or "missing" in row["reason"] for row in rows)
    assert all(row["hint"] for row in rows)


def test_the_same_export_gives_the_same_bytes(export: Export, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(export, tmp_path / name)

    name = f"{importers()[export.kind].brings}.jsonl"
    for file in (name, "quarantine.jsonl"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    run(export, tmp_path / "one")
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted([name, "quarantine.jsonl"])


@pytest.mark.parametrize("form", ["zip", "gztar", "tar"])
def test_an_archive_gives_what_its_folder_gives(export: Export, form: str, tmp_path: Path) -> None:
    folder = FIXTURES / export.path
    root = folder if folder.is_dir() else folder.parent
    if not export.packable:  # the map lies beside the table, and is no table
        (tmp_path / "root").mkdir()
        shutil.copy(folder, tmp_path / "root")
        root = tmp_path / "root"
    archive = Path(shutil.make_archive(str(tmp_path / "export"), form, root))

    run(export, tmp_path / "plain", root)
    run(export, tmp_path / "packed", archive)

    name = f"{importers()[export.kind].brings}.jsonl"
    plain, packed = ((tmp_path / part / name).read_text(encoding="utf-8") for part in ("plain", "packed"))
    ids = [sorted(json.loads(line)["id"] for line in text.splitlines()) for text in (plain, packed)]
    assert ids[0] == ids[1]
    assert len(ids[0]) == len(export.ids)


def test_files_of_other_kinds_stay_as_they_are(export: Export, tmp_path: Path) -> None:
    brings = importers()[export.kind].brings
    others = [f"{kind}.jsonl" for kind in ("articles", "templates", "actions", "cases") if kind != brings]
    for name in others:
        (tmp_path / name).write_text("untouched, and not even JSON\n", encoding="utf-8")
    (tmp_path / f"{brings}.jsonl").write_text("replaced\n", encoding="utf-8")

    run(export, tmp_path)

    assert all((tmp_path / name).read_text(encoding="utf-8") == "untouched, and not even JSON\n" for name in others)
    assert "replaced" not in (tmp_path / f"{brings}.jsonl").read_text(encoding="utf-8")


def test_an_export_of_something_else_changes_nothing(export: Export, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "foto.png").write_bytes(b"\x89PNG")
    target = tmp_path / "corpus" / f"{importers()[export.kind].brings}.jsonl"
    target.parent.mkdir()
    target.write_text("as it was\n", encoding="utf-8")

    with pytest.raises(ImportFailedError, match="found"):
        run(export, target.parent, other)

    assert target.read_text(encoding="utf-8") == "as it was\n"
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_missing_export_is_told(export: Export, tmp_path: Path) -> None:
    with pytest.raises(ImportFailedError, match="expected a file, folder or archive"):
        run(export, tmp_path / "corpus", tmp_path / "nowhere")
