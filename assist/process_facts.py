"""What one process tells of itself at the moment it is asked: what runs, what it serves, and its memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from assist.metrics import Watch

_STATM = Path("/proc/self/statm")


class StateFacts(Collector):
    """Tells the build and the snapshot as labels; gauges with such labels could never be taken back in files."""

    def __init__(self, watch: Watch, build: dict[str, str]) -> None:
        self._watch, self._build = watch, build

    def collect(self) -> Iterator[Metric]:
        """Yield what the process that is asked runs and serves."""
        built = GaugeMetricFamily("stichwort_build_info", "What runs", labels=sorted(self._build))
        built.add_metric([self._build[name] for name in sorted(self._build)], 1)
        yield built
        state = self._watch()
        serves = GaugeMetricFamily(
            "stichwort_snapshot_info", "What the worker that answers this serves", labels=["snapshot", "encoder"]
        )
        if state.snapshot is not None:
            serves.add_metric([state.snapshot, state.encoder or ""], 1)
        yield serves


def resident_bytes() -> int:
    """Return the resident memory of this process; 0 where the system does not tell."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGESIZE")
