"""How often one key may ask: a token bucket for each key, in the memory of each worker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class RateLimiter:
    """Lets each key ask ``per_minute`` times a minute, and up to that many times at once after a pause.

    0 sets no limit. Source: Turner, "New directions in communications", IEEE Communications Magazine, 1986.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def wait_s(self, key_id: str) -> float:
        """Count one request of a key; return 0 if it may pass, else the seconds until one may."""
        if self._size == 0:
            return 0.0
        now = self._clock()
        with self._lock:
            bucket = self._buckets.setdefault(key_id, _Bucket(self._size, now))
            # The clock is read outside the lock, so another thread may have been here with a later time.
            bucket.left = min(self._size, bucket.left + max(0.0, now - bucket.at) * self._per_second)
            bucket.at = max(bucket.at, now)
            if bucket.left >= 1:
                bucket.left -= 1
                return 0.0
            return (1 - bucket.left) / self._per_second
