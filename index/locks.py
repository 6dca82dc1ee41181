"""One writer at a time, across processes.

The lock is the operating system's (``flock`` on ``var/writer.lock``), so it ends with its holder, even with one that
was killed. ``var/writer.json`` beside it says who holds the lock; it informs people and never decides anything.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

WAIT_SECONDS = 1.5
_COMMAND_LENGTH = 200
# What follows these on a command line tells of a person, and has no place in a file.
_PERSONAL = ("--case", "--customer", "--agent", "--text")


class WriterBusyError(RuntimeError):
    """Somebody else is writing; the message says who. Commands end with exit code 3 on it."""


class WriterLock:
    """The right to write under ``var``, held within a ``with`` block; not reentrant.

    ``var`` is the state directory, created when absent; ``wait_seconds`` is how long to wait for the present holder.
    Entering raises `WriterBusyError` when another process, thread or block still holds the lock then, and ``OSError``
    when the lock file can't be opened or the file system has no locks (``ENOSYS``).
    """

    def __init__(self, var: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._var = var
        self._wait_seconds = wait_seconds
        # A soft lock (a mere file) would outlive a killed holder, so there is no falling back to one.
        self._lock = FileLock(var / "writer.lock", thread_local=False, poll_interval=0.05, fallback_to_soft=False)

    def __enter__(self) -> WriterLock:
        self._var.mkdir(parents=True, exist_ok=True)
        if self._lock.is_locked:
            raise WriterBusyError(_busy_message(self._var))
        try:
            self._lock.acquire(timeout=self._wait_seconds)
        except Timeout:
            raise WriterBusyError(_busy_message(self._var)) from None
        try:
            _sign(self._sidecar)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with contextlib.suppress(OSError):
                self._sidecar.unlink(missing_ok=True)
        finally:
            self._lock.release()

    @property
    def _sidecar(self) -> Path:
        return _sidecar(self._var)


def _sidecar(var: Path) -> Path:
    return var / "writer.json"


def _sign(sidecar: Path) -> None:
    holder = {
        "pid": os.getpid(),
        "command": shlex.join(_without_people(sys.orig_argv))[:_COMMAND_LENGTH],
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    temporary = sidecar.with_name(f".{sidecar.name}.tmp")
    # On a full disk nobody can sign; the work itself will say so better. A killed holder's name must go even then.
    with contextlib.suppress(OSError):
        sidecar.unlink(missing_ok=True)
        try:
            temporary.write_text(json.dumps(holder), encoding="utf-8")
            temporary.replace(sidecar)
        finally:
            temporary.unlink(missing_ok=True)


def _without_people(words: Sequence[str]) -> list[str]:
    before = ["", *words[:-1]]
    told = ["…" if last in _PERSONAL else word for last, word in zip(before, words, strict=True)]
    return [
        f"{word.partition('=')[0]}=…" if word.startswith(tuple(f"{each}=" for each in _PERSONAL)) else word
        for word in told
    ]


def _busy_message(var: Path) -> str:
    return (
        f"another writer holds {var / 'writer.lock'}: {_holder(_sidecar(var))}; expected nobody. "
        "Wait until it has finished and try again; nothing was changed."
    )


def _holder(sidecar: Path) -> str:
    try:
        found = json.loads(sidecar.read_text(encoding="utf-8"))
        return f"pid {int(found['pid'])}, since {found['since']!s}, command {found['command']!r}"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "it has not said who it is"
