"""Suggesters over judged sets, built in memory: nothing but the embedding cache is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assist.parts import SuggesterParts
from assist.scorer import Scorer, scorer_without, shipped_scorer
from assist.signing import SuggestionSigner
from assist.suggest import Suggester
from corpus.language import LanguageIdentifier
from corpus.models import KINDS, Kind, Record
from evaluation.questions import JudgedSet
from index.builder import index_records
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.progress import Reporter
from index.searcher import OpenSnapshot, open_blobs

# Ids of suggestions are signed as in service; nobody outside ever sees these.
_SECRET = b"workbench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """What building many suggesters shares. ``scorer`` is the shipped one that they use.

    ``encoder_for`` gives the encoder that a judged set must be measured with, where that is not ``encoder``; ``named``
    opens encoders by name, to measure beside the packaged one: there is none beside another. Without ``rules`` actions
    count as eligible whatever their rules say and however often they were done.
    """

    encoder: Encoder
    cache: EmbeddingCache
    identifier: LanguageIdentifier
    reporter: Reporter
    scorer: Scorer = field(default_factory=shipped_scorer)
    encoder_for: Callable[[JudgedSet], Encoder] | None = None
    named: Callable[[str], Encoder] | None = None
    rules: bool = True

    def fair_to(self, judged: JudgedSet) -> Workbench:
        """Return the workbench with the encoder and the scorer that may be measured on a set: neither saw its like."""
        fair = replace(self, scorer=shipped_scorer(scorer_without(judged.family)))
        return fair if self.encoder_for is None else replace(fair, encoder=self.encoder_for(judged))

    def open(self, records: Mapping[Kind, Sequence[Record]]) -> tuple[OpenSnapshot, Suggester]:
        """Index records (each kind ordered by id; absent kinds are empty) and return them with their suggester."""
        snapshot = self.index(records)
        return snapshot, Suggester(snapshot, self.parts(self.encoder))

    def index(self, records: Mapping[Kind, Sequence[Record]]) -> OpenSnapshot:
        """Index records (each kind ordered by id; absent kinds are empty) in memory."""
        every: dict[Kind, Sequence[Record]] = {kind: records.get(kind, ()) for kind in KINDS}
        # History has its recovered uses already (``evaluation.history_sets``): what is hidden must not come back.
        blobs = index_records(every, self.encoder, self.cache, self.reporter, recover_labels=False)
        return open_blobs(blobs, snapshot_id="workbench", encoder_name=self.encoder.name)

    def parts(self, encoder: Encoder) -> SuggesterParts:
        """Return what a suggester is made of, as shipped, with the given encoder."""
        return SuggesterParts(
            encoder=encoder,
            identifier=self.identifier,
            scorer=self.scorer,
            signer=SuggestionSigner(_SECRET),
            rules=self.rules,
        )
