"""Which snapshots hold what was erased or purged since they were built."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus.models import KINDS, Kind
from corpus.stored import Key
from index.snapshot_errors import SnapshotError
from index.snapshot_verify import read_manifest, snapshot_directory, snapshot_ids

# So few names are looked for in a file before it is parsed.
_FEW = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What no snapshot may hold: erased records and pseudonyms, and cases closed before a time."""

    keys: frozenset[Key] = frozenset()
    pseudonyms: frozenset[str] = frozenset()
    closed_before: datetime | None = None

    def has(self, kind: Kind, record: Mapping[str, Any]) -> bool:
        """Return whether a record of a snapshot is among it."""
        if (kind, record["id"]) in self.keys or record.get("agent") in self.pseudonyms:
            return True
        if kind != "cases" or self.closed_before is None or record.get("closed_at") is None:
            return False
        return datetime.fromisoformat(record["closed_at"]) < self.closed_before

    def may_be_in(self, kind: Kind, data: bytes) -> bool:
        """Return whether the lines of a kind are worth parsing; cheap, and never wrong where it says no."""
        if kind == "cases" and self.closed_before is not None:
            return True
        names = {*(name for of, name in self.keys if of == kind), *self.pseudonyms}
        return len(names) > _FEW or any(json.dumps(name, ensure_ascii=False).encode() in data for name in names)


def holding(var: Path, gone: Gone) -> tuple[str, ...]:
    """Return the snapshots that hold any of it; one that cannot be read counts, for nobody knows what is in it."""
    return tuple(each for each in snapshot_ids(var) if _holds(var, each, gone))


def cases_of_customer(var: Path, customer_id: str) -> frozenset[str]:
    """Return the ids of a customer's cases in all snapshots that can be read, which may know more than the store."""
    found: set[str] = set()
    for snapshot_id in snapshot_ids(var):
        with contextlib.suppress(OSError, ValueError, KeyError, SnapshotError):
            data = _lines(var, snapshot_id, "cases")
            if json.dumps(customer_id, ensure_ascii=False).encode() in data:
                found |= {record["id"] for record in _records(data) if record.get("customer_id") == customer_id}
    return frozenset(found)


def _holds(var: Path, snapshot_id: str, gone: Gone) -> bool:
    try:
        for kind in KINDS:
            data = _lines(var, snapshot_id, kind)
            if gone.may_be_in(kind, data) and any(gone.has(kind, record) for record in _records(data)):
                return True
    except (OSError, ValueError, KeyError, TypeError, SnapshotError):
        return True
    return False


def _lines(var: Path, snapshot_id: str, kind: Kind) -> bytes:
    name = f"{kind}.jsonl"
    files = read_manifest(var, snapshot_id).files
    if kind == "pins" and name not in files:
        return b""  # a snapshot has this file only if it has pins
    data = (snapshot_directory(var, snapshot_id) / name).read_bytes()
    if sha256(data).hexdigest() != files[name].sha256:
        raise ValueError(f"{name} of {snapshot_id} is not what was written")  # its other files may hold what it lacks
    return data


def _records(data: bytes) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, data.splitlines())
