"""The engine that serves now: opened in the background, swapped when a snapshot, a ranker or the store changes.

A request takes one reference and keeps it, so that it never sees two snapshots or rankers. A snapshot that is damaged,
or that another encoder built, is named and passed over, and the last good one goes on serving; in the place of a
damaged ranker the shipped one serves. Live edits, erasures and withdrawals are followed in the store and laid over the
snapshot; while the store is away, what is known of them goes on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assist.faults import describe_fault
from assist.following import FollowedSnapshot, OpenedEngine
from assist.metrics import WorkerState
from assist.own_ranker import named_ranker, ranker_in_use
from assist.services import Readiness
from assist.suggest import Suggester
from corpus.secret_files import SecretFileError
from corpus.store_errors import StoreError
from index.encoder import EncoderError
from index.manifest import Manifest
from index.snapshot import DamagedSnapshotError, Problem, SnapshotError, current, load_current_or_last_good
from index.snapshot_verify import VerifiedSnapshot

# A damaged snapshot may have been mended by hand; looking again costs reading it whole.
RETRY_SECONDS = 10.0
DELTA_LIMIT = 2_000

_log = logging.getLogger(__name__)

LoadSnapshot = Callable[[], tuple[VerifiedSnapshot, tuple[Problem, ...]]]
OpenSuggester = Callable[[VerifiedSnapshot], OpenedEngine]


def _nothing() -> None:
    pass


class SnapshotRefusedError(SnapshotError):
    """A good snapshot that cannot serve here; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Serving:
    """What serves: replaced as a whole, so that readers never see half of a swap."""

    engine: Suggester | None
    state: Readiness
    manifest: Manifest | None = None


class LiveEngine:
    """Follows ``CURRENT`` of snapshots and of rankers, and the store, and holds the suggester that serves."""

    def __init__(
        self,
        var: Path,
        open_suggester: OpenSuggester,
        *,
        prepare: Callable[[], None] = _nothing,
        load: LoadSnapshot | None = None,
        delta_limit: int = DELTA_LIMIT,
        on_ready: Callable[[str], None] | None = None,
    ) -> None:
        self._var = var
        self._open = open_suggester
        self._prepare = prepare
        self._load = load or partial(load_current_or_last_good, var)
        self._delta_limit = delta_limit
        self._on_ready = on_ready
        self._serving = _Serving(engine=None, state=Readiness(status="starting", reasons=("opening the index",)))
        self._followed: FollowedSnapshot | None = None
        self._manifest: Manifest | None = None
        # Why the snapshot or the ranker is not the one that should serve; looked at anew at times.
        self._faults: tuple[str, ...] = ()
        self._seen: tuple[str, str] | None = None
        self._opened_at = 0.0

    def engine(self) -> Suggester | None:
        """Return the suggester to answer one request with; ``None`` while there is none yet."""
        return self._serving.engine

    def state(self) -> Readiness:
        """Return whether the service can answer now."""
        return self._serving.state

    def opening(self) -> bool:
        """Return whether nobody knows yet whether there is something to serve."""
        return self._serving.engine is None and not self._faults

    def watched(self) -> WorkerState:
        """Return what there is to watch: readiness, what serves, and how far the store is ahead of it."""
        serving, followed = self._serving, self._followed
        manifest = serving.manifest
        return WorkerState(
            status=serving.state.status,
            snapshot=serving.state.snapshot,
            encoder=None if manifest is None else manifest.encoder.name,
            built_at=None if manifest is None else manifest.created_at,
            changed=0 if followed is None else followed.changed,
            store_away=followed is not None and followed.store_away,
        )

    def look(self) -> None:
        """Look at both pointers and the store once; what is unwell is opened again at times, pointed to anew or not."""
        named = self._named()
        unwell = bool(self._faults) or self._serving.engine is None
        if named != self._seen or (unwell and time.monotonic() - self._opened_at >= RETRY_SECONDS):
            self._seen = named
            self.refresh()
            self._opened_at = time.monotonic()
        else:
            self.catch_up()

    def refresh(self) -> None:
        """Open what ``CURRENT`` names now, or the last good snapshot, and bring it up to date."""
        try:
            self._prepare()
            verified, problems = self._load()
            self._serve(verified, problems)
        except (SnapshotError, EncoderError, StoreError, SecretFileError) as error:
            self._degrade(str(error))
        except Exception as error:  # whatever is wrong with a snapshot, the one that serves goes on
            # Its message may quote a record; readiness is shown to anyone.
            _log.error("the snapshot could not be opened: %s", describe_fault(error))
            self._degrade(f"the snapshot could not be opened ({type(error).__name__}, see the log): build it again")

    def catch_up(self) -> None:
        """Lay what changed in the store over the snapshot that serves."""
        engine = self._serving.engine
        if engine is not None and self._followed is not None:
            self._put(engine.with_snapshot(self._followed.follow()))

    def _serve(self, verified: VerifiedSnapshot, problems: tuple[Problem, ...]) -> None:
        snapshot = verified.manifest.snapshot_id
        engine, followed = self._serving.engine, self._followed
        first = engine is None
        if engine is None or followed is None or engine.snapshot_id != snapshot:
            opened = self._open(verified)
            # Until it is known what was erased, a snapshot must not be shown.
            engine, followed = opened.engine.with_snapshot(opened.snapshot.catch_up()), opened.snapshot
            _log.info("snapshot %s serves", snapshot)
        for problem in problems:
            _log.error("damaged: %s", problem)
        engine, damaged = self._ranking(engine)
        self._followed, self._manifest = followed, verified.manifest
        self._faults = (*(str(problem) for problem in problems), *damaged)
        self._put(engine)
        if first and self._on_ready is not None:
            self._on_ready(snapshot)

    def _ranking(self, engine: Suggester) -> tuple[Suggester, tuple[str, ...]]:
        """Return the engine with the ranker in use, and why that is not the one that should be."""
        ranker = ranker_in_use(self._var, engine.encoder_fingerprint)
        if ranker.passed_over is not None:
            _log.warning("%s", ranker.passed_over)
        if ranker.damaged is not None and ranker.damaged not in self._serving.state.reasons:
            _log.error("%s", ranker.damaged)
        if engine.scorer != ranker.scorer:
            engine = engine.with_scorer(ranker.scorer)
            _log.info("ranker %s serves", ranker.scorer.name)
        return engine, () if ranker.damaged is None else (ranker.damaged,)

    def _degrade(self, reason: str) -> None:
        if reason not in self._serving.state.reasons:  # it is looked at again and again
            _log.error("%s", reason)
        self._faults = (reason,)
        engine = self._serving.engine
        if engine is None:
            self._serving = _Serving(engine=None, state=Readiness(status="starting", reasons=self._faults))
        else:
            self._put(engine)

    def _put(self, engine: Suggester) -> None:
        behind = () if self._followed is None else self._followed.problems(self._delta_limit)
        reasons = (*self._faults, *behind)
        state = Readiness(status="degraded" if reasons else "ok", reasons=reasons, snapshot=engine.snapshot_id)
        self._serving = _Serving(engine=engine, state=state, manifest=self._manifest)

    def _named(self) -> tuple[str, str]:
        """Return what the pointers to the snapshot and to the ranker name, or why one cannot be read."""
        try:
            snapshot = current(self._var) or ""
        except DamagedSnapshotError as error:
            snapshot = str(error)
        try:
            return snapshot, named_ranker(self._var) or ""
        except OSError as error:
            return snapshot, str(error)
