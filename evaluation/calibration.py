"""Whether confidences can be believed: skill over the base rate, calibration error, coverage at 90 % precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.bootstrap import REPLICATES, SEED, Floats, GroupBootstrap, Interval, percentiles
from evaluation.coverage import coverage_at, coverage_curve
from evaluation.questions import Question, Run
from evaluation.reliability import calibration_error, null_error, reliability_bins

PRECISION = 0.9
# Digits of a skill: a sum's rounding error must not pass for skill.
DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The first items of a run: confidence (n,) from 0 to 1, whether right (n,), and the groups of their questions.

    ``asked`` also counts questions without results. Those claim nothing, so they neither earn skill nor cost
    calibration; they do cost coverage.
    """

    confidences: Floats
    right: NDArray[np.bool_]
    groups: tuple[str, ...]
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The calibration of one kind, as ``metrics.json`` holds it.

    Skill is ``None`` where the first items are all right or all wrong: then the base rate itself makes no error.
    """

    brier_skill: float | None
    brier_skill_ci95: Interval | None
    ece: float
    ece_null_p95: float
    coverage_at_p90: float


def claims_of(questions: Sequence[Question], run: Run) -> Claims:
    """Return the first items that a run with confidences gave to the questions.

    Raises ``ValueError`` for a run without confidences, or with one outside 0 to 1.
    """
    answered = [each for each in questions if each.id in run.rankings and run.rankings[each.id].ids]
    rankings = [run.rankings[question.id] for question in answered]
    if not all(ranking.confidences for ranking in rankings):
        raise ValueError(f"run {run.system}: found rankings without confidences; calibration is of systems with them")
    confidences = np.array([ranking.confidences[0] for ranking in rankings], dtype=np.float64)
    if not np.all((confidences >= 0.0) & (confidences <= 1.0)):
        raise ValueError(f"run {run.system}: found a confidence outside 0 to 1, expected a probability")
    pairs = zip(answered, rankings, strict=True)
    return Claims(
        confidences=confidences,
        right=np.array([ranking.ids[0] in question.relevant for question, ranking in pairs], dtype=np.bool_),
        groups=tuple(question.group for question in answered),
        asked=len(questions),
    )


def calibrate(claims: Claims, *, seed: int = SEED, replicates: int = REPLICATES) -> Calibration:
    """Judge the confidences of first items. Raises ``ValueError`` where there are none."""
    if not claims.groups:
        raise ValueError("found no first items, expected at least one with a confidence; was anything suggested?")
    skill = brier_skill(claims.confidences, claims.right)
    return Calibration(
        brier_skill=skill,
        brier_skill_ci95=None if skill is None else brier_skill_interval(claims, seed=seed, replicates=replicates),
        ece=calibration_error(reliability_bins(claims.confidences, claims.right)),
        ece_null_p95=null_error(claims.confidences, seed=seed),
        coverage_at_p90=coverage_at(coverage_curve(claims.confidences, claims.right, claims.asked), PRECISION),
    )


def brier_score(confidences: ArrayLike, right: ArrayLike) -> float:
    """Return the mean squared gap between confidence and outcome: 0 is perfect, 1 the worst (Brier, 1950)."""
    return float(np.mean(_squares(confidences, right)))


def brier_skill(confidences: ArrayLike, right: ArrayLike) -> float | None:
    """Return the share of the base rate's Brier score that the confidences save: 1 is perfect, 0 no better.

    1 - BS / BS_ref, where the reference always claims the base rate of these very questions, so that no constant
    confidence can earn anything. ``None`` where all are right or all wrong, and the reference makes no error.
    """
    outcomes = np.asarray(right, dtype=np.float64)
    reference = brier_score(np.full(outcomes.shape, outcomes.mean()), outcomes)
    if outcomes.min() == outcomes.max():
        return None
    return round(1.0 - brier_score(confidences, outcomes) / reference, DIGITS) + 0.0


def brier_skill_interval(claims: Claims, *, seed: int = SEED, replicates: int = REPLICATES) -> Interval:
    """Return the interval of the skill; each resample of groups has its own base rate.

    Resamples that are all right or all wrong have no skill and are left out.
    """
    bootstrap = GroupBootstrap(claims.groups, seed=seed, replicates=replicates)
    errors = bootstrap.means(_squares(claims.confidences, claims.right))
    rates = bootstrap.means(claims.right)
    # The Brier score of claiming the base rate r is r (1 - r): the variance of the outcomes.
    references = rates * (1.0 - rates)
    mixed = references > 0.0
    low, high = percentiles(1.0 - errors[mixed] / references[mixed])
    return Interval(round(low, DIGITS) + 0.0, round(high, DIGITS) + 0.0)


def _squares(confidences: ArrayLike, right: ArrayLike) -> Floats:
    gaps: Floats = np.asarray(confidences, dtype=np.float64) - np.asarray(right, dtype=np.float64)
    return gaps**2
