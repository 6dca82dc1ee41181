"""Rebuilding and choosing what serves, as programs may ask for it over REST."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Protocol

from index.audit_notes import note_serving
from index.jobs import Job, JobFolder, JobRunningError
from index.locks import WriterLock
from index.settings import IndexSettings
from index.snapshot import SnapshotInfo, UnknownSnapshotError, activate, list_snapshots

_log = logging.getLogger(__name__)


class NotNowError(RuntimeError):
    """What was asked for contradicts the state of things; ``str(error)`` is for the caller."""


class Releases(Protocol):
    """Imports the corpus folder of the deployment, and says and changes which snapshot serves."""

    def reindex(self, by: str) -> Job:
        """Begin to import and index in a process of its own; raise ``NotNowError`` when that cannot be."""
        ...

    def job(self, job_id: str) -> Job | None:
        """Return what is known of a job, or ``None`` where there is none of that id."""
        ...

    def snapshots(self) -> tuple[SnapshotInfo, ...]:
        """Return the snapshots that are kept, newest first."""
        ...

    def activate(self, snapshot_id: str, by: str) -> SnapshotInfo:
        """Let a snapshot serve.

        Raises ``UnknownSnapshotError``, ``DamagedSnapshotError``, and ``WriterBusyError`` while somebody else writes.
        """
        ...


class NoReleases:
    """Serves one index for good: there is nothing to rebuild and nothing to choose from."""

    def reindex(self, by: str) -> Job:
        """Refuse."""
        raise NotNowError("This service has no corpus folder to import; set ASSIST_CORPUS and start it again.")

    def job(self, job_id: str) -> Job | None:
        """Return None."""
        return None

    def snapshots(self) -> tuple[SnapshotInfo, ...]:
        """Return none."""
        return ()

    def activate(self, snapshot_id: str, by: str) -> SnapshotInfo:
        """Know no snapshot."""
        raise UnknownSnapshotError(snapshot_id)


class LocalReleases:
    """Works on the state directory of this machine."""

    def __init__(self, settings: IndexSettings, corpus: Path | None) -> None:
        self._settings = settings
        self._corpus = corpus
        self._jobs = JobFolder(settings.var)

    def reindex(self, by: str) -> Job:
        """Start ``python -m index build`` on the folder that ``ASSIST_CORPUS`` names."""
        if self._corpus is None:
            return NoReleases().reindex(by)
        try:
            with self._jobs.slot() as (job, lock):
                self._start(job, lock, self._corpus, by)
                return job
        except JobRunningError:
            raise NotNowError(
                "Another reindex is running; wait until its job is done, then ask again if it is still needed."
            ) from None

    def job(self, job_id: str) -> Job | None:
        """Return what is known of a job."""
        return self._jobs.read(job_id)

    def snapshots(self) -> tuple[SnapshotInfo, ...]:
        """Return the snapshots in the state directory."""
        return list_snapshots(self._settings.var)

    def activate(self, snapshot_id: str, by: str) -> SnapshotInfo:
        """Verify a snapshot and let it serve; workers follow within two seconds."""
        with WriterLock(self._settings.var):
            if activate(self._settings.var, snapshot_id):
                told = note_serving(self._settings, "activate", snapshot_id, by=by)
                if told is not None:
                    _log.warning("%s", told)
        return next(info for info in self.snapshots() if info.id == snapshot_id)

    def _start(self, job: Job, lock: int, corpus: Path, by: str) -> None:
        command = [sys.executable, "-m", "index", "build", "--var", str(self._settings.var), "--corpus", str(corpus)]
        process = subprocess.Popen(  # noqa: S603 - our own program, nothing of it from the caller
            [*command, "--by", by, "--job", job.id],
            stdin=subprocess.DEVNULL,
            # What it prints quotes rows that are wrong; what may be told is in the file of the job.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(lock,),
            start_new_session=True,  # it goes on when this worker ends
        )
        threading.Thread(target=process.wait, name=f"job-{job.id}", daemon=True).start()
