"""Telling a person how far a build has come: bars on a terminal, one line a stage elsewhere; always on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

# Told how many steps are done, and how many there are.
Update = Callable[[int, int], None]


class Reporter(Protocol):
    """Reports the stages of a long task."""

    @contextmanager
    def stage(self, name: str) -> Iterator[Update]:
        """Open a stage; call what it yields with the steps done and the steps there are, if they can be counted."""
        ...


class TerminalReporter:
    """Bars with the stage, the share done, and the time that remains."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[Update]:
        """Show one bar."""
        task: TaskID = self._progress.add_task(name, total=None)
        yield lambda done, total: self._progress.update(task, completed=done, total=total)
        total = self._progress.tasks[task].total or 1
        self._progress.update(task, completed=total, total=total)


# Seconds between two lines about one stage in a log.
_EVERY = 30.0


class LineReporter:
    """A line when a stage ends, with its time, and every half a minute within a long one; for logs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @contextmanager
    def stage(self, name: str) -> Iterator[Update]:
        """Write one line at the end of a stage, and some on the way if it takes long."""
        begin = told = time.monotonic()

        def update(done: int, total: int) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= _EVERY and done < total:
                told = now
                self._write(f"{name}: {done:,} of {total:,} after {now - begin:.0f} s")

        yield update
        self._write(f"{name}: done in {time.monotonic() - begin:.1f} s")

    def _write(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()


class SilentReporter:
    """Reports nothing; for tests and for callers with a display of their own."""

    @contextmanager
    def stage(self, name: str) -> Iterator[Update]:
        """Report nothing."""
        yield lambda done, total: None


@contextmanager
def open_reporter(stream: TextIO | None = None) -> Iterator[Reporter]:
    """Yield a reporter that suits the stream (stderr): bars where a person watches, lines elsewhere."""
    target = stream or sys.stderr
    if not target.isatty():
        yield LineReporter(target)
        return
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=target)) as progress:
        yield TerminalReporter(progress)
