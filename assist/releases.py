"""Rebuilding and choosing what serves, as programs may ask for it over REST."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assist.job_starting import JobStarter, NotNowError
from corpus.differences import Changes
from corpus.stored import Mode
from index.audit_notes import note_serving
from index.jobs import Job
from index.locks import WriterLock
from index.settings import IndexSettings
from index.snapshot import SnapshotInfo, UnknownSnapshotError, activate, list_snapshots
from index.snapshot_diff import compare_snapshots

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexWish:
    """What to import: a folder (``None``: that of the deployment), as what, past the guards or not."""

    folder: Path | None = None
    mode: Mode = "full"
    force: bool = False


AS_SET = ReindexWish()


class Releases(Protocol):
    """Imports the corpus folder of the deployment, and says and changes which snapshot serves."""

    def reindex(self, by: str, wish: ReindexWish = AS_SET) -> Job:
        """Begin to import and index in a process of its own; raise ``NotNowError`` when that cannot be."""
        ...

    def job(self, job_id: str) -> Job | None:
        """Return what is known of a job, or ``None`` where there is none of that id."""
        ...

    def snapshots(self) -> tuple[SnapshotInfo, ...]:
        """Return the snapshots that are kept, newest first."""
        ...

    def differences(self, before: str, after: str) -> Changes:
        """Return how two snapshots differ; raises ``UnknownSnapshotError`` and ``DamagedSnapshotError``."""
        ...

    def activate(self, snapshot_id: str, by: str) -> SnapshotInfo:
        """Let a snapshot serve.

        Raises ``UnknownSnapshotError``, ``DamagedSnapshotError``, and ``WriterBusyError`` while somebody else writes.
        """
        ...


class NoReleases:
    """Serves one index for good: there is nothing to rebuild and nothing to choose from."""

    def reindex(self, by: str, wish: ReindexWish = AS_SET) -> Job:
        """Refuse."""
        raise NotNowError("This service has no corpus folder to import; set ASSIST_CORPUS and start it again.")

    def job(self, job_id: str) -> Job | None:
        """Return None."""
        return None

    def snapshots(self) -> tuple[SnapshotInfo, ...]:
        """Return none."""
        return ()

    def differences(self, before: str, after: str) -> Changes:
        """Know no snapshot."""
        raise UnknownSnapshotError(before)

    def activate(self, snapshot_id: str, by: str) -> SnapshotInfo:
        """Know no snapshot."""
        raise UnknownSnapshotError(snapshot_id)


class LocalReleases:
    """Works on the state directory of this machine."""

    def __init__(self, settings: IndexSettings, corpus: Path | None) -> None:
        self._settings = settings
        self._corpus = corpus
        self._jobs = JobStarter(settings.var)

    def reindex(self, by: str, wish: ReindexWish = AS_SET) -> Job:
        """Start ``python -m index build`` on the folder of the wish, or the one that ``ASSIST_CORPUS`` names."""
        folder = wish.folder or self._corpus
        if folder is None:
            return NoReleases().reindex(by)
        more = ("--force",) if wish.force else ()
        return self._jobs.start(
            "reindex", "index", "build", "--corpus", str(folder), "--mode", wish.mode, "--by", by, *more
        )

    def job(self, job_id: str) -> Job | None:
        """Return what is known of a job."""
        return self._jobs.job(job_id)

    def snapshots(self) -> tuple[SnapshotInfo, ...]:
        """Return the snapshots in the state directory."""
        return list_snapshots(self._settings.var)

    def differences(self, before: str, after: str) -> Changes:
        """Read both snapshots and compare their records."""
        return compare_snapshots(self._settings.var, before, after)

    def activate(self, snapshot_id: str, by: str) -> SnapshotInfo:
        """Verify a snapshot and let it serve; workers follow within two seconds."""
        with WriterLock(self._settings.var):
            if activate(self._settings.var, snapshot_id):
                told = note_serving(self._settings, "activate", snapshot_id, by=by)
                if told is not None:
                    _log.warning("%s", told)
        return next(info for info in self.snapshots() if info.id == snapshot_id)
