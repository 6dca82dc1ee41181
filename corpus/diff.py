"""What an import would do to the live corpus; the import itself asks here, so what was shown is what happens."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from corpus.layers import NOTHING, Layers
from corpus.models import KINDS, Kind
from corpus.stored import Key, Mode, StoredRecord

Verdict = Literal["new", "changed", "removed", "unchanged", "refused", "conflicts"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

IdsByKind = Mapping[Kind, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusDiff:
    """The ids of each verdict by kind (every kind is there), ascending by code point.

    ``new``, ``changed`` and ``removed`` say how the live corpus changes; ``unchanged`` came and is live as it came;
    ``refused`` came but was erased or withdrawn before; ``conflicts`` disagree with a live edit, which stays.
    """

    new: IdsByKind
    changed: IdsByKind
    removed: IdsByKind
    unchanged: IdsByKind
    refused: IdsByKind
    conflicts: IdsByKind

    def ids(self, verdict: Verdict) -> IdsByKind:
        """Return the ids of a verdict by kind."""
        found: IdsByKind = getattr(self, verdict)
        return found

    def counts(self) -> dict[str, dict[str, int]]:
        """Return ``{kind: {verdict: number}}``."""
        return {kind: {verdict: len(self.ids(verdict)[kind]) for verdict in VERDICTS} for kind in KINDS}

    def total(self, verdict: Verdict) -> int:
        """Return the number of ids of a verdict over all kinds."""
        return sum(map(len, self.ids(verdict).values()))


class HasLayers(Protocol):
    """A store that can be compared with."""

    def layers(self) -> Layers:
        """Return the layers of all records."""
        ...


def compare(store: HasLayers | None, incoming: Iterable[StoredRecord], *, mode: Mode = "full") -> CorpusDiff:
    """Return what importing ``incoming`` would do to ``store`` (None: a store that is not there yet); reads only."""
    hashes = {record.key: record.content_hash for record in incoming}
    return diff(store.layers() if store is not None else NOTHING, hashes, mode)


def diff(layers: Layers, incoming: Mapping[Key, str], mode: Mode) -> CorpusDiff:
    """Sort the ``incoming`` content hashes, and in mode ``full`` what they lack, by what happens to them."""
    found: dict[Verdict, dict[Kind, list[str]]] = {verdict: {kind: [] for kind in KINDS} for verdict in VERDICTS}
    for key, content_hash in incoming.items():
        found[_verdict(layers, key, content_hash)][key[0]].append(key[1])
    for key in absent(layers, incoming, mode):
        if key not in layers.edited:
            found["removed"][key[0]].append(key[1])
        elif layers.edited[key] is not None:
            found["conflicts"][key[0]].append(key[1])
    return CorpusDiff(
        **{verdict: {kind: tuple(sorted(ids)) for kind, ids in by_kind.items()} for verdict, by_kind in found.items()}
    )


def absent(layers: Layers, incoming: Container[Key], mode: Mode) -> list[Key]:
    """Return what imports have brought and a full import lacks; an upsert says nothing about what it lacks."""
    if mode == "upsert":
        return []
    brought = (key for key, content_hash in layers.imported.items() if content_hash is not None)
    return sorted(key for key in brought if key not in incoming and key not in layers.buried)


def conflict_message(layers: Layers, key: Key, *, came: bool) -> str:
    """Say how an import disagrees with a live edit, and how to settle it; ``came`` is whether it has the record."""
    if not came:
        return (
            "The import lacks this record, which was edited live: the edit stays. To follow the import, delete it live"
        )
    if layers.edited[key] is None:
        return "The import has this record, which was removed live: it stays removed. To take it, write it live"
    return "The import has another content than the live edit: the edit stays. To take the import's, write that live"


def _verdict(layers: Layers, key: Key, content_hash: str) -> Verdict:
    if key in layers.buried:
        return "refused"
    live = layers.live_hash(key)
    if live == content_hash:
        return "unchanged"
    if key in layers.edited:
        return "conflicts"
    return "new" if live is None else "changed"
