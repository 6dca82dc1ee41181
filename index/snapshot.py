"""Snapshots: immutable directories of named files below ``var/snapshots``, and the ``CURRENT`` pointer to one of them.

    var/snapshots/<id>/manifest.json, …     one snapshot; the id follows from its content
    var/snapshots/CURRENT                   the id of the one that serves
    var/snapshots/ACTIVATIONS.jsonl         what was activated when
    var/snapshots/.tmp-…, .trash-…          unfinished, removed by the next writer

Writing, activating, going back and deleting need the writer lock (`index.locks.WriterLock`); reading needs none.
This module only gathers the names; ``docs/adr/0003-snapshot-format.md`` tells the reasons.
"""

from __future__ import annotations

from index.activation import activate, current, previous, rollback
from index.manifest import EncoderInfo, FileEntry, Manifest
from index.retention import delete, sweep
from index.snapshot_errors import (
    DamagedSnapshotError,
    NoSnapshotError,
    Problem,
    SnapshotError,
    UnknownSnapshotError,
)
from index.snapshot_store import SnapshotInfo, list_snapshots, load_current_or_last_good, verify_all
from index.snapshot_verify import VerifiedSnapshot, load_verified, verify
from index.snapshot_writer import SnapshotWriter

__all__ = [
    "DamagedSnapshotError",
    "EncoderInfo",
    "FileEntry",
    "Manifest",
    "NoSnapshotError",
    "Problem",
    "SnapshotError",
    "SnapshotInfo",
    "SnapshotWriter",
    "UnknownSnapshotError",
    "VerifiedSnapshot",
    "activate",
    "current",
    "delete",
    "list_snapshots",
    "load_current_or_last_good",
    "load_verified",
    "previous",
    "rollback",
    "sweep",
    "verify",
    "verify_all",
]
