"""``metrics.json``: the results of a set as other programs read them (section 4 of the contract)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from assist.models import SUGGEST_KINDS, SuggestKind
from evaluation.calibration import Calibration
from evaluation.metrics import METRICS
from evaluation.results import Abstention, AbstentionPoint, EvaluationResults, KindResults, SystemScores
from evaluation.significance import Comparison

DIGITS = 6
Json = dict[str, Any]


def metrics_json(results: EvaluationResults) -> Json:
    """Return the contents of ``metrics.json``: six digits, keys sorted, times under ``timings`` only.

    ``systems`` and ``ci95`` are system -> kind -> metric; the other parts are by kind. What could be suggested and what
    was dropped stands beside the split. Raises ``ValueError`` for a number that is not finite, for an unknown kind, and
    for a system without one of the metrics.
    """
    kinds = _known(results.kinds)
    whole: Json = {
        "dataset": results.dataset,
        "kind": results.source,
        "split": {kind: _split(each) for kind, each in kinds.items()},
        "systems": _by_system(kinds, _means),
        "ci95": _by_system(kinds, _intervals),
        "vs_best_baseline": {
            k: _comparison(v.vs_best_baseline, v.metric) for k, v in kinds.items() if v.vs_best_baseline
        },
        "calibration": {k: _calibration(v.calibration) for k, v in kinds.items() if v.calibration},
        "abstention": {k: _abstentions(v) for k, v in kinds.items() if v.abstention},
        "slices": {k: _slices(v) for k, v in kinds.items() if v.slices},
        "fingerprints": dict(results.fingerprints),
        "timings": _timings(results),
    }
    clean: Json = rounded(whole, "metrics")
    return clean


def write_metrics(path: Path, results: EvaluationResults) -> None:
    """Write ``metrics.json``, indented, with a final line end."""
    path.write_text(json_text(metrics_json(results)), encoding="utf-8")


def json_text(content: Json) -> str:
    """Return JSON that is the same, byte by byte, whenever the content is."""
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def rounded(value: Any, where: str) -> Any:
    """Round every number to six digits (no ``-0.0``) and sort every key; ``where`` names the place in messages."""
    if isinstance(value, Mapping):
        return {str(key): rounded(value[key], f"{where}.{key}") for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [rounded(each, f"{where}[{place}]") for place, each in enumerate(value)]
    if value is None or isinstance(value, bool | str | int):
        return value
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{where}: found {number}, expected a finite number; leave out what could not be measured")
    return round(number, DIGITS) + 0.0


def _known(kinds: Mapping[SuggestKind, KindResults]) -> Mapping[SuggestKind, KindResults]:
    unknown = sorted(set(kinds) - set(SUGGEST_KINDS))
    if unknown:
        raise ValueError(f"found kinds {', '.join(unknown)}; expected some of {', '.join(SUGGEST_KINDS)}")
    for kind, each in kinds.items():
        for system, scores in each.systems.items():
            missing = [metric for metric in METRICS if metric not in scores.means or metric not in scores.ci95]
            if missing:
                raise ValueError(f"{system}, {kind}: found no {', '.join(missing)}; every system needs every metric")
    return kinds


def _by_system(kinds: Mapping[SuggestKind, KindResults], part: Callable[[SystemScores], Json]) -> Json:
    found: dict[str, Json] = {}
    for kind, each in kinds.items():
        for system, scores in each.systems.items():
            found.setdefault(system, {})[kind] = part(scores)
    return found


def _means(scores: SystemScores) -> Json:
    return {"n": scores.n, **{metric: scores.means[metric] for metric in METRICS}}


def _intervals(scores: SystemScores) -> Json:
    return {metric: scores.ci95[metric] for metric in METRICS}


def _split(kind: KindResults) -> Json:
    return {**kind.split, "items": kind.items, "dropped": dict(kind.dropped)}


def _comparison(comparison: Comparison, metric: str) -> Json:
    return {
        "baseline": comparison.baseline,
        "metric": metric,
        "diff": comparison.diff,
        "ci95": comparison.ci95,
        "p": comparison.p,
    }


def _calibration(calibration: Calibration) -> Json:
    return {
        "brier_skill": calibration.brier_skill,
        "brier_skill_ci95": calibration.brier_skill_ci95,
        "ece": calibration.ece,
        "ece_null_p95": calibration.ece_null_p95,
        "coverage_at_p90": calibration.coverage_at_p90,
    }


def _abstentions(kind: KindResults) -> Json:
    return {system: _abstention(each) for system, each in kind.abstention.items()}


def _abstention(abstention: Abstention) -> Json:
    return {
        "false_at_80": abstention.false_at_80,
        "false_at_80_ci95": abstention.false_at_80_ci95,
        "ours_minus_this": abstention.ours_minus_this,
        "ours_minus_this_ci95": abstention.ours_minus_this_ci95,
        "shipped": None if abstention.shipped is None else _point(abstention.shipped),
        "curve": [_point(point) for point in abstention.curve],
    }


def _point(point: AbstentionPoint) -> Json:
    return {
        "threshold": point.threshold,
        "answered": point.answered,
        "false_suggestions": point.false_suggestions,
    }


def _slices(kind: KindResults) -> Json:
    found: dict[str, Json] = {}
    for each in kind.slices:
        found.setdefault(each.dimension, {})[each.value] = {
            "n": each.n,
            "systems": {system: measured.means for system, measured in each.systems.items()},
            "vs_best_baseline": None if each.against is None else _comparison(each.against, kind.metric),
        }
    return found


def _timings(results: EvaluationResults) -> Json:
    latency = {
        kind: {
            system: {"n": each.n, "p50_ms": each.p50, "p95_ms": each.p95, "p99_ms": each.p99}
            for system, each in measured.latency.items()
        }
        for kind, measured in results.kinds.items()
    }
    return {"stages_s": dict(results.stages), "latency": latency}
