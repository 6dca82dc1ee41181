"""Faults of the program in logs: fully, but without a word of what it worked on."""

from __future__ import annotations

import traceback


def describe_fault(error: BaseException) -> str:
    """Return type and place of an exception and of its causes; never its message, which may quote a case."""
    parts = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        frames = " < ".join(
            f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
            for frame, line in reversed(list(traceback.walk_tb(cause.__traceback__)))
        )
        parts.append(f"{type(cause).__module__}.{type(cause).__qualname__} at {frames or 'unknown place'}")
        cause = cause.__cause__ or cause.__context__
    return "; caused by ".join(parts)
