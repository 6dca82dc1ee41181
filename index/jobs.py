"""Work that a program asked for: what is told of them lies in small files, so that every worker can answer.

    var/jobs/<id>.json    one job
    var/jobs/lock         held by the job that runs, and by nothing else (``flock``)

The lock is handed from who starts a job to the process that does it, and ends with that process, even with one that
was killed: an unfinished job whose lock is free failed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from corpus.times import format_time, now_utc, parse_time
from index.durable import replace_file

JobStatus = Literal["queued", "running", "done", "failed"]
JobKind = Literal["reindex", "check", "undo", "corpus-report"]
JOB_KINDS: tuple[JobKind, ...] = get_args(JobKind)
UNFINISHED: tuple[JobStatus, ...] = ("queued", "running")
JOBS_KEPT = 50
MOST_MESSAGES = 200
LOST = "the process ended without a word: it was killed, or the machine stopped; what served before serves on"

_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)
_LOCK = "lock"
_PATIENCE_S, _STEP_S = 0.5, 0.05
# So long a process whose job is done may take to end.
_ENDING_S = 10.0


class JobRunningError(RuntimeError):
    """A job is running already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """The stage that a job is in, and its steps; ``total`` is 0 where they cannot be counted."""

    stage: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is known of a job.

    ``messages`` are lines for a person, without any text of a case; ``result`` is plain JSON, in a shape of its kind.
    """

    id: str
    kind: JobKind = "reindex"
    status: JobStatus
    queued_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    exit_code: int | None = None
    messages: tuple[str, ...] = ()
    progress: JobProgress | None = None
    result: Mapping[str, Any] | None = None


class JobFolder:
    """The jobs below a state directory; any number of processes may look at it."""

    def __init__(self, var: Path) -> None:
        self._folder = var / "jobs"

    @contextmanager
    def slot(self, kind: JobKind = "reindex") -> Iterator[tuple[Job, int]]:
        """Give a new job, and the descriptor of the lock to hand to the process that does it.

        Raises ``JobRunningError`` while another job runs. Leaving the block gives back this process's hold of the lock.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = self._take()
        try:
            self._tidy()
            job = Job(id=secrets.token_hex(8), kind=kind, status="queued", queued_at=now_utc())
            self.write(job)
            yield job, descriptor
        finally:
            os.close(descriptor)

    def write(self, job: Job) -> None:
        """Keep what is known of a job now."""
        replace_file(self._file(job.id), json.dumps(_document(job), ensure_ascii=False).encode())

    def read(self, job_id: str) -> Job | None:
        """Return a job, or None where there is none of that id."""
        if _ID.fullmatch(job_id) is None:
            return None
        # Looked at first: what a process wrote before it ended is read below.
        running = self._is_held()
        job = self._read(job_id)
        if job is None or running or job.status not in UNFINISHED:
            return job
        return replace(job, status="failed", messages=(*job.messages, LOST))

    def _take(self) -> int:
        descriptor = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        begin = time.monotonic()
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # Somebody may only be looking whether it is held, or be about to end.
                if time.monotonic() < begin + (_PATIENCE_S if self._works() else _ENDING_S):
                    time.sleep(_STEP_S)
                    continue
                os.close(descriptor)
                raise JobRunningError("another job is running, expected none; wait until it has ended") from None
            return descriptor

    def _works(self) -> bool:
        jobs = (self._read(path.stem) for path in self._folder.glob("*.json"))
        return any(job is not None and job.status in UNFINISHED for job in jobs)

    def _is_held(self) -> bool:
        try:
            descriptor = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _tidy(self) -> None:
        """Mark what never finished as failed, and delete the oldest jobs; the caller holds the lock."""
        jobs = sorted(
            (job for path in self._folder.glob("*.json") if (job := self._read(path.stem)) is not None),
            key=lambda job: (job.queued_at, job.id),
        )
        for job in jobs[: max(0, len(jobs) - JOBS_KEPT + 1)]:
            self._file(job.id).unlink(missing_ok=True)
        for job in jobs[max(0, len(jobs) - JOBS_KEPT + 1) :]:
            if job.status in UNFINISHED:
                self.write(replace(job, status="failed", messages=(*job.messages, LOST)))

    def _read(self, job_id: str) -> Job | None:
        try:
            found: dict[str, Any] = json.loads(self._file(job_id).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        times = {name: parse_time(found[name]) if found[name] else None for name in ("started_at", "finished_at")}
        queued_at, progress = parse_time(found["queued_at"]), found.get("progress")
        read = {"queued_at": queued_at, "messages": tuple(found["messages"])}
        return Job(**{**found, **times, **read, "progress": JobProgress(**progress) if progress else None})

    def _file(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.json"


def _document(job: Job) -> dict[str, object]:
    times = {name: getattr(job, name) for name in ("queued_at", "started_at", "finished_at")}
    # What comes as a result is JSON already.
    plain = {**asdict(replace(job, result=None)), "result": job.result}
    return {**plain, **{name: format_time(time) if time else None for name, time in times.items()}}
