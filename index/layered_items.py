"""The space of the items of one kind, with a few that changed, came or went since the snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from corpus.models import Item
from index.alignment import TokenTable
from index.delta_reading import ReadItem
from index.exact import ExactIndex
from index.layered_tokens import LayeredTokens
from index.layered_vectors import LayeredVectors
from index.layered_words import overlaid_lexicons
from index.lines import Overlaid
from index.passage_table import PassageTable
from index.space import Floats, ItemSpace, Rows
from index.splice import Splice

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanges:
    """What changed of a kind: ``read`` by row, new rows behind the last, and the rows that nobody may see any more."""

    read: Mapping[int, ReadItem]
    hidden: Sequence[int]

    @classmethod
    def of(cls, base: ItemSpace, read: Iterable[ReadItem], hidden: Iterable[str]) -> ItemChanges:
        """Place changed items where the snapshot has them, and new ones behind it, ordered by id."""
        ordered = list(read)
        rows = placed(base.row_of, [each.item.id for each in ordered])
        return cls(
            read=dict(sorted(zip(rows, ordered, strict=True), key=lambda pair: pair[0])),
            hidden=[base.row_of[each] for each in hidden if each in base.row_of],
        )


def placed(row_of: Mapping[str, int], ids: Sequence[str]) -> list[int]:
    """Return the row of each id: the one it has, or one behind the last; new ids are ordered by name."""
    new = {each: len(row_of) + number for number, each in enumerate(sorted(set(ids) - row_of.keys()))}
    return [new[each] if each in new else row_of[each] for each in ids]


def overlaid_items(base: ItemSpace, changes: ItemChanges) -> ItemSpace:
    """Return the space with its changes; what the snapshot tells of all items together stays as it is."""
    read, size = changes.read, _size(base, changes)
    touched: dict[int, Item] = {row: each.item for row, each in read.items()}
    # Rows stay where the vectors have them; without an audience one is filtered out before anything else.
    touched |= {row: replace(base.items[row], audience=()) for row in changes.hidden}
    origin = origins(len(base.items), size, read)
    vectors = _stacked([each.encoded.vector for each in read.values()], base.documents.dimension)
    return replace(
        base,
        items=Overlaid(base.items, touched),
        ids=with_others(base.ids, {row: item.id for row, item in touched.items()}),
        row_of={**base.row_of, **{item.id: row for row, item in touched.items()}},
        masks=base.masks.overlaid(touched, size),
        languages=with_others(base.languages, {row: each.words.language for row, each in read.items()}),
        documents=LayeredVectors(base.documents, ExactIndex(vectors), origin) if read else base.documents,
        passages=_passages(base, read, size),
        lexicons=overlaid_lexicons(base.lexicons, {row: each.words for row, each in read.items()}),
        tokens=_tokens(base, read, origin),
        heirs=_heirs(base, touched),
    )


def origins(old: int, size: int, fresh: Iterable[int]) -> Rows:
    """Return where each of ``size`` rows comes from: its old row, or ``-1 - number`` for the rows ``fresh``, in order.

    >>> origins(2, 3, [0, 2]).tolist()
    [-1, 1, -2]
    """
    origin = np.arange(size, dtype=np.int64)
    rows = np.fromiter(fresh, dtype=np.int64)
    origin[rows] = -1 - np.arange(rows.size)
    return origin


def _size(base: ItemSpace, changes: ItemChanges) -> int:
    return max([len(base.items), *(row + 1 for row in changes.read)])


def with_others(values: Sequence[T], others: Mapping[int, T]) -> list[T]:
    """Return a copy with some values replaced, and new ones behind the last.

    >>> with_others(["a", "b"], {1: "c", 2: "d"})
    ['a', 'c', 'd']
    """
    copied = list(values)
    for row in sorted(others):
        copied[row : row + 1] = [others[row]]
    return copied


def _stacked(vectors: Sequence[Floats], dimension: int) -> Floats:
    return np.array(vectors, dtype=np.float32).reshape(len(vectors), dimension)


def _passages(base: ItemSpace, read: Mapping[int, ReadItem], size: int) -> PassageTable | None:
    if not read or (base.passages is None and not any(each.parts.texts for each in read.values())):
        return base.passages
    old = base.passages or _no_passages(len(base.items), base.documents.dimension)
    shown = Splice.of(old.starts, {row: len(each.parts.texts) for row, each in read.items()})
    found = Splice.of(old.vector_starts, {row: len(each.part_vectors) for row, each in read.items()})
    vectors = np.concatenate([each.part_vectors for each in read.values()])
    return PassageTable(
        texts=shown.objects(old.texts, [text for each in read.values() for text in each.parts.texts]),
        headings=shown.objects(old.headings, [text for each in read.values() for text in each.parts.headings]),
        starts=shown.starts,
        vectors=LayeredVectors(old.vectors, ExactIndex(vectors), found.origin),
        vector_starts=found.starts,
    )


def _no_passages(items: int, dimension: int) -> PassageTable:
    nothing = ExactIndex(np.zeros((0, dimension), dtype=np.float32))
    starts = np.zeros(items + 1, dtype=np.int64)
    return PassageTable(texts=[], headings=[], starts=starts, vectors=nothing, vector_starts=starts)


def _tokens(base: ItemSpace, read: Mapping[int, ReadItem], origin: Rows) -> LayeredTokens | TokenTable | None:
    if not isinstance(base.tokens, TokenTable) or not read:
        return base.tokens if isinstance(base.tokens, TokenTable) else None
    nobody = np.zeros(0, dtype=np.int64)
    delta = TokenTable.build([each.encoded.tokens for each in read.values()], [False] * len(read), nobody)
    return LayeredTokens(base.tokens, delta, origin)


def _heirs(base: ItemSpace, touched: Mapping[int, Item]) -> dict[str, list[int]]:
    heirs: dict[str, list[int]] = {}
    for name, rows in base.heirs.items():
        heirs[name] = [row for row in rows if row not in touched]
    for row, item in sorted(touched.items()):
        for name in dict.fromkeys(item.replaces):
            heirs.setdefault(name, []).append(row)
    return heirs
