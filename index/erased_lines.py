"""Taking what was erased out of files that are neither store nor index: quarantined rows, runs, reports, jobs."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from index.durable import replace_file, sync_directory

# Folders under the state directory into which programs write what names cases.
FOLDERS = ("evaluation", "jobs", "out", "reports", "runs")
UPLOADS = "uploads"
"""The folder of corpora that were sent over REST; nobody has read them, so that they go as a whole."""
# Lines of these stand for themselves; any other file is gone as a whole, for half of it would say something wrong.
_OF_LINES = frozenset({".jsonl", ".trec", ".tsv", ".csv", ".txt", ".log", ".run", ".qrels"})
_REBUILT = frozenset({".sqlite", ".sqlite-journal"})


def remove_names(var: Path, names: Collection[str]) -> dict[str, int]:
    """Remove lines that name one of ``names``, ids of cases or customers, and files that cannot be read by lines.

    Uploads that wait to be imported go, whatever is in them. Caches of vectors under the folders go as a whole, for
    they do not tell of whom they are. Returns how many lines and files went. Raises ``OSError``.
    """
    named = _pattern(names) if names else None
    lines = files = 0
    for path in sorted(_candidates(var)):
        if path.suffix in _REBUILT:
            path.unlink()
            files += 1
        elif named is not None and path.suffix in _OF_LINES:
            lines += _filter(path, named)
        elif named is not None and named.search(path.read_bytes()):
            path.unlink()
            files += 1
    return {"lines": lines, "files": files + (_remove_uploads(var) if names else 0)}


def _remove_uploads(var: Path) -> int:
    uploads = list(_files(var / UPLOADS))
    for path in uploads:
        path.unlink(missing_ok=True)
    for folder in (var / UPLOADS).glob("*/"):
        shutil.rmtree(folder, ignore_errors=True)
    return len(uploads)


def _candidates(var: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from _files(var / folder)
    listed = var.iterdir() if var.is_dir() else ()
    known = {*FOLDERS, UPLOADS, "snapshots", "cache", "encoders", "rankers"}
    for path in listed:
        if path.name not in known and not path.is_symlink():
            found = [path] if path.is_file() else _files(path)
            yield from (each for each in found if each.name.startswith("quarantine") and each.suffix == ".jsonl")


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        if Path(place) == folder and folder.name == "evaluation":
            folders[:] = [each for each in folders if each != "encoders"]  # fitted on shipped material only
        yield from (path for name in names if not (path := Path(place) / name).is_symlink() and path.is_file())


def _filter(path: Path, named: re.Pattern[bytes]) -> int:
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not named.search(line)]
    if len(kept) < len(lines):
        replace_file(path, b"".join(kept))
        sync_directory(path.parent)
    return len(lines) - len(kept)


def _pattern(names: Collection[str]) -> re.Pattern[bytes]:
    """Return what finds a name as a whole field of a line or a whole text of JSON, however that is escaped."""
    spelt = {
        form for name in names for form in (name, json.dumps(name)[1:-1], json.dumps(name, ensure_ascii=False)[1:-1])
    }
    either = b"|".join(re.escape(form.encode()) for form in sorted(spelt))
    return re.compile(rb"(?:^|[\s,;\"'])(?:" + either + rb")(?:$|[\s,;\"'])", re.MULTILINE)
