"""The feature study told in figures: what each feature changes in the mean of some sets, with paired intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from evaluation.bootstrap import GroupBootstrap
from evaluation.fair_encoders import industry_of
from evaluation.feature_material import StudiedSet
from evaluation.feature_study import Held, Values
from evaluation.metrics import mean
from evaluation.paired import Difference, Paired, over_sets

# Sets by the heading under which their mean is told.
Scopes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a fit holds in each scope: its ``means``, and the ``differences`` a feature makes (none without one)."""

    feature: str | None
    weights: Mapping[str, tuple[float, ...]]
    means: Mapping[str, float]
    differences: Mapping[str, Difference]


def scopes_of(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the scopes of a study: plain sets and industries as means, each set of mails beside them alone.

    >>> list(scopes_of(["cwa_title_de2de", "mail_cwa_de", "mails_energy", "mails_retail"]))
    ['plain sets (mean of 1)', 'industries (mean of 2)', 'mail_cwa_de']
    """
    industries = tuple(name for name in names if industry_of(name))
    mails = tuple(name for name in names if name.startswith("mail_"))
    plain = tuple(name for name in names if name not in {*industries, *mails})
    means = {"plain sets": plain, "industries": industries}
    return {f"{heading} (mean of {len(some)})": some for heading, some in means.items() if some} | {
        name: (name,) for name in mails
    }


def told(sets: Sequence[StudiedSet], base: Held, held: Sequence[Held]) -> list[Told]:
    """Return what the base and then each of the others hold; every set weighs the same in the mean of a scope."""
    scopes = scopes_of([each.name for each in sets])
    groups = {each.name: [studied.question.group for studied in each.questions] for each in sets}
    bootstraps = {name: GroupBootstrap(some) for name, some in groups.items()}
    return [
        Told(feature=None, weights=base.weights, means=_means(scopes, base), differences={}),
        *(
            Told(
                feature=each.feature,
                weights=each.weights,
                means=_means(scopes, each),
                differences={name: _difference(some, each, base, bootstraps) for name, some in scopes.items()},
            )
            for each in held
        ),
    ]


def _means(scopes: Scopes, held: Held) -> dict[str, float]:
    means = {name: mean(values) for name, values in held.values.items()}
    return {heading: fsum(means[name] for name in names) / len(names) for heading, names in scopes.items()}


def _difference(names: Sequence[str], held: Held, base: Held, bootstraps: Mapping[str, GroupBootstrap]) -> Difference:
    return over_sets(
        {name: Paired.of(_changes(held.values[name], base.values[name]), bootstraps[name]) for name in names}
    )


def _changes(values: Values, others: Values) -> list[float]:
    return [values[question] - others[question] for question in values]
