"""Uploads: what a corpus is made of is kept for a day, and nothing leads out of its folder."""

from __future__ import annotations

import io
import os
import stat
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assist.local_uploads import KEPT, KEPT_S, LocalUploads
from assist.unavailable import Unavailable
from assist.upload_reading import UNPACKED_FACTOR, UnusableUploadError
from assist.uploads import UploadTooLargeError
from index.erased_lines import remove_names

ROW = b'{"id": "a", "title": "A", "body": "b", "language": "de"}\n'


def packed(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def fault_of(uploads: LocalUploads, body: bytes) -> str:
    with pytest.raises(UnusableUploadError) as caught:
        uploads.keep([body], "zip")
    return str(caught.value)


@pytest.fixture
def uploads(tmp_path: Path) -> LocalUploads:
    return LocalUploads(tmp_path, most_bytes=100_000)


def test_a_zip_of_a_folder_becomes_its_files_and_the_rest_is_named(uploads: LocalUploads) -> None:
    sent = packed({"korpus/articles.jsonl": ROW, "korpus/smoke.jsonl": b"", "korpus/liesmich.txt": b"x", ".git/x": b""})
    kept = uploads.keep([sent[:10], sent[10:]], "zip")

    folder = uploads.folder(kept.id)
    assert folder is not None
    assert (folder / "articles.jsonl").read_bytes() == ROW
    assert kept.files == (("articles.jsonl", len(ROW)), ("smoke.jsonl", 0))
    assert kept.ignored == ("korpus/liesmich.txt",)
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_one_file_is_kept_under_the_name_of_its_kind(uploads: LocalUploads) -> None:
    assert uploads.keep([ROW], "articles").files == (("articles.jsonl", len(ROW)),)


@pytest.mark.parametrize("name", ["../articles.jsonl", "/articles.jsonl", "a\\..\\articles.jsonl", "C:/articles.jsonl"])
def test_a_name_that_leads_out_of_the_archive_refuses_it(uploads: LocalUploads, tmp_path: Path, name: str) -> None:
    assert "leads out of the archive" in fault_of(uploads, packed({name: ROW, "cases.jsonl": b""}))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_link_in_an_archive_is_refused(uploads: LocalUploads) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("articles.jsonl")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert "a link, which is not followed" in fault_of(uploads, out.getvalue())


def test_an_archive_that_unpacks_to_too_much_is_refused(uploads: LocalUploads, tmp_path: Path) -> None:
    bomb = packed({"articles.jsonl": b"\n" * (100_000 * UNPACKED_FACTOR + 1)})
    assert len(bomb) < 100_000
    assert "unpacks to more than 800000 bytes" in fault_of(uploads, bomb)
    assert uploads.all() == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"x", "damaged zip archive"),
        (b"", "empty body"),
        (packed({"a.txt": b"x"}), 'found 1 other files, such as "a.txt", expected articles.jsonl'),
        (packed({"a/articles.jsonl": ROW, "b/articles.jsonl": ROW}), "found articles.jsonl twice"),
    ],
)
def test_what_is_no_corpus_is_refused_with_what_was_found_and_no_path(
    uploads: LocalUploads, tmp_path: Path, body: bytes, told: str
) -> None:
    found = fault_of(uploads, body)
    assert told in found
    assert str(tmp_path) not in found


def test_more_than_may_be_sent_is_refused_while_it_comes(uploads: LocalUploads, tmp_path: Path) -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield b"x" * 60_000

    with pytest.raises(UploadTooLargeError):
        uploads.keep(endless(), "articles")
    assert len(taken) == 2
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_only_the_newest_few_of_the_last_day_are_kept(uploads: LocalUploads, tmp_path: Path) -> None:
    ids = [uploads.keep([ROW], "articles").id for _ in range(KEPT)]
    for age, name in enumerate(ids, start=1):
        os.utime(tmp_path / "uploads" / name, (time.time() - 60 * age, time.time() - 60 * age))
    newest = uploads.keep([ROW], "articles").id
    assert [each.id for each in uploads.all()] == [newest, *ids[:-1]]

    old = time.time() - KEPT_S - 1
    os.utime(tmp_path / "uploads" / newest, (old, old))
    assert uploads.folder(newest) is None
    assert not (tmp_path / "uploads" / newest).exists()


def test_an_upload_goes_after_its_day_though_nobody_asks(uploads: LocalUploads, tmp_path: Path) -> None:
    kept = uploads.keep([ROW], "articles").id
    os.utime(tmp_path / "uploads" / kept, (0, 0))
    uploads.sweep()
    assert not (tmp_path / "uploads" / kept).exists()


@pytest.mark.parametrize("name", ["..", ".", "", "x", "0123456789abcdef/..", "0123456789ABCDEF"])
def test_an_id_is_never_a_path(uploads: LocalUploads, name: str) -> None:
    uploads.keep([ROW], "articles")
    assert uploads.folder(name) is None
    assert not uploads.remove(name)
    assert len(uploads.all()) == 1


def test_one_upload_at_a_time(uploads: LocalUploads) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[bytes]:
        begun.set()
        go_on.wait(30)
        yield ROW

    first = threading.Thread(target=uploads.keep, args=(slow(), "articles"))
    first.start()
    assert begun.wait(30)
    with pytest.raises(Unavailable):
        uploads.keep([ROW], "articles")
    go_on.set()
    first.join()
    assert len(uploads.all()) == 1


def test_an_erasure_takes_every_upload_whatever_is_in_it(uploads: LocalUploads, tmp_path: Path) -> None:
    uploads.keep([packed({"cases.jsonl": b'{"id": "c1", "subject": "x"}\n'})], "zip")
    assert remove_names(tmp_path, []) == {"lines": 0, "files": 0}
    assert len(uploads.all()) == 1
    assert remove_names(tmp_path, ["anderer"]) == {"lines": 0, "files": 1}
    assert uploads.all() == []
