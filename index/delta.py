"""A snapshot with what changed since: a small layer in memory, made of the store alone.

It follows from the snapshot and the store, never from what was served before, so that every worker has the same one,
also after a restart and over an older snapshot. What the snapshot tells of all records together (statistics of words
and tokens, average items, what heads learned) stays as it is until the next snapshot.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from corpus.changes import Changes
from corpus.codec import from_json
from corpus.fingerprint import content_hash
from corpus.models import PUBLIC, Case, Item, Kind, Pin, Record
from corpus.privacy.masking import MASKED, Masking
from corpus.stored import Key
from index.delta_history import Heirs
from index.delta_reading import ReadCase, Reading, ReadItem
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.layered_cases import CaseChanges, overlaid_cases
from index.layered_items import ItemChanges, overlaid_items
from index.main_language import commonest
from index.searcher import OpenSnapshot
from index.situations import USED_KINDS, UsedKind
from index.space import ItemSpace

Payloads = Callable[[Sequence[str]], Mapping[str, str]]
"""Returns the contents of records, canonical JSON, by their hashes; those that were erased are missing."""

_Read = ReadItem | ReadCase | Pin


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What differs from a snapshot: the content hashes of changed and new records, and what nobody may see any more."""

    written: Mapping[Key, str]
    hidden: frozenset[Key]

    def __len__(self) -> int:
        return len(self.written) + len(self.hidden)


class DeltaIndex:
    """Brings one open snapshot up to date, again and again; used by one thread at a time."""

    def __init__(self, base: OpenSnapshot, encoder: Encoder, cache: EmbeddingCache, masking: Masking = MASKED) -> None:
        self._base = base
        self._reading = Reading(
            encoder=encoder,
            cache=cache,
            masking=masking,
            main_language=commonest(_named(base)),
            lexicons={**{kind: base.items[kind].lexicons for kind in USED_KINDS}, "cases": base.cases.lexicons},
        )
        self._read: dict[str, _Read] = {}
        self._held: dict[Key, str] = {}

    def delta(self, changes: Changes) -> Delta:
        """Return in what the snapshot differs from live edits and burials; what imports brought since is not in it."""
        written: dict[Key, str] = {}
        hidden = {key for key in changes.buried if self._holds(key)}
        for key, edited in changes.edited.items():
            if key in changes.buried:
                continue
            if edited is None:
                hidden |= {key} if self._holds(key) else set()
            elif edited != self._hash_held(key):
                written[key] = edited
        return Delta(written=written, hidden=frozenset(hidden))

    def overlay(self, delta: Delta, payloads: Payloads) -> OpenSnapshot:
        """Return the snapshot with a delta over it; the snapshot itself where there is none."""
        self._read_new(delta, payloads)
        if not delta:
            return self._base
        # What was erased while this was read has no content any more: as good as removed.
        lost = {key for key, content in delta.written.items() if content not in self._read}
        hidden = delta.hidden | {key for key in lost if self._holds(key)}
        found = [(key, self._read[content]) for key, content in delta.written.items() if key not in lost]
        changes = {kind: self._item_changes(kind, found, hidden) for kind in USED_KINDS}
        items = {kind: _overlaid(self._base.items[kind], changes[kind]) for kind in USED_KINDS}
        heirs = {kind: Heirs.of(self._base.items[kind], items[kind], changes[kind].read) for kind in USED_KINDS}
        cases = CaseChanges.of(
            self._base.cases,
            [each for _, each in found if isinstance(each, ReadCase)],
            [record_id for kind, record_id in hidden if kind == "cases"],
        )
        return replace(
            self._base,
            items=items,
            cases=overlaid_cases(self._base.cases, cases, heirs),
            spoken={
                kind: masks.overlaid(
                    {row: (each.words.language,) for row, each in changes[kind].read.items()}, len(items[kind].items)
                )
                for kind, masks in self._base.spoken.items()
            },
            pins=self._base.pins.overlaid(
                [each for _, each in found if isinstance(each, Pin)],
                [record_id for kind, record_id in hidden if kind == "pins"],
            ),
        )

    def _item_changes(self, kind: UsedKind, found: Sequence[tuple[Key, _Read]], hidden: frozenset[Key]) -> ItemChanges:
        return ItemChanges.of(
            self._base.items[kind],
            [each for key, each in found if key[0] == kind and isinstance(each, ReadItem)],
            [record_id for hidden_kind, record_id in hidden if hidden_kind == kind],
        )

    def _read_new(self, delta: Delta, payloads: Payloads) -> None:
        """Read what is new in the delta, and forget what is in it no longer: it may have been erased."""
        kinds: dict[str, Kind] = {content: kind for (kind, _), content in delta.written.items()}
        self._read = {content: each for content, each in self._read.items() if content in kinds}
        for content, payload in payloads([each for each in kinds if each not in self._read]).items():
            record = from_json(kinds[content], json.loads(payload))
            self._read[content] = self._read_record(kinds[content], record, content)

    def _read_record(self, kind: Kind, record: Record, content: str) -> _Read:
        if isinstance(record, Pin):
            return record  # it steers items, and has no words of its own to be found by
        if isinstance(record, Case):
            return self._reading.case(record, content)
        return self._reading.item(kind, record)

    def _holds(self, key: Key) -> bool:
        kind, record_id = key
        if kind == "pins":
            return record_id in self._base.pins.by_id
        return record_id in (self._base.cases.row_of if kind == "cases" else self._base.items[kind].row_of)

    def _hash_held(self, key: Key) -> str | None:
        """Return the content hash of a record as the snapshot holds it; nothing for a case of an older snapshot."""
        if key not in self._held and self._holds(key):
            kind, record_id = key
            if kind == "cases":
                row = self._base.cases.row_of[record_id]
                self._held[key] = self._base.cases.hashes[row] if self._base.cases.hashes else ""
            else:
                self._held[key] = content_hash(self._record_held(kind, record_id))
        return self._held.get(key)

    def _record_held(self, kind: Literal["articles", "templates", "actions", "pins"], record_id: str) -> Item | Pin:
        if kind == "pins":
            return self._base.pins.by_id[record_id]
        space = self._base.items[kind]
        return space.items[space.row_of[record_id]]


def _named(base: OpenSnapshot) -> Counter[str]:
    """Count the languages that public items name, as ``main_language`` does, without a look at each."""
    named: Counter[str] = Counter()
    for space in base.items.values():
        public = space.masks.audience.any_of((PUBLIC,))
        for language, rows in space.masks.language.rows_of.items():
            named[language] += int(np.count_nonzero(public & rows))
    return +named


def _overlaid(base: ItemSpace, changes: ItemChanges) -> ItemSpace:
    return overlaid_items(base, changes) if changes.read or changes.hidden else base
