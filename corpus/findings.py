"""What is wrong with the files of a corpus, told briefly however much it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 20
KEPT = 1_000


@dataclass(frozen=True, slots=True)
class CorpusProblem:
    """One fault: the file, its line (None for the file itself), a JSON Pointer into the line, and what is wrong."""

    file: str
    line: int | None
    pointer: str
    message: str

    def __str__(self) -> str:
        """Return one line such as ``articles.jsonl:12: /valid_from: found …``."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.pointer, self.message) if part)


class Findings:
    """Collects problems; of each file the first 1,000 are kept and the rest only counted."""

    def __init__(self) -> None:
        self.problems: list[CorpusProblem] = []
        self.counts: Counter[str] = Counter()

    def add(self, file: str, line: int | None, pointer: str, message: str) -> None:
        """Note one problem."""
        self.counts[file] += 1
        if self.counts[file] <= KEPT:
            self.problems.append(CorpusProblem(file, line, pointer, message))

    def raise_if_any(self) -> None:
        """Raise CorpusErrors if there is any problem."""
        if self.problems:
            raise CorpusErrors(self.problems, self.counts)


class CorpusErrors(ValueError):  # noqa: N818 - it holds many
    """All faults of a corpus; as text, the first 20 of each file and the count of the rest.

    ``problems`` holds the first 1,000 of each file, ``counts`` the number of all by file.
    """

    def __init__(self, problems: Iterable[CorpusProblem], counts: Counter[str]) -> None:
        self.problems = tuple(problems)
        self.counts = Counter(counts)
        super().__init__("\n".join(line for file in self.counts for line in self._lines(file)))

    def _lines(self, file: str) -> list[str]:
        shown = [str(problem) for problem in self.problems if problem.file == file][:SHOWN]
        rest = self.counts[file] - len(shown)
        return [*shown, f"{file}: and {rest} more"] if rest else shown
