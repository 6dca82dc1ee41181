"""A state in which a request cannot be answered, though nothing is wrong with it."""

from __future__ import annotations


class Unavailable(Exception):  # noqa: N818 - a state of the service, not a fault of its code
    """The service cannot answer now, being overloaded or cut off from its store; the caller may come back.

    ``str(error)`` says why, without any text of a case; ``retry_after_s`` says when to come back (seconds, >= 1).
    """

    def __init__(self, reason: str, *, retry_after_s: int = 1) -> None:
        super().__init__(reason)
        self.retry_after_s = max(1, retry_after_s)
