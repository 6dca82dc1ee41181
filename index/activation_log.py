"""What was activated when, and so what going back means.

``ACTIVATIONS.jsonl`` gets one line per change of ``CURRENT``, written *before* the change: the new id, the id it
replaces (``from``), the time, and whether it went forward (``activate``) or back (``rollback``). A line whose change
never came (the process was killed, the disk was full) shows in that the next change starts from its ``from`` again;
such a line does not count.

Going forward pushes onto a stack, going back pops from it: after A, B, C, going back twice leads to B and then to A,
never to C again. Activating an old snapshot by hand goes forward, so that it can be undone in its turn. A line that
can't be read is passed over; if ``CURRENT`` was changed by other means, that counts as going forward.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from index.durable import append_line
from index.failpoints import reach
from index.snapshot_records import ID_PATTERN

LOG = "ACTIVATIONS.jsonl"
Direction = Literal["activate", "rollback"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """One intended change of ``CURRENT``; ``came_from`` is ``None`` when nothing valid stood there."""

    id: str
    came_from: str | None
    at: str
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """``served`` is the stack of ids, the one in use last; ``withdrawn`` are those that were gone back from."""

    served: tuple[str, ...]
    withdrawn: frozenset[str]


def append_activation(root: Path, activation: Activation) -> None:
    """Append one line and wait for the device; ``root`` is the directory of the snapshots. Raises ``OSError``."""
    document = {
        "id": activation.id,
        "from": activation.came_from,
        "at": activation.at,
        "kind": activation.direction,
    }
    reach("activation.before_log")
    append_line(root / LOG, json.dumps(document), halfway=partial(reach, "activation.partial_log"))
    reach("activation.after_log")


def read_history(root: Path, current: str | None) -> History:
    """Return the history that led to ``current`` (``None`` when that isn't known). Raises ``OSError``."""
    path = root / LOG
    lines = path.read_bytes().splitlines() if path.exists() else []
    return replay([entry for entry in map(_parse, lines) if entry is not None], current)


def replay(entries: Sequence[Activation], current: str | None) -> History:
    """Return where a sequence of changes leads; ``current`` is what ``CURRENT`` says after them."""
    stack: list[str] = []
    withdrawn: set[str] = set()
    for entry, outcome in zip(entries, _outcomes(entries, current), strict=True):
        if outcome is not None and outcome == entry.came_from:
            continue
        if entry.direction == "rollback":
            withdrawn |= _pop_to(stack, entry.id)
        else:
            stack.append(entry.id)
        if outcome not in (None, entry.id):
            stack.append(str(outcome))
    if not stack and current is not None:
        stack.append(current)
    return History(served=tuple(stack), withdrawn=frozenset(withdrawn.difference(stack)))


def _outcomes(entries: Sequence[Activation], current: str | None) -> Iterable[str | None]:
    return [*(entry.came_from for entry in entries[1:]), current] if entries else []


def _pop_to(stack: list[str], target: str) -> set[str]:
    popped = set()
    while stack and stack[-1] != target:
        popped.add(stack.pop())
    if not stack:
        stack.append(target)
    return popped


def _parse(line: bytes) -> Activation | None:
    try:
        document: dict[str, Any] = json.loads(line)
        came_from, at = document["from"], datetime.fromisoformat(document["at"])
        ids_fit = all(ID_PATTERN.fullmatch(value) for value in (document["id"], came_from) if value is not None)
        if not ids_fit or document["id"] is None or document["kind"] not in ("activate", "rollback"):
            return None
        return Activation(id=document["id"], came_from=came_from, at=at.isoformat(), direction=document["kind"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
