"""An article and its translation state the same figures, or one of them is out of date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from corpus.models import Article, Template
from evaluation.caching_encoder import CachingEncoder
from evaluation.corpus_report.statements import Statement


def translated_pairs(
    items: Sequence[Article | Template], said: Sequence[Statement], encoder: CachingEncoder
) -> Iterator[tuple[Statement, Statement]]:
    """Yield statements of an article and its translation that are nearest to each other and say different figures.

    Neither figure stands anywhere else in the other of the two.
    """
    families: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if isinstance(item, Article):
            families[item.translation_of or item.id].append(item.id)
    of_item: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for each in said:
        if isinstance(each.item, Article):
            of_item[each.item.id, each.kind].append(each)
    for family in families.values():
        for one, other in combinations(sorted(family), 2):
            for kind in sorted({kind for name, kind in of_item if name == one}):
                yield from _differing(of_item[one, kind], of_item.get((other, kind), []), encoder)


def _differing(
    ours: Sequence[Statement], theirs: Sequence[Statement], encoder: CachingEncoder
) -> Iterator[tuple[Statement, Statement]]:
    if not ours or not theirs:
        return
    left = encoder.encode([each.text for each in ours], role="passage")
    right = encoder.encode([each.text for each in theirs], role="passage")
    cosines = left @ right.T
    for row, each in enumerate(ours):
        column = int(np.argmax(cosines[row]))
        other = theirs[column]
        if int(np.argmax(cosines[:, column])) == row and _differ(each, other):
            yield each, other


def _differ(one: Statement, other: Statement) -> bool:
    return (
        len(one.values) == len(other.values)
        and not one.values & other.elsewhere
        and not other.values & one.elsewhere
        and {value.partition(" ")[2] for value in one.values} == {value.partition(" ")[2] for value in other.values}
    )
