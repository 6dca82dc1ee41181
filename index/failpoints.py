"""Named points at which a test may end the process, fail a write or hold the process still.

Disabled unless the environment variable ``STICHWORT_FAILPOINT`` names one:

=============== ==================================================================================
``name``        the process kills itself with SIGKILL there
``name:error``  ``OSError(ENOSPC)`` is raised there, as a full disk would
``name:pause``  ``paused name`` is written to stderr, then the process sleeps until it is killed
=============== ==================================================================================

A point that is reached once for each of several things, such as files, counts the first time, or for the one thing
that is named after an ``@``: ``snapshot.partial_file@manifest.json:error``.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import time

VARIABLE = "STICHWORT_FAILPOINT"
# In the order in which a build reaches them.
FAILPOINTS: tuple[str, ...] = (
    "build.locked",
    "import.before_write",
    "import.before_commit",
    "import.after_commit",
    "build.during_embedding",
    "build.after_embedding",
    "snapshot.partial_file",
    "snapshot.before_sync",
    "snapshot.after_file",
    "snapshot.before_manifest",
    "snapshot.after_manifest",
    "snapshot.before_rename",
    "snapshot.after_set_aside",
    "snapshot.after_rename",
    "activation.before_log",
    "activation.partial_log",
    "activation.after_log",
    "current.before_replace",
    "current.after_replace",
    "current.after_sync",
    "retention.before_delete",
    "retention.after_set_aside",
    "retention.after_delete",
)
_ACTIONS = ("kill", "error", "pause")


def reach(name: str, thing: str = "") -> None:
    """Say that the point ``name`` was reached, for ``thing`` where it is reached for several.

    Does nothing unless the environment names this very point, and this very thing if any.

    Raises ``ValueError`` when ``name``, or what the environment asks for, is unknown, and ``OSError`` (``ENOSPC``) when
    the environment asks for an error here.
    """
    wanted = os.environ.get(VARIABLE)
    if name not in FAILPOINTS:
        raise ValueError(f"found the failpoint {name!r}, expected one of {', '.join(FAILPOINTS)}")
    if not wanted:
        return
    point, wanted_thing, action = _parse(wanted)
    if point == name and wanted_thing in (None, thing):
        _act(name, action)


def _parse(wanted: str) -> tuple[str, str | None, str]:
    place, colon, action = wanted.partition(":")
    point, at, thing = place.partition("@")
    action = action if colon else "kill"
    if point not in FAILPOINTS or action not in _ACTIONS:
        raise ValueError(
            f"{VARIABLE} is {wanted!r}; expected NAME, NAME:error or NAME:pause with one of {', '.join(FAILPOINTS)}, "
            f"or NAME@THING; unset {VARIABLE} to run normally"
        )
    return point, thing if at else None, action


def _act(name: str, action: str) -> None:
    if action == "error":
        raise OSError(errno.ENOSPC, f"{os.strerror(errno.ENOSPC)} (failpoint {name})")
    if action == "pause":
        sys.stderr.write(f"paused {name}\n")
        sys.stderr.flush()
        while True:
            time.sleep(60)
    os.kill(os.getpid(), signal.SIGKILL)
