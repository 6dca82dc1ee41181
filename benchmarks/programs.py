"""Programs of our own that are run to be measured, or to keep what they import out of this process."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.plan import ROOT

_TOLD = 1_000


class ProgramError(RuntimeError):
    """A program ended badly, or not at all; the message holds the end of what it told."""


def output_of(
    command: Sequence[str | Path], variables: Mapping[str, str], *, given: str = "", within_s: float | None = None
) -> str:
    """Run a program in the repository, ``given`` on its stdin, and return what it printed.

    Raises ``ProgramError`` when it fails, or takes longer than ``within_s`` seconds.
    """
    try:
        told = subprocess.run(  # noqa: S603 - our own programs
            command,
            cwd=ROOT,
            env=variables,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=within_s,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProgramError(f"{_named(command)} did not end as expected: {error}") from error
    if told.returncode:
        raise ProgramError(f"{_named(command)} ended with {told.returncode}: {told.stderr.strip()[-_TOLD:]}")
    return told.stdout


def _named(command: Sequence[str | Path]) -> str:
    return " ".join(["python", *map(str, command[1:3])])
