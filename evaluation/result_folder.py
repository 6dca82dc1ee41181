"""What an earlier evaluation left in its folder: ``metrics.json`` and, where present, ``per_query.csv``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.bootstrap import Interval
from evaluation.metrics import METRICS
from evaluation.per_query import Outcome, read_per_query

_EXPECTED = ("dataset", "systems", "ci95")


class ResultsError(ValueError):
    """A folder of results that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFolder:
    """Results read back; ``outcomes`` is by (kind, system) and then by question, empty without ``per_query.csv``."""

    path: Path
    metrics: Mapping[str, Any]
    outcomes: Mapping[tuple[str, str], Mapping[str, Outcome]]

    @property
    def dataset(self) -> str:
        """The name of the set."""
        return str(self.metrics["dataset"])

    def value(self, system: str, kind: str, metric: str) -> float | None:
        """Return a mean, or ``None`` where it was not measured."""
        found = self.metrics["systems"].get(system, {}).get(kind, {}).get(metric)
        return None if found is None else float(found)

    def interval(self, system: str, kind: str, metric: str) -> Interval | None:
        """Return the interval of a mean, or ``None`` where it was not measured."""
        found = self.metrics["ci95"].get(system, {}).get(kind, {}).get(metric)
        return None if found is None else Interval(float(found[0]), float(found[1]))

    def measured(self, system: str) -> Iterator[tuple[str, str]]:
        """Yield every (kind, metric) that was measured of a system, in a fixed order."""
        for kind in sorted(self.metrics["systems"].get(system, {})):
            yield from ((kind, metric) for metric in METRICS if self.value(system, kind, metric) is not None)


def read_results(path: Path) -> ResultFolder:
    """Read a folder, or its ``metrics.json``. Raises ``ResultsError`` with what was found and how to mend it."""
    file = path / "metrics.json" if path.is_dir() else path
    try:
        metrics = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError(f"{file}: not found; expected what `python -m evaluation run --out` wrote") from None
    except ValueError as error:
        raise ResultsError(f"{file}: not valid JSON: {error}") from error
    missing = [key for key in _EXPECTED if not isinstance(metrics, dict) or key not in metrics]
    if missing:
        raise ResultsError(f"{file}: found no {', '.join(missing)}; expected what `python -m evaluation run` wrote")
    return ResultFolder(path=file.parent, metrics=metrics, outcomes=_outcomes(file.with_name("per_query.csv")))


def _outcomes(path: Path) -> dict[tuple[str, str], dict[str, Outcome]]:
    found: dict[tuple[str, str], dict[str, Outcome]] = {}
    for each in read_per_query(path) if path.exists() else ():
        found.setdefault((each.kind, each.system), {})[each.question] = each
    return found
