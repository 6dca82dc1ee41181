"""What would be live if a folder were imported, without importing it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.codec import from_json
from corpus.diff import CorpusDiff, compare
from corpus.feedback import Evidence
from corpus.models import KINDS, Kind, Record
from corpus.store import Store
from corpus.stored import LiveState, Mode, StoredRecord
from index.rows import live_records
from index.settings import IndexSettings

Records = Mapping[Kind, list[Record]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldBe:
    """How an import would change the live corpus: what is live now, and what would be (records ordered by id).

    ``evidence`` is what the uses of cases would be learned from beside what these say themselves.
    """

    difference: CorpusDiff
    live: Records
    records: Records
    evidence: tuple[Evidence, ...] = ()


def would_be(settings: IndexSettings, rows: Iterable[StoredRecord], mode: Mode) -> WouldBe:
    """Return what importing ``rows`` would do; a store that is not there yet is empty. Reads only."""
    incoming = list(rows)
    if settings.database_url is None and not settings.database_file.exists():
        live: dict[Kind, list[Record]] = {kind: [] for kind in KINDS}
        evidence: tuple[Evidence, ...] = ()
        difference = compare(None, incoming, mode=mode)
    else:
        with Store.open(settings.database, create=False) as store:
            difference = compare(store, incoming, mode=mode)
            state: LiveState = store.live_state()
            live = {kind: live_records(store, kind, state) for kind in KINDS}
            evidence = tuple(store.evidence()) if settings.learn_feedback else ()
    return WouldBe(difference=difference, live=live, records=_after(live, incoming, difference), evidence=evidence)


def _after(live: Records, incoming: Iterable[StoredRecord], difference: CorpusDiff) -> dict[Kind, list[Record]]:
    found: dict[Kind, dict[str, Record]] = {kind: {record.id: record for record in live[kind]} for kind in KINDS}
    taken = {kind: {*difference.new[kind], *difference.changed[kind]} for kind in KINDS}
    for row in incoming:
        if row.id in taken[row.kind]:
            found[row.kind][row.id] = from_json(row.kind, json.loads(row.payload))
    for kind in KINDS:
        for record_id in difference.removed[kind]:
            found[kind].pop(record_id, None)
    return {kind: [found[kind][key] for key in sorted(found[kind])] for kind in KINDS}
