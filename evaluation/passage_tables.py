"""The passage study as Markdown: for each part and system one row a setting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from evaluation.blends import SHIPPED_BLEND
from evaluation.paired import Difference
from evaluation.passage_cuts import name_of
from evaluation.passage_means import Summary
from evaluation.passage_study import BLEND, CUT, METRIC
from index.passages import SHIPPED_PASSAGES

_TITLES: Mapping[str, str] = MappingProxyType(
    {CUT: "How articles are cut into passages", BLEND: "How the cosines of article and passages are blended"}
)
_SHIPS = frozenset({(CUT, name_of(SHIPPED_PASSAGES)), (BLEND, SHIPPED_BLEND)})
_HEADINGS = ("setting", "passages", "changed", "mean of sets", "difference", "mean of families", "difference")


def markdown(found: Sequence[Summary]) -> str:
    """Return the tables of all parts and systems, in the order of the summaries."""
    parts = dict.fromkeys((each.part, each.system) for each in found)
    return "\n".join(
        "\n".join(_table([each for each in found if (each.part, each.system) == key])) + "\n" for key in parts
    )


def _table(found: Sequence[Summary]) -> Iterator[str]:
    first = found[0]
    yield f"### {_TITLES[first.part]}: {METRIC} of {first.system}, {first.sets} sets, {first.questions} questions"
    yield ""
    yield _line(_HEADINGS)
    yield _line("---" if heading == "setting" else "---:" for heading in _HEADINGS)
    for each in found:
        ships = (each.part, each.setting) in _SHIPS
        yield _line(
            (
                f"**{each.setting}** (ships)" if ships else each.setting,
                str(each.passages),
                str(each.changed),
                _number(each.over_sets.mean),
                "" if ships else _difference(each.over_sets.difference),
                _number(each.over_families.mean),
                "" if ships else _difference(each.over_families.difference),
            )
        )


def _line(cells: Sequence[str] | Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _difference(difference: Difference) -> str:
    low, high = difference.ci95
    return f"{_number(difference.mean, sign='+')} ({_number(low, sign='+')} to {_number(high, sign='+')})"


def _number(value: float, sign: str = "") -> str:
    rounded = round(value, 4) + 0.0  # never a negative zero
    return f"{rounded:{sign}.4f}".replace("0.", ".", 1)
