"""Solved cases as columns: which situation belongs to which case, and what was used in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.models import Item
from index.blobs import array_of, blob_of
from index.filters import Mask
from index.situations import USED_KINDS, Situation, UsedKind

NO_ACTION = -1
_NONE = (NO_ACTION,)


@dataclass(frozen=True, kw_only=True)
class Uses:
    """Uses of items of one kind, one row each (all int32, shape (m,)).

    ``situation`` and ``case`` are rows of the case space, ``item`` is a row of the item space, ``previous`` is the row
    of the action done just before (``NO_ACTION`` for none, or for one that the corpus lacks), ``done`` counts the
    actions done before. A use of an id that several items have or inherit stands here once for each of them.
    """

    situation: NDArray[np.int32]
    case: NDArray[np.int32]
    item: NDArray[np.int32]
    previous: NDArray[np.int32]
    done: NDArray[np.int32]

    @cached_property
    def pairs(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Cases and items, each pair of a case and an item that it used once, however often it did."""
        cases, items = np.unique(np.stack([self.case, self.item]), axis=1)
        return cases, items

    def cases_of_items(self, visible: Mask, items: int) -> NDArray[np.int64]:
        """Return how many of the ``visible`` cases used each of so many ``items`` (n,)."""
        cases, used = self.pairs
        return np.bincount(used[visible[cases]], minlength=items)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """``case_of`` maps each situation (s rows) to its case; ``uses`` holds what was used, by kind."""

    case_of: NDArray[np.int32]
    uses: Mapping[UsedKind, Uses]

    def to_blobs(self) -> dict[str, bytes]:
        """Return the columns as named ``.npy`` blobs."""
        blobs = {"history.case_of.npy": blob_of(self.case_of)}
        for kind, uses in self.uses.items():
            columns = np.stack([uses.situation, uses.case, uses.item, uses.previous, uses.done])
            blobs[f"history.{kind}.npy"] = blob_of(columns)
        return blobs

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> History:
        """Read what ``to_blobs`` wrote."""
        uses: dict[UsedKind, Uses] = {}
        for kind in USED_KINDS:
            columns = array_of(blobs[f"history.{kind}.npy"], np.int32)
            uses[kind] = Uses(
                situation=columns[0], case=columns[1], item=columns[2], previous=columns[3], done=columns[4]
            )
        return cls(case_of=array_of(blobs["history.case_of.npy"], np.int32), uses=uses)


def history_of(situations: Sequence[Situation], rows: Mapping[UsedKind, Mapping[str, Sequence[int]]]) -> History:
    """Turn situations into columns. ``rows`` maps each kind's ids to rows; ids the corpus lacks are left out.

    Each item that has or inherits an id gets its uses. Were there one heir only, then an item that a caller may not
    see could take the history of one that it may see.
    """
    columns: dict[UsedKind, list[tuple[int, int, int, int, int]]] = {kind: [] for kind in USED_KINDS}
    for number, situation in enumerate(situations):
        for use in situation.uses:
            before = rows["actions"].get(use.done[-1], _NONE) if use.done else _NONE
            columns[use.kind] += [
                (number, situation.case, item, previous, len(use.done))
                for item in rows[use.kind].get(use.id, ())
                for previous in before
            ]
    return History(
        case_of=np.array([situation.case for situation in situations], dtype=np.int32),
        uses={kind: _uses(rows_of_kind) for kind, rows_of_kind in columns.items()},
    )


def heirs_of(items: Sequence[Item]) -> Mapping[str, Sequence[int]]:
    """Return, for every id that items (by row) replace, the rows of all that do."""
    return rows_by_id(item.replaces for item in items)


def rows_by_id(ids: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Return the rows at which each id stands; ``ids`` are those of each row."""
    rows: dict[str, list[int]] = {}
    for row, names in enumerate(ids):
        for name in dict.fromkeys(names):
            rows.setdefault(name, []).append(row)
    return rows


def _uses(rows: Sequence[tuple[int, int, int, int, int]]) -> Uses:
    table = np.array(rows, dtype=np.int32).reshape(-1, 5)
    return Uses(situation=table[:, 0], case=table[:, 1], item=table[:, 2], previous=table[:, 3], done=table[:, 4])
