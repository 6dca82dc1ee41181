"""Backups of a state: what cannot be built again, copied while the service runs, and put back without the erased.

A backup is a folder with a manifest of hashes. Snapshots and caches are not in it: a build makes them from the store.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus import VERSION
from corpus.copying import copy_database
from corpus.database import sqlite_file
from corpus.ledger import LEDGER
from corpus.times import format_time
from index.backup_errors import BackupError
from index.durable import hash_file, replace_file, sync_directory
from index.guards import RefusedError
from index.settings import IndexSettings

MANIFEST = "backup.json"
DATABASE = "stichwort.db"
SECRETS = ("secret.key", "token.key", "agent-keys.json")
FOLDERS = ("encoders", "rankers")
_FORM = 1
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A whole backup: hashes of its files by their names within it; ``has_store`` tells whether the store is one."""

    made_at: str
    files: Mapping[str, str]

    @property
    def has_store(self) -> bool:
        """Whether the store is in it; one on a server is saved by that server's own means."""
        return DATABASE in self.files


def write_backup(settings: IndexSettings, folder: Path, now: datetime) -> Backup:
    """Copy store, ledger, secrets, smoke questions, own encoders and rankers into a new folder.

    The folder comes to be under its name when it is whole. Raises ``RefusedError`` where it is there already, and
    ``StoreError`` or ``OSError`` where something cannot be copied; nothing is left then.
    """
    if folder.exists():
        raise RefusedError(
            f"{folder} is there already, expected a name that is free: each backup has a folder of its own"
        )
    building = folder.with_name(folder.name + _UNFINISHED)
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True, mode=0o700)
    try:
        database = sqlite_file(settings.database)
        if database is not None and database.exists():
            copy_database(database, building / DATABASE)
        for name in _beside(settings.var):
            _copy(settings.var / name, building / name)
        # Last: what is erased while this runs is in the ledger, though perhaps still in the copy of the store.
        if settings.erasures.exists():
            _copy(settings.erasures, building / LEDGER)
        backup = _seal(building, now)
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    sync_directory(folder.parent)
    return backup


def read_backup(folder: Path) -> Backup:
    """Return the backup in a folder, every file of which was compared with its hash; raises ``BackupError``."""
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        form, backup = said["form"], Backup(made_at=str(said["made_at"]), files=dict(said["files"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(
            f"{folder} has no {MANIFEST} that can be read ({type(error).__name__}), expected a folder that "
            "`make backup` made"
        ) from error
    if form != _FORM:
        raise BackupError(
            f"{folder} is a backup of form {form!r}, expected {_FORM}: restore it with the version that made it"
        )
    for name, expected in backup.files.items():
        path = folder / name
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise BackupError(
                f"{folder / MANIFEST} names {name!r}, expected names within the folder: take another backup"
            )
        found = hash_file(path) if path.is_file() else "no such file"
        if found != expected:
            raise BackupError(f"{path}: found {found}, expected SHA-256 {expected}: take another backup")
    return backup


def _beside(var: Path) -> Iterator[str]:
    """Yield the names of files below the state that are copied as they are."""
    yield from (name for name in (*SECRETS, "smoke.jsonl") if (var / name).is_file())
    for folder in FOLDERS:
        for path in sorted((var / folder).rglob("*")):
            name = path.relative_to(var)
            # What is just being fitted or learned begins with a dot.
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                yield name.as_posix()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _seal(folder: Path, now: datetime) -> Backup:
    files = {
        path.relative_to(folder).as_posix(): hash_file(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }
    backup = Backup(made_at=format_time(now), files=files)
    document = {"form": _FORM, "made_at": backup.made_at, "version": VERSION, "files": files}
    replace_file(folder / MANIFEST, (json.dumps(document, indent=2, sort_keys=True) + "\n").encode())
    return backup
