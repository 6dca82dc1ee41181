"""Files of secrets: readable by their owner only, whole or not there at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SecretFileError(RuntimeError):
    """A file of secrets that cannot be used; the message names it and says how to mend it."""


def replace_secret(path: Path, text: str) -> None:
    """Write a file in place of what may be there; raises ``OSError``, and leaves things as they were then."""
    with _draft(path, text) as draft:
        draft.replace(path)


def create_secret(path: Path, text: str) -> None:
    """Write a file unless there is one: of several processes that do this at once, the first one wins."""
    with _draft(path, text) as draft:
        try:
            os.link(draft, path)
        except FileExistsError:
            return


@contextmanager
def _draft(path: Path, text: str) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
