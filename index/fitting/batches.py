"""Batches of close neighbours: what is in one batch must be told apart, so it had better be alike."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray


def neighbour_batches(
    problem_of: Sequence[int],
    group_of: Sequence[str],
    vectors: NDArray[np.float32],
    *,
    size: int,
    rng: random.Random,
) -> list[list[int]]:
    """Part rows into batches of at most ``size`` rows, each row once, in random order.

    Row i is about problem ``problem_of[i]``, which belongs to ``group_of[problem]`` and whose article has the vector
    ``vectors[problem]`` (n, d). A batch holds rows of one group, half of them the nearest neighbours of a random one,
    and no problem twice.
    """
    by_group: dict[str, list[int]] = defaultdict(list)
    for row, problem in enumerate(problem_of):
        by_group[group_of[problem]].append(row)
    batches = [
        batch
        for group in sorted(by_group)
        for batch in _batches(by_group[group], problem_of, vectors, size=size, rng=rng)
    ]
    rng.shuffle(batches)
    return batches


def _batches(
    rows: Sequence[int],
    problem_of: Sequence[int],
    vectors: NDArray[np.float32],
    *,
    size: int,
    rng: random.Random,
) -> Iterator[list[int]]:
    left = list(rows)
    rng.shuffle(left)
    while left:
        nearest = np.argsort(
            -(vectors[[problem_of[row] for row in left]] @ vectors[problem_of[left[0]]]), kind="stable"
        )
        near = _distinct([left[at] for at in nearest], problem_of, size // 2)
        batch = _distinct([*near, *left], problem_of, size)
        yield batch
        taken = set(batch)
        left = [row for row in left if row not in taken]


def _distinct(rows: Sequence[int], problem_of: Sequence[int], size: int) -> list[int]:
    """Return the first ``size`` rows about different problems."""
    first_of: dict[int, int] = {}
    for row in rows:
        first_of.setdefault(problem_of[row], row)
        if len(first_of) == size:
            break
    return list(first_of.values())
