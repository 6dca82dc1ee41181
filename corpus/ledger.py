"""The ledger of erasures, ``VAR/erasures.jsonl``: what a restored backup of the store must not bring back.

It is only ever appended to, before the store itself forgets, and replayed over the store (``corpus.erasure_store``).
It names cases by their ids, as the tombstones in the store do, for a case that comes again could not be refused
otherwise; it names agents by their keyed hashes and customers not at all.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from corpus.stored import Key

LEDGER = "erasures.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One erasure: the cases and the pseudonyms of agents that went, and the receipt that tells the rest."""

    receipt: str
    at: datetime
    what: str
    cases: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All erasures, oldest first."""

    entries: tuple[LedgerEntry, ...] = ()

    @property
    def keys(self) -> frozenset[Key]:
        """Kind and id of every record that was erased."""
        return frozenset(("cases", case) for entry in self.entries for case in entry.cases)

    @property
    def agents(self) -> frozenset[str]:
        """The pseudonyms that no case may carry any more."""
        return frozenset(agent for entry in self.entries for agent in entry.agents)


def append_entry(path: Path, entry: LedgerEntry) -> None:
    """Append an erasure and wait until the device has it; raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(_to_json(entry), ensure_ascii=False, sort_keys=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "a+b") as file:
        # A killed process may have left half a line: closed, it is one that says nothing.
        unfinished = file.seek(0, os.SEEK_END) > 0 and _last_byte(file) != b"\n"
        file.write((f"\n{line}\n" if unfinished else f"{line}\n").encode())
        file.flush()
        os.fsync(file.fileno())


def read_ledger(path: Path) -> Ledger:
    """Return the erasures in a file; none where there is none. A line that is not whole says nothing.

    Raises ``OSError`` where it cannot be read, for then nobody knows what may be shown.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return Ledger()
    return Ledger(entries=tuple(entry for entry in map(_entry, lines) if entry is not None))


def _last_byte(file: BinaryIO) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def _to_json(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "receipt": entry.receipt,
        "at": entry.at.isoformat(),
        "what": entry.what,
        "cases": sorted(entry.cases),
        "agents": sorted(entry.agents),
    }


def _entry(line: bytes) -> LedgerEntry | None:
    try:
        said = json.loads(line)
        return LedgerEntry(
            receipt=str(said["receipt"]),
            at=datetime.fromisoformat(said["at"]),
            what=str(said["what"]),
            cases=frozenset(map(str, said["cases"])),
            agents=frozenset(map(str, said["agents"])),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
