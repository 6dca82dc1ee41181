"""How many questions tell which difference: for planning a judging, before anybody has judged.

Two systems are compared on the same questions, each right or wrong at its first item. What tells is only the questions
on which one is right and the other wrong; their share is the discordance. McNemar's test asks whether they fall to both
sides alike. Its sample size: R. J. Connor, *Sample size for testing differences in proportions for the paired-sample
design*, Biometrics 43 (1987), 207-211. It is an approximation that flatters where fewer than some ten questions are
discordant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, sqrt
from statistics import NormalDist

LEVEL = 0.05
POWER = 0.8
PRECISION = 0.6
"""The share of questions whose first item is right that the table assumes of the weaker system."""
PER_QUESTION = 10
"""The candidates that one question is assumed to have, before a pool has counted them."""

_QUESTIONS = (50, 100, 200, 400, 800, 1600)
_DISCORDANCES = (0.05, 0.1, 0.2, 0.3)
_DIFFERENCES = (0.02, 0.03, 0.05, 0.1, 0.15)
_NEVER = "-"


def detectable_difference(
    n: int, p: float, discordance: float, *, level: float = LEVEL, power: float = POWER
) -> float | None:
    """Return the difference in precision that ``n`` judged questions show with probability ``power``.

    ``p`` (0 to 1) is the precision of the weaker system, ``discordance`` (above 0, to 1) the share of questions that
    one system answers and the other does not. Solved from ``n d^2 = (z_a sqrt(c) + z_b sqrt(c - d^2))^2`` with the
    discordance ``c``, the difference ``d`` and the normal quantiles of level (two-sided) and power. ``None`` when the
    difference it takes cannot exist: it is at most ``c``, and the stronger system wins only where the weaker fails,
    which bounds ``(c + d) / 2`` by ``1 - p`` and ``(c - d) / 2`` by ``p``. Raises ``ValueError`` out of range.

    >>> round(detectable_difference(155, 0.4, 0.45), 3)
    0.15
    """
    _check(n=n, p=p, discordance=discordance)
    z_level, z_power = _quantiles(level, power)
    under = n + z_power**2 - z_level**2
    if under < 0:
        return None
    difference = sqrt(discordance) * (sqrt(n) * z_level + z_power * sqrt(under)) / (n + z_power**2)
    wins, losses = (discordance + difference) / 2, (discordance - difference) / 2
    possible = losses >= 0 and wins <= 1 - p and losses <= p
    return difference if possible else None


def questions_needed(difference: float, discordance: float, *, level: float = LEVEL, power: float = POWER) -> int:
    """Return how many questions show a difference (above 0, at most the discordance): Connor's equation itself.

    >>> questions_needed(0.4, 0.5)
    23
    """
    if not 0 < difference <= discordance <= 1:
        raise ValueError(
            f"found difference {difference} and discordance {discordance}, expected 0 < first <= second <= 1"
        )
    z_level, z_power = _quantiles(level, power)
    return ceil((z_level * sqrt(discordance) + z_power * sqrt(discordance - difference**2)) ** 2 / difference**2)


def half_width(n: int, p: float) -> float:
    """Return half the 95 % interval of a precision ``p`` from ``n`` questions, by the normal approximation."""
    _check(n=n, p=p, discordance=1.0)
    return NormalDist().inv_cdf(0.975) * sqrt(p * (1 - p) / n)


def power_tables(*, p: float = PRECISION, per_question: float = PER_QUESTION) -> str:
    """Return both tables for planning, in Markdown: what so many questions show, and what a difference costs."""
    return "\n".join([*_shown(p, per_question), "", *_costs()])


def _shown(p: float, per_question: float) -> Iterator[str]:
    yield (
        f"What so many questions show: P@1 around {p:.0%}, level {LEVEL:.0%} two-sided, power {POWER:.0%}, "
        f"{per_question:.3g} candidates a question."
    )
    yield ""
    discordances = [f"difference at {each:.0%} discordance" for each in _DISCORDANCES]
    yield from _head(["questions", "judgements", "P@1 known to", *discordances])
    for n in _QUESTIONS:
        found = [detectable_difference(n, p, each) for each in _DISCORDANCES]
        differences = [_NEVER if each is None else f"{each:.3f}" for each in found]
        yield _line([f"{n}", f"{n * per_question:.0f}", f"± {half_width(n, p):.3f}", *differences])


def _costs() -> Iterator[str]:
    yield "Questions that a difference in P@1 takes."
    yield ""
    yield from _head(["difference", *(f"{each:.0%} discordance" for each in _DISCORDANCES)])
    for difference in _DIFFERENCES:
        needed = [f"{questions_needed(difference, each)}" if difference <= each else _NEVER for each in _DISCORDANCES]
        yield _line([f"{difference:.2f}", *needed])


def _head(names: Sequence[str]) -> Iterator[str]:
    yield _line(names)
    yield _line(["---:"] * len(names))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _quantiles(level: float, power: float) -> tuple[float, float]:
    if not (0 < level < 1 and 0.5 <= power < 1):
        raise ValueError(f"found level {level} and power {power}, expected 0 < level < 1 and 0.5 <= power < 1")
    return NormalDist().inv_cdf(1 - level / 2), NormalDist().inv_cdf(power)


def _check(*, n: int, p: float, discordance: float) -> None:
    if n < 1 or not 0 <= p <= 1 or not 0 < discordance <= 1:
        raise ValueError(
            f"found n {n}, p {p} and discordance {discordance}, expected n >= 1, 0 <= p <= 1 and 0 < discordance <= 1"
        )
