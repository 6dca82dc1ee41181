"""What is live, defined once: live edits lie over imports, tombstones over both.

1. A record with a tombstone is not live.
2. Else its latest live edit decides (origin ``rest``), if it ever had one: a removal means not live.
3. Else the imports decide. Undone imports do not count, nor what is older than the latest full import that counts:
   a full import is the whole of what imports bring. Of the rest the latest version decides, a removal means not live.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, Subquery, func, select

from corpus.fingerprint import corpus_fingerprint
from corpus.models import KINDS, Kind
from corpus.stored import Key, LiveState
from corpus.tables import imports, record_versions, tombstones

Versions = Mapping[Key, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """The deciding version of every record in each layer: a content hash, or None for a removal."""

    imported: Versions
    edited: Versions
    buried: Set[Key]

    def live_hash(self, key: Key) -> str | None:
        """Return the content hash of the live record, or None when it is not live."""
        if key in self.buried:
            return None
        return self.edited[key] if key in self.edited else self.imported.get(key)

    def live(self) -> dict[Kind, dict[str, str]]:
        """Return the content hash of every live record by kind and id, ids ascending by code point."""
        found: dict[Kind, dict[str, str]] = {kind: {} for kind in KINDS}
        for key in sorted(self.imported.keys() | self.edited.keys()):
            content_hash = self.live_hash(key)
            if content_hash is not None:
                found[key[0]][key[1]] = content_hash
        return found


NOTHING = Layers(imported={}, edited={}, buried=frozenset())


def read_layers(connection: Connection, key: Key | None = None) -> Layers:
    """Read the layers of all records, or of the one named by ``key``."""
    return Layers(
        imported=_deciding(connection, _counting_imports(), key),
        edited=_deciding(connection, record_versions.c.import_id.is_(None), key),
        buried=read_buried(connection, key),
    )


def read_live_state(connection: Connection) -> LiveState:
    """Read sequence number, fingerprint and content hashes of the live corpus."""
    live = read_layers(connection).live()
    return LiveState(sequence=read_sequence(connection), fingerprint=fingerprint_of(live), hashes=live)


def read_sequence(connection: Connection) -> int:
    """Read the number of the newest version row; 0 in an empty store."""
    return connection.scalar(select(func.max(record_versions.c.seq))) or 0


def fingerprint_of(live: Mapping[Kind, Mapping[str, str]]) -> str:
    """Return the corpus fingerprint of the live records."""
    return corpus_fingerprint((kind, record_id, found) for kind in KINDS for record_id, found in live[kind].items())


def read_buried(connection: Connection, key: Key | None = None) -> frozenset[Key]:
    """Read which records have a tombstone: all, or whether the one named by ``key`` has."""
    query = select(tombstones.c.kind, tombstones.c.record_id)
    if key is not None:
        query = query.where(tombstones.c.kind == key[0], tombstones.c.record_id == key[1])
    return frozenset((kind, record_id) for kind, record_id in connection.execute(query))


def _counting_imports() -> ColumnElement[bool]:
    not_undone = imports.c.undone_at.is_(None)
    latest_full = select(func.coalesce(func.max(imports.c.id), 0)).where(imports.c.mode == "full", not_undone)
    counting = select(imports.c.id).where(not_undone, imports.c.id >= latest_full.scalar_subquery())
    return record_versions.c.import_id.in_(counting)


def _deciding(connection: Connection, layer: ColumnElement[bool], key: Key | None) -> dict[Key, str | None]:
    versions = record_versions.c
    latest = _only(select(func.max(versions.seq).label("seq")).where(layer), key)
    newest: Subquery = latest.group_by(versions.kind, versions.record_id).subquery()
    query = select(versions.kind, versions.record_id, versions.content_hash).join(newest, versions.seq == newest.c.seq)
    return {(kind, record_id): content_hash for kind, record_id, content_hash in connection.execute(query)}


def _only(query: Select[int], key: Key | None) -> Select[int]:
    if key is None:
        return query
    return query.where(record_versions.c.kind == key[0], record_versions.c.record_id == key[1])
