"""An open snapshot that follows the store: live edits, erasures and withdrawals show in it within a second."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from assist.faults import describe_fault
from assist.suggest import Suggester
from corpus.changes import ChangeFeed, Changes
from corpus.store_errors import StoreError
from index.delta import Delta, DeltaIndex
from index.searcher import OpenSnapshot

# An import that is being committed locks the store for moments; that is nothing to tell anybody.
AWAY_SECONDS = 5.0
AWAY = (
    "changes in the store cannot be followed now (see the log): edits and erasures since then do not show; "
    "mend the store, or wait until the import that locks it has ended"
)
_log = logging.getLogger(__name__)


class FollowedSnapshot:
    """A snapshot and what changed since; used by one thread, while the snapshots that it returns are for all."""

    def __init__(self, base: OpenSnapshot, index: DeltaIndex, feed: ChangeFeed) -> None:
        self._index, self._feed = index, feed
        self._snapshot = base
        self._seen: Changes | None = None
        self._delta = Delta(written={}, hidden=frozenset())
        self._away_since: float | None = None

    def catch_up(self) -> OpenSnapshot:
        """Return the snapshot as it is now: the same object as before where nothing changed.

        Raises ``StoreError`` when the store cannot be read.
        """
        changes = self._feed.changes()
        if changes is not self._seen:
            delta = self._index.delta(changes)
            if delta != self._delta:
                self._snapshot = self._index.overlay(delta, self._feed.payloads)
            self._delta, self._seen = delta, changes
        self._away_since = None
        return self._snapshot

    def follow(self) -> OpenSnapshot:
        """Return the snapshot as it is now or, where that cannot be known, as it was last."""
        try:
            return self.catch_up()
        except Exception as error:  # whatever is wrong with the store or an edit, what serves goes on
            if self._away_since is None:  # said once for each outage
                self._away_since = time.monotonic()
                told = str(error) if isinstance(error, StoreError) else describe_fault(error)
                _log.error("changes in the store cannot be followed: %s", told)
        return self._snapshot

    @property
    def changed(self) -> int:
        """How many records changed since the snapshot was built."""
        return len(self._delta)

    @property
    def store_away(self) -> bool:
        """Whether changes in the store cannot be followed, for longer than an import takes to be committed."""
        since = self._away_since
        return since is not None and time.monotonic() - since >= AWAY_SECONDS

    def problems(self, delta_limit: int) -> tuple[str, ...]:
        """Return what is to be done about what changed since the snapshot, for readiness."""
        found = []
        if self.changed > delta_limit:
            found.append(
                f"{self.changed} records changed since the snapshot was built, more than ASSIST_DELTA_LIMIT "
                f"({delta_limit}): they are served, but each further change takes longer; run `make reindex`"
            )
        if self.store_away:
            found.append(AWAY)
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedEngine:
    """What suggests out of a snapshot as it was when it was opened, and how it is brought up to date."""

    engine: Suggester
    snapshot: FollowedSnapshot
