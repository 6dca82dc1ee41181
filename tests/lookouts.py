"""Something that is looked after for as long as a test needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assist.lookout import Lookout


@contextmanager
def looked_after(look: Callable[[], object], *, every_s: float = 0.2) -> Iterator[None]:
    """Call ``look`` now and then, in a thread of its own, until the end of the block."""
    lookout = Lookout("test", look, every_s=every_s)
    lookout.start()
    try:
        yield
    finally:
        lookout.stop()
