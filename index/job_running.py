"""Doing a job: the work of a command, told in messages that any holder of a managing key may read."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from corpus.findings import SHOWN, CorpusErrors
from corpus.times import now_utc
from index.cli import DONE, FAILED, exit_code_of
from index.jobs import MOST_MESSAGES, JobFolder
from index.progress import Update

Tell = Callable[[str], None]
# Requests come first.
_NICENESS = 5


class TellingReporter:
    """Tells of every stage once it is done."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    @contextmanager
    def stage(self, name: str) -> Iterator[Update]:
        """Tell of one stage at its end."""
        begin = time.monotonic()
        yield lambda done, total: None
        self._tell(f"{name}: done in {time.monotonic() - begin:.1f} s")


def run_as_job(folder: JobFolder, job_id: str, work: Callable[[Tell], int]) -> int:
    """Do the work of a job that was queued, keep what it tells, and return its exit code."""
    os.nice(_NICENESS)
    queued = folder.read(job_id)
    if queued is None:
        raise FileNotFoundError(f"found no job {job_id}, expected one that was queued; ask for a new one")
    job = replace(queued, status="running", started_at=now_utc())
    folder.write(job)

    def tell(line: str) -> None:
        nonlocal job
        job = replace(job, messages=(*job.messages, line)[-MOST_MESSAGES:])
        folder.write(job)

    try:
        code = exit_code_of(lambda: work(tell), tell=lambda error: tell(f"error: {without_texts(error)}"))
    except Exception as error:  # whatever it is, whoever asked must learn that it ended
        tell(f"error: unexpected fault: {_place(error)}")
        code = FAILED
    folder.write(replace(job, status="done" if code == DONE else "failed", finished_at=now_utc(), exit_code=code))
    return code


def without_texts(error: Exception) -> str:
    """Return what an error says, without the texts of records that errors about corpus files quote."""
    if not isinstance(error, CorpusErrors):
        return str(error)
    places = [_of(problem.file, problem.line, problem.pointer) for problem in error.problems[:SHOWN]]
    rest = sum(error.counts.values()) - len(places)
    more = f", and {rest} more" if rest else ""
    return f"{', '.join(places)}{more}: `make check-corpus` says what was found and expected; nothing was written"


def _of(file: str, line: int | None, pointer: str) -> str:
    return " ".join(part for part in (file if line is None else f"{file}:{line}", pointer) if part)


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
