"""Looking at something now and then in a thread of its own: keys, snapshots and offers in the store, uploads, figures.

Whoever is looked after knows nothing of threads: it has a method that looks once, and ``assist/bootstrap.py`` says how
often that is called.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from assist.faults import describe_fault

_log = logging.getLogger(__name__)


class Lookout:
    """Calls ``look`` at once when it is started, then ``every_s`` seconds after each look has ended, until stopped.

    A look that fails is logged by its place, once for as long as looks go on to fail in the same way, and never ends
    the looking. It is started once. The thread bears the ``name``, and does not keep the process from ending.
    """

    def __init__(self, name: str, look: Callable[[], object], *, every_s: float) -> None:
        self.name, self.every_s = name, every_s
        self._look = look
        self._fault: str | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; returns when a look that is under way has ended."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._look_once()
            self._stopped.wait(self.every_s)

    def _look_once(self) -> None:
        try:
            self._look()
        except Exception as error:  # what is looked at may be mended by the next time
            fault = describe_fault(error)
            if fault != self._fault:
                _log.error("%s failed, and is tried again every %g s: %s", self.name, self.every_s, fault)
            self._fault = fault
        else:
            self._fault = None
