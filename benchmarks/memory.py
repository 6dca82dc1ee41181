"""What processes hold, as Linux tells it."""

from __future__ import annotations

from pathlib import Path

MEGABYTE = 1_000_000
_PAGE_KIB = 1024


def resident_mb(process: int) -> float:
    """Return the resident memory of a process, in megabytes (10**6 bytes)."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) * _PAGE_KIB / MEGABYTE, 1)
    raise ValueError(f"process {process} holds no memory any more, expected a running one: look why it ended")


def children(process: int) -> list[int]:
    """Return the processes that a process began, in order."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return sorted(int(child) for task in tasks for child in (task / "children").read_text(encoding="utf-8").split())


def maps_library(process: int, name: str) -> bool:
    """Return whether a process has a file in memory whose path holds a name, such as ``libtorch``."""
    return name in Path(f"/proc/{process}/maps").read_text(encoding="utf-8")
