"""Hostile exports: what they try to reach, and how large they try to become."""

from __future__ import annotations

import io
import os
import tarfile
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from corpus.importers.fates import Fate, ImportOptions, Quarantined, Skipped, Taken
from corpus.importers.limits import ImportFailedError, ImportLimits
from corpus.importers.running import import_export, importers
from corpus.importers.source import open_source

GOOD = b"# Umzug\n\nMelden Sie sich."
SECRET = b"# Geheim\n\nNicht fuer den Import."
MIB = 1 << 20
CASE_MAP = {"columns": {"id": "Nr", "subject": "Betreff"}}


def fates(path: Path, kind: str = "markdown", **options: Any) -> list[Fate]:
    settings = ImportOptions(language="de", **options)
    return list(importers()[kind].read(open_source(path, settings.limits), settings))


def titles(found: list[Fate]) -> list[str]:
    return [fate.record["title"] for fate in found if isinstance(fate, Taken)]


def quarantined(found: list[Fate]) -> list[str]:
    return [fate.place.file for fate in found if isinstance(fate, Quarantined)]


def zip_of(path: Path, entries: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def tar_of(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member, data in members:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


NAMES = [
    "../geheim.md",
    "a/../../geheim.md",
    "/etc/geheim.md",
    "C:/geheim.md",
    "..\\geheim.md",
    "a\\geheim.md",
    "C:geheim.md",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_out_of_an_archive_are_quarantined(name: str, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = name
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("gut.md", GOOD)
        archive.writestr(info, SECRET)
    packed = tar_of(tmp_path / "e.tgz", (member("gut.md"), GOOD), (member(name), SECRET))

    for path in (tmp_path / "e.zip", packed):
        found = fates(path)
        assert titles(found) == ["Umzug"]
        assert len(quarantined(found)) == 1


def test_nothing_is_unpacked_to_the_disk(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    archive = zip_of(tmp_path / "in" / "e.zip", {"../../boese.md": SECRET, "gut.md": GOOD})

    import_export(archive, "markdown", tmp_path / "corpus", ImportOptions(language="de"))

    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "corpus/articles.jsonl",
        "corpus/quarantine.jsonl",
        "in/e.zip",
    ]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_an_archive_are_quarantined(kind: bytes, tmp_path: Path) -> None:
    (tmp_path / "geheim.md").write_bytes(SECRET)
    path = tar_of(
        tmp_path / "e.tgz", (member("gut.md"), GOOD), (member("link.md", kind, str(tmp_path / "geheim.md")), b"")
    )

    found = fates(path)

    assert (titles(found), quarantined(found)) == (["Umzug"], ["link.md"])


def test_a_link_in_a_zip_archive_is_quarantined(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("link.md")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("gut.md", GOOD)
        archive.writestr(info, "/etc/passwd")

    found = fates(tmp_path / "e.zip")

    assert (titles(found), quarantined(found)) == (["Umzug"], ["link.md"])


def test_links_and_pipes_in_a_folder_are_quarantined(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "geheim.md").write_bytes(SECRET)
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "gut.md").write_bytes(GOOD)
    (folder / "datei.md").symlink_to(outside / "geheim.md")
    (folder / "ordner").symlink_to(outside)
    os.mkfifo(folder / "rohr.md")

    found = fates(folder)

    assert titles(found) == ["Umzug"]
    assert quarantined(found) == ["datei.md", "ordner", "rohr.md"]


def test_a_file_that_becomes_a_link_while_it_is_imported_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (tmp_path / "geheim.md").write_bytes(SECRET)
    (folder / "gut.md").write_bytes(GOOD)
    settings = ImportOptions(language="de")
    source = open_source(folder, settings.limits)
    entries = list(source())
    (folder / "gut.md").unlink()
    (folder / "gut.md").symlink_to(tmp_path / "geheim.md")

    found = list(importers()["markdown"].read(lambda: iter(entries), settings))

    assert quarantined(found) == ["gut.md"]


@pytest.mark.parametrize("kind", ["zip", "gz", "xz"])
def test_a_bomb_is_refused_before_it_fills_the_memory(kind: str, tmp_path: Path) -> None:
    bomb = b"# x\n\n" + b"a" * (200 * MIB)
    path = tmp_path / ("e.zip" if kind == "zip" else f"e.tar.{kind}")
    if kind == "zip":
        zip_of(path, {"bombe.md": bomb})
    else:
        quickly = {"preset": 0} if kind == "xz" else {}
        with tarfile.open(path, f"w:{kind}", **quickly) as archive:  # type: ignore[call-overload]
            info = tarfile.TarInfo("bombe.md")
            info.size = len(bomb)
            archive.addfile(info, io.BytesIO(bomb))
    del bomb
    tracemalloc.start()
    try:
        with pytest.raises(ImportFailedError, match="unpacks to more than"):
            fates(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100 * MIB


def test_many_small_bombs_count_together(tmp_path: Path) -> None:
    limits = ImportLimits(small=MIB, ratio=1)
    path = zip_of(tmp_path / "e.zip", {f"{number}.md": GOOD + b"a" * 300_000 for number in range(5)})

    with pytest.raises(ImportFailedError, match="unpacks to more than 1048576 bytes"):
        fates(path, limits=limits)


def test_a_size_that_an_archive_states_is_not_believed(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "e.zip", {"gross.md": GOOD + b"a" * 5_000})
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02") + 24  # the unpacked size in the central directory
    data[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))

    found = fates(path, limits=ImportLimits(small=100, ratio=1))

    assert titles(found) == []
    assert quarantined(found) == ["gross.md"]


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    few = ImportLimits(entries=3)
    path = zip_of(tmp_path / "e.zip", {f"{number}.md": GOOD for number in range(4)})
    (tmp_path / "folder").mkdir()
    for number in range(4):
        (tmp_path / "folder" / f"{number}.md").write_bytes(GOOD)

    for each in (path, tmp_path / "folder"):
        with pytest.raises(ImportFailedError, match="more than 3"):
            fates(each, limits=few)


def test_encrypted_and_damaged_entries_are_quarantined(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "e.zip", {"gut.md": GOOD, "kaputt.md": GOOD * 50})
    data = bytearray(path.read_bytes())
    place = data.index(b"kaputt.md") + len(b"kaputt.md") + 8
    data[place] ^= 0xFF
    path.write_bytes(bytes(data))

    found = fates(path)

    assert (titles(found), quarantined(found)) == (["Umzug"], ["kaputt.md"])


@pytest.mark.parametrize("name", ["e.zip", "e.tar", "e.tar.gz", "e.tar.xz"])
@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"\x1f\x8b\x08", b"\xfd7zXZ\0garbage", b"x" * 5_000])
def test_what_is_no_archive_is_refused_or_empty(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)

    with pytest.raises(ImportFailedError, match="found"):
        import_export(tmp_path / name, "markdown", tmp_path / "corpus", ImportOptions())
    assert not (tmp_path / "corpus").exists()


def workbook(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def with_part(path: Path, name: str, data: bytes) -> Path:
    """Replace one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    return zip_of(path, parts | {name: data})


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    ],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_entities_in_a_workbook_are_never_expanded(declaration: bytes, part: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "e.xlsx", ["Nr", "Betreff"], ["1", "Umzug"])
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(part)
    body = xml.split(b"?>", 1)[1] if xml.startswith(b"<?xml") else xml
    with_part(path, part, b'<?xml version="1.0"?>' + declaration + body.replace(b"Umzug", b"&b;"))

    with pytest.raises(ImportFailedError, match=r"cannot be read \(EntitiesForbidden\)"):
        fates(path, "cases", map=CASE_MAP)


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "e.xlsx", ["Nr", "Betreff"])
    with_part(path, "xl/worksheets/sheet1.xml", b"<x>" + b" " * (40 * MIB))

    with pytest.raises(ImportFailedError, match="unpacks to more than"):
        fates(path, "cases", map=CASE_MAP)


def test_formulas_are_never_computed(tmp_path: Path) -> None:
    rows = [["Nr", "Betreff", "Notiz"], ["1", "=1+1", ""], ["2", "gut", "=1+1"], ["3", "#REF!", ""]]
    found = fates(workbook(tmp_path / "e.xlsx", *rows), "cases", map=CASE_MAP)

    assert [fate.record["subject"] for fate in found if isinstance(fate, Taken)] == ["gut"]
    assert ["formula" in fate.reason for fate in found if isinstance(fate, Quarantined)] == [True, True]


def test_what_a_csv_cell_would_run_stays_a_text(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text('Nr;Betreff\n1;=cmd|"/c calc"!A1\n2;@SUM(1)\n', encoding="utf-8")

    found = fates(tmp_path / "e.csv", "cases", map=CASE_MAP)

    assert [fate.record["subject"] for fate in found if isinstance(fate, Taken)] == ['=cmd|"/c calc"!A1', "@SUM(1)"]


def test_an_oversized_cell_costs_its_row_only(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(f"Nr;Betreff\n1;{'x' * 1_001}\n2;gut\n", encoding="utf-8")

    found = fates(tmp_path / "e.csv", "cases", map=CASE_MAP, limits=ImportLimits(cell=1_000))

    assert [type(fate) for fate in found] == [Quarantined, Taken]
    assert "xxx" not in str(found[0])


def test_a_quote_that_is_never_closed_does_not_fill_the_memory(tmp_path: Path) -> None:
    with (tmp_path / "e.csv").open("w", encoding="utf-8") as out:
        out.write('Nr;Betreff\n1;"offen\n')
        out.writelines(f"{number};{'x' * 10_000}\n" for number in range(2, 2_002))
    tracemalloc.start()
    try:
        found = fates(tmp_path / "e.csv", "cases", map=CASE_MAP)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert [type(fate) for fate in found].count(Taken) == 2_000
    assert peak < 120 * MIB


def test_scripts_and_remote_content_do_not_come_in(tmp_path: Path) -> None:
    body = (
        '<p onclick="x()">Text</p><script>x</script><img src="https://s.example/p.gif"><a href="javascript:x()">a</a>'
    )
    (tmp_path / "e.html").write_text(f'<html lang="de"><title>T</title><body>{body}</body></html>', encoding="utf-8")

    [found] = fates(tmp_path / "e.html", "html")

    assert isinstance(found, Taken)
    assert found.record["body"] == '<p>Text</p><a rel="noopener noreferrer">a</a>'


@pytest.mark.parametrize("text", ["---\n" + "a: {" * 3_000 + "\n---\nText", "---\n" + "- " * 20_000 + "\n---\nText"])
def test_front_matter_without_end_is_quarantined(text: str, tmp_path: Path) -> None:
    (tmp_path / "e.md").write_text(text, encoding="utf-8")

    assert [type(fate) for fate in fates(tmp_path / "e.md")] == [Quarantined]


def test_hidden_files_are_left_alone(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "e.zip", {".git/config.md": SECRET, "__MACOSX/._gut.md": SECRET, "gut.md": GOOD})

    found = fates(path)

    assert titles(found) == ["Umzug"]
    assert [fate.reason for fate in found if isinstance(fate, Skipped)] == ["hidden", "hidden"]
