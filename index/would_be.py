"""What would be live if a folder were imported, without importing it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.codec import from_json
from corpus.diff import CorpusDiff, compare
from corpus.feedback import Evidence
from corpus.folder import Corpus
from corpus.models import KINDS, Kind, Record
from corpus.privacy.agents import AgentKeys
from corpus.store import Store
from corpus.stored import LiveState, Mode, StoredRecord
from index.rows import live_records, rows_of, young_corpus
from index.settings import IndexSettings

Records = Mapping[Kind, list[Record]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldBe:
    """How an import would change the live corpus: what is live now, and what would be (records ordered by id).

    ``evidence`` is what the uses of cases would be learned from beside what these say themselves,
    ``too_old`` how many cases would be passed over because of their age.
    """

    difference: CorpusDiff
    live: Records
    records: Records
    evidence: tuple[Evidence, ...] = ()
    too_old: int = 0


def would_be(settings: IndexSettings, corpus: Corpus, agents: AgentKeys, mode: Mode) -> WouldBe:
    """Return what importing a folder would do; a store that is not there yet is empty. Reads only."""
    if settings.database_url is None and not settings.database_file.exists():
        live: dict[Kind, list[Record]] = {kind: [] for kind in KINDS}
        evidence: tuple[Evidence, ...] = ()
        young, incoming = _incoming(settings, corpus, agents, None)
        difference = compare(None, incoming, mode=mode)
    else:
        with Store.open(settings.database, create=False) as store:
            young, incoming = _incoming(settings, corpus, agents, store)
            difference = compare(store, incoming, mode=mode)
            state: LiveState = store.live_state()
            live = {kind: live_records(store, kind, state) for kind in KINDS}
            evidence = tuple(store.evidence()) if settings.learn_feedback else ()
    return WouldBe(
        difference=difference,
        live=live,
        records=_after(live, incoming, difference),
        evidence=evidence,
        too_old=len(corpus.cases) - len(young.cases),
    )


def _incoming(
    settings: IndexSettings, corpus: Corpus, agents: AgentKeys, store: Store | None
) -> tuple[Corpus, list[StoredRecord]]:
    young = young_corpus(corpus, store, settings)
    return young, [row for rows in rows_of(young, agents).values() for row in rows]


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
