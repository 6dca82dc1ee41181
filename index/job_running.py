"""Doing a job: the work of a command, told in messages that any holder of a managing key may read."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from corpus.findings import CorpusErrors
from corpus.times import now_utc
from index.cli import DONE, FAILED, exit_code_of
from index.job_faults import faults_of, without_texts
from index.jobs import MOST_MESSAGES, Job, JobFolder, JobProgress, JobStatus
from index.progress import Update

Tell = Callable[[str], None]
# Requests come first.
_NICENESS = 5
# Seconds between two words about the steps of one stage: each is a file that is replaced.
_EVERY = 0.5


class JobLog:
    """Keeps what a job tells while it goes on; called with a line it keeps that as a message."""

    def __init__(self, folder: JobFolder, job: Job) -> None:
        self._folder = folder
        self.job = job
        self._keep(job)

    def __call__(self, line: str) -> None:
        """Keep a message."""
        self._keep(replace(self.job, messages=(*self.job.messages, line)[-MOST_MESSAGES:]))

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Keep how far a stage has come."""
        self._keep(replace(self.job, progress=JobProgress(stage=stage, done=done, total=total)))

    def result(self, result: Mapping[str, Any]) -> None:
        """Keep what came of it."""
        self._keep(replace(self.job, result=result))

    def end(self, code: int) -> None:
        """Keep that it ended, and how."""
        status: JobStatus = "done" if code == DONE else "failed"
        self._keep(replace(self.job, status=status, finished_at=now_utc(), exit_code=code, progress=None))

    def _keep(self, job: Job) -> None:
        self.job = job
        self._folder.write(job)


class TellingReporter:
    """Tells of every stage once it is done, and how far it has come meanwhile."""

    def __init__(self, log: JobLog) -> None:
        self._log = log

    @contextmanager
    def stage(self, name: str) -> Iterator[Update]:
        """Tell of one stage."""
        begin = told = time.monotonic()
        self._log.progress(name)

        def update(done: int, total: int) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= _EVERY or done == total:
                told = now
                self._log.progress(name, done, total)

        yield update
        self._log(f"{name}: done in {time.monotonic() - begin:.1f} s")


def run_as_job(folder: JobFolder, job_id: str, work: Callable[[JobLog], int]) -> int:
    """Do the work of a job that was queued, keep what it tells, and return its exit code."""
    os.nice(_NICENESS)
    queued = folder.read(job_id)
    if queued is None:
        raise FileNotFoundError(f"found no job {job_id}, expected one that was queued; ask for a new one")
    log = JobLog(folder, replace(queued, status="running", started_at=now_utc()))
    try:
        code = exit_code_of(lambda: work(log), tell=lambda error: _tell(log, error))
    except Exception as error:  # whatever it is, whoever asked must learn that it ended
        log(f"error: unexpected fault: {_place(error)}")
        code = FAILED
    log.end(code)
    return code


def _tell(log: JobLog, error: Exception) -> None:
    if isinstance(error, CorpusErrors):
        log.result(faults_of(error))
    log(f"error: {without_texts(error)}")


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
