"""The open sets under one folder: ``beir/*``, ``history/*`` and ``mails/*``, found at once and read when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluation.beir import read_beir
from evaluation.history_sets import read_history
from evaluation.judged import family_of
from evaluation.problems import read_problems, read_similar_problems
from evaluation.questions import JudgedSet

_ENDINGS = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSet:
    """One place where judged sets lie: a folder, or a file of problems. Nothing of it has been read yet."""

    name: str
    path: Path
    read: Callable[[Path], tuple[JudgedSet, ...]]

    @property
    def family(self) -> str:
        """The family that its judged sets belong to."""
        return family_of(self.name)

    def load(self) -> tuple[JudgedSet, ...]:
        """Read its judged sets, one for each kind; raises what its reader raises."""
        return self.read(self.path)


def find_open_sets(data: Path) -> tuple[OpenSet, ...]:
    """Return all sets under a folder: BEIR folders, then histories, then problems, each in order of name.

    Raises ``ValueError`` when there is none.
    """
    found = (*_folders(data / "beir", _beir), *_folders(data / "history", read_history), *_problems(data / "mails"))
    if not found:
        raise ValueError(f"found no set in {data}, expected folders in beir/ or history/, or files in mails/")
    return found


def find_article_sets(data: Path) -> tuple[OpenSet, ...]:
    """Return the sets under a folder that ask for articles without any history: BEIR folders, then problems.

    Raises ``ValueError`` when there is none.
    """
    found = (*_folders(data / "beir", _beir), *_problems(data / "mails"))
    if not found:
        raise ValueError(f"found no set in {data}, expected folders in beir/, or files in mails/")
    return found


def _folders(parent: Path, read: Callable[[Path], tuple[JudgedSet, ...]]) -> Iterator[OpenSet]:
    for folder in sorted(parent.iterdir()) if parent.is_dir() else ():
        if folder.is_dir() and not folder.name.startswith("."):
            yield OpenSet(name=folder.name, path=folder, read=read)


def _problems(parent: Path) -> Iterator[OpenSet]:
    for file in sorted(parent.iterdir()) if parent.is_dir() else ():
        if file.is_file() and file.name.endswith(_ENDINGS):
            yield OpenSet(name=f"mails_{file.name.split('.')[0]}", path=file, read=_mails)


def _beir(folder: Path) -> tuple[JudgedSet, ...]:
    return (read_beir(folder),)


def _mails(file: Path) -> tuple[JudgedSet, ...]:
    return read_problems(file), read_similar_problems(file)
