"""What a worker reads from disk while its modules are still being imported: the snapshot to serve, and its encoder.

Importing takes one core a second and more. Reading, hashing and parsing large files hold the interpreter for moments
only, so that the other core does them meanwhile.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor

from index.activation import current
from index.encoder import Encoder, EncoderError
from index.own_encoder import encoder_that_built
from index.settings import IndexSettings
from index.snapshot_errors import Problem, SnapshotError
from index.snapshot_store import load_current_or_last_good
from index.snapshot_verify import VerifiedSnapshot, read_manifest

_log = logging.getLogger(__name__)


class ReadAhead:
    """Reads what ``CURRENT`` names, once, in threads of its own; used by one thread at a time.

    What comes to nothing is read again by whoever needs it, and told of then.
    """

    def __init__(self, index: IndexSettings) -> None:
        self._index = index
        self._begun = False
        self._snapshot: Future[tuple[VerifiedSnapshot, tuple[Problem, ...]]] | None = None
        self._encoder: Future[Encoder | None] | None = None

    def begin(self) -> None:
        """Begin to read if that has not begun yet; returns at once."""
        if self._begun:
            return
        self._begun = True
        workers = ThreadPoolExecutor(2, thread_name_prefix="read-ahead")
        self._encoder = workers.submit(self._named_encoder)
        self._snapshot = workers.submit(load_current_or_last_good, self._index.var)
        workers.shutdown(wait=False)

    def snapshot(self) -> tuple[VerifiedSnapshot, tuple[Problem, ...]]:
        """Return the snapshot to serve and what is wrong with others, as ``load_current_or_last_good`` does.

        What was read ahead counts once, and only if it is whole and ``CURRENT`` still names it.
        """
        ahead, self._snapshot = self._snapshot, None
        if ahead is not None:
            try:
                verified, problems = ahead.result()
                if not problems and verified.manifest.snapshot_id == current(self._index.var):
                    return verified, problems
            except (SnapshotError, OSError) as error:
                _log.info("no snapshot could be read beforehand: %s", error)
        return load_current_or_last_good(self._index.var)

    def encoder(self) -> Encoder | None:
        """Return the encoder that built what ``CURRENT`` named, by its word; ``None`` where that came to nothing."""
        return None if self._encoder is None else self._encoder.result()

    def _named_encoder(self) -> Encoder | None:
        try:
            named = current(self._index.var)
            if named is None:
                return None
            built_by = read_manifest(self._index.var, named).encoder
            encoder = encoder_that_built(built_by.fingerprint, self._index)
        except (SnapshotError, EncoderError, OSError) as error:
            _log.info("no encoder could be opened beforehand: %s", error)
            return None
        return encoder if encoder is not None and encoder.dimension == built_by.dimension else None
