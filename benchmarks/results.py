"""A results file for each part: what was found, with what, on which machine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.hardware import machine
from benchmarks.plan import Found, Plan

PARTS = ("encoder", "search", "suggest", "throughput", "sustained", "build", "start", "side-by-side")
"""The parts, in the order in which they are measured and shown."""


class ResultsError(ValueError):
    """A results file that cannot be read; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one part found, or why it ``failed``. ``found`` is empty then."""

    part: str
    measured_at: str
    seconds: float
    machine: Found
    plan: Found
    found: Found
    failed: str | None = None

    @property
    def is_smoke(self) -> bool:
        """Whether it only shows that everything works, so that none of its figures means anything."""
        return bool(self.plan.get("quick")) or self.plan.get("encoder") == "toy"


def result_of(
    part: str, plan: Plan, *, load_before: float, seconds: float, found: Found, failed: str | None = None
) -> Result:
    """Return the result of a part that has just been measured."""
    return Result(
        part=part,
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(seconds, 1),
        machine=machine(load_before),
        plan=plan.facts(),
        found=found,
        failed=failed,
    )


def write_result(folder: Path, result: Result) -> Path:
    """Write ``PART.json`` and return it; what the part found before is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.part}.json"
    document = {name: getattr(result, name) for name in Result.__dataclass_fields__}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def read_results(folder: Path) -> Mapping[str, Result]:
    """Return the results of a folder by part, in their order; parts that were not measured are missing."""
    paths = {part: folder / f"{part}.json" for part in PARTS}
    return {part: _read(path) for part, path in paths.items() if path.is_file()}


@contextmanager
def reading(part: str) -> Iterator[None]:
    """Raise ``ResultsError`` where, within, what a part found lacks a figure: an earlier version measured others."""
    try:
        yield
    except KeyError as error:
        raise ResultsError(
            f"{part}.json: lacks {error}, as results of another version do: measure the part again, or delete the file"
        ) from error


def _read(path: Path) -> Result:
    try:
        return Result(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ResultsError(
            f"{path}: found no results of this program ({error}): delete it, or measure again"
        ) from error
