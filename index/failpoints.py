"""Named points at which a test may end the process, fail a write or hold the process still.

Disabled unless the environment variable ``STICHWORT_FAILPOINT`` names one:

=============== ==================================================================================
``name``        the process kills itself with SIGKILL there
``name:error``  ``OSError(ENOSPC)`` is raised there, as a full disk would
``name:pause``  ``paused name`` is written to stderr, then the process sleeps until it is killed
=============== ==================================================================================
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import time

VARIABLE = "STICHWORT_FAILPOINT"
FAILPOINTS: tuple[str, ...] = (
    "import.before_commit",
    "import.after_commit",
    "build.after_embedding",
    "snapshot.partial_file",
    "snapshot.before_manifest",
    "snapshot.before_rename",
    "snapshot.after_rename",
    "current.before_replace",
    "current.after_replace",
    "retention.before_delete",
)
_ACTIONS = ("kill", "error", "pause")


def reach(name: str) -> None:
    """Say that the point ``name`` was reached; does nothing unless the environment names this very point.

    Raises ``ValueError`` when ``name``, or what the environment asks for, is unknown, and ``OSError`` (``ENOSPC``) when
    the environment asks for an error here.
    """
    wanted = os.environ.get(VARIABLE)
    if name not in FAILPOINTS:
        raise ValueError(f"found the failpoint {name!r}, expected one of {', '.join(FAILPOINTS)}")
    if not wanted:
        return
    point, action = _parse(wanted)
    if point == name:
        _act(name, action)


def _parse(wanted: str) -> tuple[str, str]:
    point, colon, action = wanted.partition(":")
    action = action if colon else "kill"
    if point not in FAILPOINTS or action not in _ACTIONS:
        raise ValueError(
            f"{VARIABLE} is {wanted!r}; expected NAME, NAME:error or NAME:pause with one of {', '.join(FAILPOINTS)}; "
            f"unset {VARIABLE} to run normally"
        )
    return point, action


def _act(name: str, action: str) -> None:
    if action == "error":
        raise OSError(errno.ENOSPC, f"{os.strerror(errno.ENOSPC)} (failpoint {name})")
    if action == "pause":
        sys.stderr.write(f"paused {name}\n")
        sys.stderr.flush()
        while True:
            time.sleep(60)
    os.kill(os.getpid(), signal.SIGKILL)
