"""What differs between the records of two snapshots."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from corpus.differences import Changes, changes_between
from corpus.models import KINDS, Kind
from index.snapshot_errors import DamagedSnapshotError, UnknownSnapshotError
from index.snapshot_verify import read_manifest, snapshot_directory, snapshot_ids, verify


def compare_snapshots(var: Path, before: str, after: str) -> Changes:
    """Return how the records of one snapshot differ from those of another.

    Raises ``UnknownSnapshotError`` and ``DamagedSnapshotError``.
    """
    return changes_between(_hashes(var, before), _hashes(var, after))


def _hashes(var: Path, snapshot_id: str) -> dict[Kind, dict[str, str]]:
    if snapshot_id not in snapshot_ids(var):
        raise UnknownSnapshotError(snapshot_id)
    if problems := verify(var, snapshot_id):
        raise DamagedSnapshotError(problems)
    directory = snapshot_directory(var, snapshot_id)
    # What the manifest does not name was not there to be written: a snapshot has a file of pins only if it has pins.
    files = {kind: f"{kind}.jsonl" for kind in KINDS}
    held = read_manifest(var, snapshot_id).files
    return {kind: _hashes_of_lines((directory / name).read_bytes()) for kind, name in files.items() if name in held}


def _hashes_of_lines(lines: bytes) -> dict[str, str]:
    # Only line feeds end a record; a text may hold other breaks.
    rows = (line for line in lines.split(b"\n") if line)
    return {json.loads(line)["id"]: hashlib.sha256(line).hexdigest() for line in rows}
