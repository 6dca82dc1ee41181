"""Putting a backup in the place of a lost or damaged store: what was erased since does not come back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.database import sqlite_file
from corpus.ledger import LEDGER, append_entry, read_ledger
from index.backup import DATABASE, Backup, read_backup
from index.durable import copy_file
from index.erased_copies import replay_erasures
from index.guards import RefusedError
from index.locks import WriterLock
from index.own_encoder import retire_own_encoder
from index.settings import IndexSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did: the backup, the files that were put in place, and the erasures that were done again."""

    backup: Backup
    files: int
    erased_again: int


def restore(settings: IndexSettings, folder: Path, *, force: bool = False) -> Restored:
    """Put a backup in place, then erase again what was erased after it was made.

    What is there stays (ledger, secrets, keys of agents, encoders, rankers), for it is newer; only the store is
    replaced, and only with ``force``. Raises ``BackupError``, ``RefusedError``, ``WriterBusyError``, ``StoreError``.
    """
    backup = read_backup(folder)
    database = sqlite_file(settings.database)
    with WriterLock(settings.var):
        if backup.has_store and database is None:
            raise RefusedError(
                f"{folder} holds a store in SQLite, and ASSIST_DATABASE_URL names a server, expected a file: restore "
                "the server's database by its own means"
            )
        if backup.has_store and database is not None and database.exists() and not force:
            raise RefusedError(
                f"{database} is there already, expected none: whatever was written since {backup.made_at} is lost when "
                "it is replaced, but erasures. Move it away, or force the restore (FORCE=1, --force)"
            )
        _add_to_ledger(settings, folder / LEDGER)
        put = [name for name in backup.files if name not in (DATABASE, LEDGER) and _put(folder, settings.var, name)]
        if backup.has_store and database is not None:
            _replace_database(folder / DATABASE, database)
        again = replay_erasures(settings)
        if again:  # an encoder that was fitted before an erasure may have learned from what went
            retire_own_encoder(settings)
    return Restored(backup=backup, files=len(put) + backup.has_store, erased_again=again)


def _add_to_ledger(settings: IndexSettings, saved: Path) -> None:
    known = {entry.receipt for entry in read_ledger(settings.erasures).entries}
    for entry in read_ledger(saved).entries:
        if entry.receipt not in known:
            append_entry(settings.erasures, entry)


def _put(folder: Path, var: Path, name: str) -> bool:
    target = var / name
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    copy_file(folder / name, target)
    return True


def _replace_database(saved: Path, database: Path) -> None:
    database.parent.mkdir(parents=True, exist_ok=True)
    # The journal of the store that goes would be played back into the one that comes.
    database.with_name(f"{database.name}-journal").unlink(missing_ok=True)
    copy_file(saved, database)
