"""What was uploaded becomes a corpus folder: one file, or a zip whose entries cannot lead out of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from corpus.importers.archives import zip_entries
from corpus.importers.files import EntryFault, SourceFile, UnusableEntry
from corpus.importers.limits import SHIPPED_LIMITS, ImportFailedError, ImportLimits
from corpus.models import KINDS
from corpus.quarantined import QUARANTINE_FILE
from corpus.smoke import SMOKE_FILE
from corpus.wording import Problem, show

CORPUS_FILES = (
    *(f"{kind}{ending}" for kind in KINDS for ending in (".jsonl", ".jsonl.gz")),
    SMOKE_FILE,
    QUARANTINE_FILE,
)
ENTRIES = 1_000
SHOWN_IGNORED = 20
UNPACKED_FACTOR = 8
"""A zip may unpack to so many times what an upload may be large: JSON Lines pack well."""


class UnusableUploadError(ValueError):
    """An upload that is no corpus; ``problems`` say what was found and expected."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


def unpack(packed: Path, folder: Path, most: int) -> tuple[str, ...]:
    """Write the files of a corpus out of a zip into an empty folder; return the names of what was left out.

    ``most`` bounds what may come out, in bytes. Raises ``UnusableUploadError``.
    """
    try:
        return _unpack(packed, folder, _limits(most))
    except ImportFailedError as error:
        raise UnusableUploadError([Problem("", str(error).removeprefix(f"{packed}: "))]) from None


def _limits(most: int) -> ImportLimits:
    return replace(SHIPPED_LIMITS, unpacked=most, small=most, entries=ENTRIES)


def _unpack(packed: Path, folder: Path, limits: ImportLimits) -> tuple[str, ...]:
    ignored: list[str] = []
    problems: list[Problem] = []
    for entry in zip_entries(packed, limits):
        if isinstance(entry, UnusableEntry):
            if not entry.harmless:
                problems.append(Problem("", f"{show(entry.name)}: found {entry.reason}: {entry.hint}"))
        elif PurePosixPath(entry.name).name not in CORPUS_FILES:
            ignored.append(entry.name)
        else:
            problems += _write(entry, folder)
    if not problems and not any(folder.iterdir()):
        problems = [Problem("", f"found {_found(ignored)}, expected {', '.join(f'{kind}.jsonl' for kind in KINDS)}")]
    if problems:
        raise UnusableUploadError(problems)
    return tuple(ignored[:SHOWN_IGNORED])


def _write(entry: SourceFile, folder: Path) -> Iterator[Problem]:
    target = folder / PurePosixPath(entry.name).name
    if target.exists():
        yield Problem(
            "", f"{show(entry.name)}: found {target.name} twice, expected the files of one folder: remove one"
        )
        return
    try:
        with entry.open() as stream:
            target.write_bytes(stream.read())
    except EntryFault as fault:
        yield Problem("", f"{show(entry.name)}: found {fault.reason}: {fault.hint}")


def _found(ignored: list[str]) -> str:
    return f"{len(ignored)} other files, such as {show(ignored[0])}" if ignored else "nothing"
