"""Lines of a ``.jsonl`` or ``.jsonl.gz`` file, read with bounds: no file can fill the memory."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

MAX_LINE = 4 * 1024 * 1024
MAX_FILE = 2 * 1024 * 1024 * 1024
_REPORT_EVERY = 1_000

Progress = Callable[[str, int, int], None]
"""Called now and then with the file's name, the bytes read of it so far, and its size in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds in bytes, of a line and of a whole file after unpacking."""

    line: int = MAX_LINE
    file: int = MAX_FILE


class LineFault(Exception):  # noqa: N818 - told to the user as a problem of a line, never raised out of a reader
    """What makes a line, or the rest of a file, unreadable."""


def read_lines(path: Path, limits: Limits, progress: Progress | None = None) -> Iterator[tuple[int, bytes | LineFault]]:
    """Yield (number, line) for every line that is not blank; numbers start at 1.

    A line beyond its bound is yielded as a LineFault and reading goes on; damaged gzip data, a file beyond its
    bound and a failing disk are yielded as the last LineFault. Raises OSError when the file cannot be opened.
    """
    with path.open("rb") as raw:
        size = path.stat().st_size
        number = 0
        try:
            for number, line in enumerate(_raw_lines(_unpacked(path, raw, size), limits), start=1):
                if isinstance(line, LineFault) or line.strip():
                    yield number, line
                if progress and number % _REPORT_EVERY == 0:
                    progress(path.name, raw.tell(), size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield number + 1, LineFault(f"found damaged gzip data ({error}), expected a whole file: pack it again")
        except OSError as error:
            yield number + 1, LineFault(f"reading failed ({error.strerror}): check the disk, then try again")
        if progress:
            progress(path.name, size, size)


def _unpacked(path: Path, raw: BinaryIO, size: int) -> BinaryIO:
    if path.suffix != ".gz":
        return raw
    if size == 0:  # gzip itself would take it for an empty text, but it is a copy that failed
        raise EOFError("no bytes at all")
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw, mode="rb"))


def _raw_lines(stream: BinaryIO, limits: Limits) -> Iterator[bytes | LineFault]:
    total = 0
    while line := stream.readline(limits.line + 2):
        total += len(line)
        if len(line.rstrip(b"\r\n")) > limits.line:
            total += _skip_rest(stream, line, limits)
            yield LineFault(f"found a line longer than {limits.line} bytes, expected at most that: split the record")
        elif total <= limits.file:
            yield line
        if total > limits.file:
            yield LineFault(f"found more than {limits.file} bytes (unpacked), expected at most that: split the corpus")
            return


def _skip_rest(stream: BinaryIO, start: bytes, limits: Limits) -> int:
    """Read to the end of an overlong line, but never beyond the file's bound; returns the bytes skipped."""
    skipped, part = 0, start
    while not part.endswith(b"\n") and skipped <= limits.file and (part := stream.readline(limits.line)):
        skipped += len(part)
    return skipped
