"""The gate before the engine: so many requests at work, so many that wait, and nobody waits in vain.

Without it a burst queues up without end, and every answer comes too late to be of use. What does not fit is refused at
once, so that the caller can go elsewhere or come back.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assist.metrics import RefusedFor
from assist.unavailable import Unavailable

AT_WORK = 2
WAITING = 16
DEADLINE_S = 1.0
# Whoever could expect to wait longer than this part of the deadline is refused at once: who is refused at the deadline
# has waited in vain, and expectations err.
_EXPECTED_PART = 0.8
# The more are refused, the shorter the queue: refusing takes time as well, expectations err more, and where four of
# five are refused there is always a next one. Under five times the load the slowest hundredth of what is accepted
# takes .9 to .97 s; with seven tenths of the deadline throughout it took 1.1 s.
_LESS_WHERE_REFUSED = 0.3
# What one more piece of work weighs in the mean of how long work takes: the mean follows the last twenty or so.
_WEIGHT = 0.1
# The same for one more request in the share of those that are refused: the last forty or so.
_WEIGHT_OF_ONE = 0.05


class RefusedError(Unavailable):
    """Work that the gate does not let in: too many are there already, or it comes too late."""

    def __init__(self, message: str, reason: RefusedFor) -> None:
        super().__init__(message)
        self.reason: RefusedFor = reason


class Gate:
    """Lets ``at_work`` requests work at a time and ``waiting`` more wait for them, first come, first served.

    Work that can no longer be expected to be done ``deadline_s`` seconds after its request arrived is refused: its
    caller will have given up. From how long work took of late the gate expects when work can begin, and refuses at once
    whoever would wait too long; where many are refused, earlier. Safe to share between threads.

    >>> gate = Gate(at_work=1, waiting=0)
    >>> with gate.work(gate.now()):
    ...     "an answer"
    'an answer'
    """

    def __init__(
        self,
        *,
        at_work: int = AT_WORK,
        waiting: int = WAITING,
        deadline_s: float = DEADLINE_S,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.now = clock
        self._at_work, self._waiting, self._deadline_s = at_work, waiting, deadline_s
        self._lock = threading.Lock()
        self._busy = 0
        self._takes_s = 0.0
        self._refused = 0.0
        self._queue: deque[threading.Event] = deque()

    @contextmanager
    def work(self, arrived: float) -> Iterator[None]:
        """Work within, as soon as it is one's turn; ``arrived`` is when the request came, as ``now()`` told it.

        Raises ``RefusedError`` at once where too many wait already, or when the deadline has passed.
        """
        self._enter(arrived + self._deadline_s)
        begin = self.now()
        try:
            yield
        finally:
            self._leave(self.now() - begin)

    def load(self) -> tuple[int, int]:
        """Return how many requests are at work now, and how many wait."""
        with self._lock:
            return self._busy, len(self._queue)

    def _enter(self, deadline: float) -> None:
        with self._lock:
            if self.now() >= deadline:
                raise self._too_late()
            full = self._busy >= self._at_work and self._is_full()
            self._refused += _WEIGHT_OF_ONE * (full - self._refused)
            if full:
                raise RefusedError(
                    f"{self._busy} requests are at work and {len(self._queue)} wait, which is as many as may", "full"
                )
            if self._busy < self._at_work:
                self._busy += 1
                return
            turn = threading.Event()
            self._queue.append(turn)
            latest = deadline - self._kept_for_work()
        self._await(turn, latest)

    def _await(self, turn: threading.Event, latest: float) -> None:
        if turn.wait(max(0.0, latest - self.now())):
            return
        with self._lock:
            # The turn may have come between the end of the wait and this line; then it is ours to use or to pass on.
            if not turn.is_set():
                self._queue.remove(turn)
                raise self._too_late()

    def _is_full(self) -> bool:
        """Return whether as many wait as may, or who joins them now could expect to wait too long."""
        longest = (_EXPECTED_PART - _LESS_WHERE_REFUSED * self._refused) * self._deadline_s
        return len(self._queue) >= self._waiting or self._expected_wait() > longest

    def _expected_wait(self) -> float:
        """Return how many seconds someone who joins the queue now can expect to wait."""
        return (len(self._queue) + 1) * self._takes_s / self._at_work

    def _kept_for_work(self) -> float:
        """Return how many seconds before the deadline nobody waits any longer, for the work itself takes them.

        At most half of it: where work takes longer than that, an answer somewhat late is better than none.
        """
        return min(self._takes_s, self._deadline_s / 2)

    def _leave(self, took: float) -> None:
        with self._lock:
            self._takes_s += _WEIGHT * (took - self._takes_s)
            if self._queue:
                self._queue.popleft().set()  # the place is handed over: nobody who comes now may take it
            else:
                self._busy -= 1

    def _too_late(self) -> RefusedError:
        told = f"The work could not be done within {self._deadline_s:g} s of the request any more, and was left"
        return RefusedError(told, "late")
