"""Where the time of one answer goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Adds up wall time by stage, in milliseconds."""

    def __init__(self) -> None:
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a block of code as part of a stage."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self._stages[name] = self._stages.get(name, 0.0) + (time.perf_counter() - begin) * 1000.0

    def milliseconds(self) -> dict[str, float]:
        """Milliseconds by stage, rounded to hundredths."""
        return {name: round(spent, 2) for name, spent in self._stages.items()}
