"""Suggesters over parts of one history: each part is indexed once, whichever kind of item is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assist.parts import SuggesterParts
from corpus.models import KINDS, Kind, Record
from corpus.privacy.masking import MASKED, Masking
from evaluation.questions import JudgedSet
from evaluation.workbench import Workbench
from index.builder import index_records
from index.encoder import Encoder
from index.searcher import OpenSnapshot, open_blobs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Indexed:
    """An index, and the records it is of: as long as they are held, no others can have their identities."""

    records: Mapping[Kind, Sequence[Record]]
    snapshot: OpenSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWorkbench(Workbench):
    """A workbench over the records of one store, with the masking that serves; remembers what it indexed."""

    masking: Masking = MASKED
    indexed: dict[tuple[int, ...], _Indexed] = field(default_factory=dict)

    def fair_to(self, judged: JudgedSet) -> Workbench:
        """Return the workbench itself: no shipped part ever saw the cases of a store."""
        return self

    def index(self, records: Mapping[Kind, Sequence[Record]]) -> OpenSnapshot:
        """Index records in memory, unless just these were before."""
        every: dict[Kind, Sequence[Record]] = {kind: records.get(kind, ()) for kind in KINDS}
        key = tuple(id(record) for kind in KINDS for record in every[kind])
        if key not in self.indexed:
            blobs = index_records(every, self.encoder, self.cache, self.reporter, self.masking, recover_labels=False)
            snapshot = open_blobs(blobs, snapshot_id="workbench", encoder_name=self.encoder.name)
            self.indexed[key] = _Indexed(records=every, snapshot=snapshot)
        return self.indexed[key].snapshot

    def parts(self, encoder: Encoder) -> SuggesterParts:
        """Return what a suggester is made of, masking as the service does."""
        return replace(Workbench.parts(self, encoder), masking=self.masking)

    def afresh(self) -> OwnWorkbench:
        """Return a workbench that has indexed nothing yet."""
        return replace(self, indexed={})
