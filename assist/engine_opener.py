"""Opening one snapshot after the other, for a process that goes on serving."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from assist.following import OpenedEngine
from assist.opening import Memories, encoder_for, open_followed, parts_of
from assist.parts import SuggesterParts
from assist.scorer import shipped_scorer
from assist.settings import Settings
from assist.suggest import Suggester
from corpus.changes import ChangeFeed
from corpus.secret_files import SecretFileError
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.encoders.recent import RecentEncodings
from index.erased_copies import replay_erasures
from index.read_ahead import ReadAhead
from index.snapshot_verify import VerifiedSnapshot

_log = logging.getLogger(__name__)


class EngineOpener:
    """Opens snapshots; used by one thread at a time.

    The encoder and what else is needed come with the first snapshot, in the background: a worker answers health probes
    meanwhile. A later snapshot of another encoder brings its own; requests in flight keep the parts they began with.
    ``ahead`` reads the first ones.
    """

    def __init__(self, settings: Settings, memories: Memories, ahead: ReadAhead) -> None:
        self._settings, self._memories, self._ahead = settings.for_requests(), memories, ahead
        self._feed = ChangeFeed(settings.index.database, settings.index.erasures)
        self._cache = EmbeddingCache(settings.index.embedding_cache)
        self._parts: SuggesterParts | None = None
        self._expected: Future[SuggesterParts | None] | None = None

    def prepare(self) -> None:
        """Begin to load what the first snapshot will need, while its files are verified; returns at once."""
        self._ahead.begin()
        if self._parts is None and self._expected is None:
            worker = ThreadPoolExecutor(1, thread_name_prefix="prepare")
            self._expected = worker.submit(self._expected_parts)
            worker.shutdown(wait=False)

    def __call__(self, verified: VerifiedSnapshot) -> OpenedEngine:
        """Open a snapshot to suggest out of it; what changed since comes with the first look at the store."""
        settings, parts = self._settings, self._parts_for(verified)
        # The feed hides at once what the ledger tells; the store, perhaps a restored backup, is brought up to it.
        replay_erasures(settings.index)
        snapshot, followed = open_followed(verified, parts.encoder, parts.masking, self._feed, self._cache)
        # Of cases alone: what changed in the store has a cache of its own. They are forgotten with the snapshot: what
        # was erased before this one was built is in no memory either.
        recent = RecentEncodings(parts.encoder, settings.recent_encodings)
        return OpenedEngine(engine=Suggester(snapshot, replace(parts, encoder=recent)), snapshot=followed)

    def _parts_for(self, verified: VerifiedSnapshot) -> SuggesterParts:
        if self._parts is None and self._expected is not None:
            self._parts, self._expected = self._expected.result(), None
        if self._parts is None:
            self._parts = self._made(encoder_for(verified, self._settings))
        elif self._parts.encoder.fingerprint != verified.manifest.encoder.fingerprint:
            self._parts = replace(self._parts, encoder=encoder_for(verified, self._settings))
        return self._parts

    def _made(self, encoder: Encoder) -> SuggesterParts:
        # The engine that follows the pointers puts the ranker in use in the place of the shipped one.
        return parts_of(self._settings, encoder, shipped_scorer(), self._memories)

    def _expected_parts(self) -> SuggesterParts | None:
        """Return the parts for the snapshot that ``CURRENT`` names, by its word; ``None`` where that comes to nothing.

        Whoever opens it looks again, and says what is wrong.
        """
        encoder = self._ahead.encoder()
        try:
            return None if encoder is None else self._made(encoder)
        except (SecretFileError, OSError) as error:
            _log.info("nothing could be loaded beforehand: %s", error)
            return None
