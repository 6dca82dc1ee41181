"""Looks at times how this worker is, so that whichever worker is asked for figures can tell those of all."""

from __future__ import annotations

import logging
import threading

from assist.faults import describe_fault
from assist.metrics import Metrics

EVERY_S = 2.0
_log = logging.getLogger(__name__)


class Observer:
    """Refreshes figures in a thread of its own."""

    def __init__(self, metrics: Metrics, *, every_s: float = EVERY_S) -> None:
        self._metrics, self._every_s = metrics, every_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="observer", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._stopped.wait(self._every_s):
            try:
                self._metrics.refresh()
            except Exception as error:  # figures must never end what they are figures of
                _log.error("the figures of this worker cannot be refreshed: %s", describe_fault(error))
