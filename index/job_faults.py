"""What is wrong with a corpus, as a job may tell it: of cases neither text nor value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.findings import SHOWN, CorpusErrors, CorpusProblem

FAULTS_TOLD = 100
MOST_ENTRIES = 100
"""So many entries of a list or an object a result keeps; the rest is counted."""
_EXPECTED = ", expected "


def faults_of(error: CorpusErrors) -> dict[str, Any]:
    """Return ``{faults: [{file, line, pointer, detail}], more}``: the first faults, and how many more there are.

    What was found in a case is left out, for the files of jobs are kept longer than a case may be.
    """
    told = [
        {"file": each.file, "line": each.line, "pointer": each.pointer, "detail": _detail(each)}
        for each in error.problems[:FAULTS_TOLD]
    ]
    return {"faults": told, "more": sum(error.counts.values()) - len(told)}


def without_texts(error: Exception) -> str:
    """Return what an error says, without the texts of records that errors about corpus files quote."""
    if not isinstance(error, CorpusErrors):
        return str(error)
    places = [_of(problem.file, problem.line, problem.pointer) for problem in error.problems[:SHOWN]]
    rest = sum(error.counts.values()) - len(places)
    more = f", and {rest} more" if rest else ""
    return f"{', '.join(places)}{more}: `make check-corpus` says what was found and expected; nothing was written"


def shortened(value: Any) -> Any:
    """Return JSON whose lists and objects are cut to a hundred entries; what was cut is counted in their place.

    >>> shortened({"ids": ["a"] * 102})["ids"][-1]
    '… and 2 more'
    """
    if isinstance(value, Mapping):
        kept = {key: shortened(part) for key, part in list(value.items())[:MOST_ENTRIES]}
        return {**kept, "…": len(value) - MOST_ENTRIES} if len(value) > MOST_ENTRIES else kept
    if isinstance(value, list | tuple):
        parts = [shortened(part) for part in value[:MOST_ENTRIES]]
        return [*parts, f"… and {len(value) - MOST_ENTRIES} more"] if len(value) > MOST_ENTRIES else parts
    return value


def _detail(problem: CorpusProblem) -> str:
    if not problem.file.startswith("cases."):
        return problem.message
    if not problem.message.startswith("found "):
        return problem.message  # such as "unknown key: …": it quotes nothing
    _, found, rest = problem.message.rpartition(_EXPECTED)
    return f"expected {rest}" if found else "cannot be used as it is"


def _of(file: str, line: int | None, pointer: str) -> str:
    return " ".join(part for part in (file if line is None else f"{file}:{line}", pointer) if part)
