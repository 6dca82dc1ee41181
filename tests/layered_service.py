"""A suggester over a snapshot with a delta, made in memory with the toy encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from assist.parts import SuggesterParts
from assist.scorer import shipped_scorer
from assist.signing import SuggestionSigner
from assist.suggest import Suggester
from corpus.codec import canonical_bytes
from corpus.fingerprint import content_hash
from corpus.language import LanguageIdentifier
from corpus.models import KINDS, Kind, Record
from corpus.stored import Key
from index.builder import index_records
from index.delta import Delta, DeltaIndex
from index.embedding_cache import EmbeddingCache
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.searcher import OpenSnapshot, open_blobs

World = Mapping[Kind, Sequence[Record]]


class LayeringIndexer:
    """Turns records into snapshots, and the difference between two corpora into a delta over the first."""

    def __init__(self, folder: Path) -> None:
        self.encoder = open_encoder("toy", folder)
        self.cache = EmbeddingCache(folder / "embeddings.sqlite")
        self._parts = SuggesterParts(
            encoder=self.encoder,
            identifier=LanguageIdentifier.load(),
            scorer=shipped_scorer(),
            signer=SuggestionSigner(b"toy"),
        )

    def snapshot(self, world: World) -> OpenSnapshot:
        """Build an index of a corpus."""
        ordered: dict[Kind, Sequence[Record]] = {
            kind: sorted(world.get(kind, ()), key=lambda record: record.id) for kind in KINDS
        }
        # Recovered uses come with a build only, so they must not tell a layered index from a built one.
        blobs = index_records(ordered, self.encoder, self.cache, SilentReporter(), recover_labels=False)
        return open_blobs(blobs, snapshot_id="toy", encoder_name="toy")

    def layered(self, base: OpenSnapshot, before: World, after: World) -> OpenSnapshot:
        """Bring the index of one corpus up to date with another."""
        delta, payloads = difference(before, after)
        index = DeltaIndex(base, self.encoder, self.cache)
        return index.overlay(delta, lambda hashes: {each: payloads[each] for each in hashes})

    def suggester(self, snapshot: OpenSnapshot) -> Suggester:
        return Suggester(snapshot, self._parts)


def difference(before: World, after: World) -> tuple[Delta, dict[str, str]]:
    """Return the delta that leads from one corpus to another, and the contents that it needs."""
    old: dict[Key, Record] = {(kind, each.id): each for kind in KINDS for each in before.get(kind, ())}
    new: dict[Key, Record] = {(kind, each.id): each for kind in KINDS for each in after.get(kind, ())}
    changed = {key: record for key, record in new.items() if old.get(key) != record}
    payloads = {content_hash(record): canonical_bytes(record).decode() for record in changed.values()}
    written = {key: content_hash(record) for key, record in changed.items()}
    return Delta(written=written, hidden=frozenset(old.keys() - new.keys())), payloads
