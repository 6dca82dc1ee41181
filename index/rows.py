"""Records between the corpus folder, the store of record, and the snapshot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from corpus.codec import canonical_bytes, from_json
from corpus.diff import CorpusDiff
from corpus.fingerprint import content_hash
from corpus.folder import Corpus
from corpus.models import KINDS, Case, Kind, Record
from corpus.privacy.agents import AgentKeys
from corpus.retention import young_enough
from corpus.store import Store
from corpus.stored import LiveState, StoredRecord
from index.settings import IndexSettings

# What the store remembers of a record at each import, its indexes included, beside the content.
_VERSION_BYTES = 400


def rows_of(corpus: Corpus, agents: AgentKeys) -> dict[Kind, list[StoredRecord]]:
    """Return the records of a corpus folder as the store keeps them."""
    return {kind: [stored(kind, record, agents) for record in getattr(corpus, kind)] for kind in KINDS}


def young_corpus(corpus: Corpus, store: Store | None, settings: IndexSettings) -> Corpus:
    """Return a corpus without the cases that are too old to be kept; what the store holds waits for a purge."""
    closed_before = settings.retention.cases_closed_before(datetime.now(UTC))
    if closed_before is None:
        return corpus
    held = store.live_state().hashes["cases"] if store is not None else {}
    return replace(corpus, cases=young_enough(corpus.cases, held, closed_before))


def stored(kind: Kind, record: Record, agents: AgentKeys, *, before: Record | None = None) -> StoredRecord:
    """Return a record as the store keeps it: agents as keyed hashes. Nothing else makes records for the store.

    A case without an agent, which nobody is ever shown, keeps that of ``before``, what the store holds of it.
    """
    kept = record
    if isinstance(record, Case):
        kept = agents.hide(record, before=before if isinstance(before, Case) else None)
    payload = canonical_bytes(kept).decode("utf-8")
    return StoredRecord(kind=kind, id=kept.id, content_hash=content_hash(kept), payload=payload)


def import_bytes(rows: Mapping[Kind, Sequence[StoredRecord]], difference: CorpusDiff) -> int:
    """Return how many bytes at least the store grows by when it imports ``rows``, which ``difference`` tells of."""
    fresh = {kind: {*difference.new[kind], *difference.changed[kind]} for kind in rows}
    contents = sum(len(row.payload.encode()) for kind in rows for row in rows[kind] if row.id in fresh[kind])
    return contents + _VERSION_BYTES * sum(map(len, rows.values()))


def live_records(store: Store, kind: Kind, state: LiveState) -> list[Record]:
    """Return the live records of a kind at one moment, ordered by id."""
    payloads: Iterable[tuple[str, str, str]] = store.live_records(kind, of=state)
    return [from_json(kind, json.loads(payload)) for _, _, payload in payloads]
