"""``gates.toml``: what every set must reach."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assist.models import SUGGEST_KINDS
from evaluation.metrics import METRICS

# Beside the metrics of a ranking: how far confidence can be believed, and ours against the best baseline.
VS_BEST_BASELINE = "vs_best_baseline"
CONFIDENCE_FLOORS = ("brier_skill", "coverage_at_p90")
FLOOR_NAMES = (*METRICS, *CONFIDENCE_FLOORS, VS_BEST_BASELINE)
SHIPPED = Path(__file__).with_name("gates.toml")


class FloorsError(ValueError):
    """A file of floors that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """The lowest values that pass: set -> kind -> name (one of ``FLOOR_NAMES``) -> floor."""

    sets: Mapping[str, Mapping[str, Mapping[str, float]]]


def read_floors(path: Path = SHIPPED) -> Floors:
    """Read floors. Raises ``FloorsError`` that names the file and the key, and says what was expected."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FloorsError(f"{path}: not valid TOML: {error}") from error
    _only(content, ("sets",), path, "")
    sets = _table(content.get("sets", {}), path, "sets")
    return Floors(
        sets={name: _kinds(_table(kinds, path, f"sets.{name}"), path, f"sets.{name}") for name, kinds in sets.items()}
    )


def _kinds(kinds: Mapping[str, Any], path: Path, key: str) -> dict[str, dict[str, float]]:
    _only(kinds, SUGGEST_KINDS, path, f"{key}.")
    return {
        kind: _values(_table(values, path, f"{key}.{kind}"), path, f"{key}.{kind}") for kind, values in kinds.items()
    }


def _values(values: Mapping[str, Any], path: Path, key: str) -> dict[str, float]:
    _only(values, FLOOR_NAMES, path, f"{key}.")
    return {name: _floor(value, path, f"{key}.{name}") for name, value in values.items()}


def _floor(value: object, path: Path, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1 <= value <= 1:
        raise FloorsError(f"{path}: {key}: found {value!r}; expected a number from -1 to 1")
    return float(value)


def _table(value: object, path: Path, key: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise FloorsError(f"{path}: {key}: found {value!r}; expected a table such as [sets.NAME.articles]")
    return value


def _only(table: Mapping[str, Any], known: tuple[str, ...], path: Path, prefix: str) -> None:
    unknown = [f"{prefix}{name}" for name in table if name not in known]
    if unknown:
        raise FloorsError(f"{path}: found unknown key {', '.join(unknown)}; expected one of {', '.join(known)}")
