"""Undoing an import: in the store, and in what serves."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from corpus.differences import Changes, changes_between
from corpus.store import Store
from corpus.store_errors import StoreError
from corpus.stored import ImportEntry, LiveState
from index.builder import Check, index_store
from index.encoder import Encoder
from index.importing import COMMAND_LINE
from index.manifest import Manifest
from index.progress import Reporter
from index.settings import IndexSettings
from index.snapshot import SnapshotError, current
from index.snapshot_verify import read_manifest
from index.written_store import store_to_write


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """An import that was undone, how the live corpus changed by it, and the snapshot that serves now.

    ``changes`` is ``None`` where the import had been undone before and only the snapshot was still missing.
    """

    entry: ImportEntry
    changes: Changes | None
    snapshot: Manifest


def undo(
    settings: IndexSettings,
    encoder: Encoder,
    import_id: int,
    reporter: Reporter,
    *,
    check: Check | None = None,
    by: str = COMMAND_LINE,
) -> Undone:
    """Undo an import and let what is live then serve; edits, withdrawals and erasures since stay as they are.

    An import that was undone already is an error, unless the snapshot that shows it is missing: then it is built.
    """
    with store_to_write(settings, create=False) as store:
        entry = _entry(store, import_id)
        changes: Changes | None = None
        if entry.undone_at is None or _is_shown(settings, store):
            states: list[LiveState] = []
            entry = store.undo_import(import_id, by=by, written=lambda before, after: states.extend((before, after)))
            changes = changes_between(states[0].hashes, states[1].hashes)
        return Undone(
            entry=entry,
            changes=changes,
            snapshot=index_store(store, settings, encoder, reporter, check=check, by=by),
        )


class _SeenError(Exception):
    """Ends a transaction that was begun to look at what it would do."""


def preview(settings: IndexSettings, import_id: int, *, busy_timeout_s: float) -> Changes:
    """Return how the live corpus would change if an import were undone now; nothing is written.

    Raises ``StoreError`` when there is no such import, or it cannot be undone.
    """
    states: list[LiveState] = []

    def look(before: LiveState, after: LiveState) -> None:
        states.extend((before, after))
        raise _SeenError  # what is raised here undoes the undoing

    opened = Store.open(settings.database, create=False, busy_timeout_s=busy_timeout_s)
    with opened as store, contextlib.suppress(_SeenError):
        store.undo_import(_entry(store, import_id).id, written=look)
    return changes_between(states[0].hashes, states[1].hashes)


def _entry(store: Store, import_id: int) -> ImportEntry:
    imports = {each.id: each for each in store.imports()}
    if import_id not in imports:
        known = f"1 to {max(imports)}" if imports else "none yet"
        raise StoreError(f"Found no import {import_id}; expected the number of one in `make imports` (there: {known})")
    return imports[import_id]


def _is_shown(settings: IndexSettings, store: Store) -> bool:
    try:
        serving = current(settings.var)
        return serving is not None and read_manifest(settings.var, serving).corpus_fingerprint == store.fingerprint()
    except SnapshotError:
        return False
