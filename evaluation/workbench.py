"""Suggesters over judged sets, built in memory: nothing but the embedding cache is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assist.confidence import shipped_confidence
from assist.signing import SuggestionSigner
from assist.suggest import Suggester, SuggesterParts
from corpus.language import LanguageIdentifier
from corpus.models import KINDS, Kind, Record
from index.builder import index_records
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.progress import Reporter
from index.searcher import OpenSnapshot, open_blobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """What building many suggesters shares."""

    encoder: Encoder
    cache: EmbeddingCache
    identifier: LanguageIdentifier
    reporter: Reporter

    def open(self, records: Mapping[Kind, Sequence[Record]]) -> tuple[OpenSnapshot, Suggester]:
        """Index records (each kind ordered by id; absent kinds are empty) and return them with their suggester."""
        every: dict[Kind, Sequence[Record]] = {kind: records.get(kind, ()) for kind in KINDS}
        blobs = index_records(every, self.encoder, self.cache, self.reporter)
        snapshot = open_blobs(blobs, snapshot_id="workbench", encoder_name=self.encoder.name)
        parts = SuggesterParts(
            encoder=self.encoder,
            identifier=self.identifier,
            confidence=shipped_confidence(),
            signer=SuggestionSigner(b"workbench"),
        )
        return snapshot, Suggester(snapshot, parts)
