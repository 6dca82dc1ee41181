"""Starting work that takes long in a process of its own, one at a time, and telling how it goes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from index.jobs import Job, JobFolder, JobKind, JobRunningError

RUNNING = "Another job is running; wait until its job is done, then ask again if it is still needed."


class NotNowError(RuntimeError):
    """What was asked for contradicts the state of things; ``str(error)`` is for the caller."""


class JobStarter:
    """Starts our own programs, each told which job it does. Safe to share between threads and processes."""

    def __init__(self, var: Path) -> None:
        self._var = var
        self._jobs = JobFolder(var)

    def start(self, kind: JobKind, module: str, *arguments: str) -> Job:
        """Start ``python -m module arguments``; raise ``NotNowError`` while another job runs."""
        try:
            with self._jobs.slot(kind) as (job, lock):
                self._run(
                    [sys.executable, "-m", module, *arguments, "--var", str(self._var), "--job", job.id], job, lock
                )
                return job
        except JobRunningError:
            raise NotNowError(RUNNING) from None

    def job(self, job_id: str) -> Job | None:
        """Return what is known of a job, or ``None`` where there is none of that id."""
        return self._jobs.read(job_id)

    def _run(self, command: Sequence[str], job: Job, lock: int) -> None:
        process = subprocess.Popen(  # noqa: S603 - our own program; of the caller only ids that were checked
            command,
            stdin=subprocess.DEVNULL,
            # What it prints quotes rows that are wrong; what may be told is in the file of the job.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(lock,),
            start_new_session=True,  # it goes on when this worker ends
        )
        threading.Thread(target=process.wait, name=f"job-{job.id}", daemon=True).start()
