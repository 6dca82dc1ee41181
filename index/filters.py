"""Which items a caller may be shown at a moment: boolean masks over the rows of a space.

Filtering happens before ranking, so that what is excluded has no influence on what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from corpus.models import Case, Item, Template, primary_language

Mask = NDArray[np.bool_]

_SUGGESTED_TEMPLATE_KINDS = frozenset({"reply", "snippet"})


class ValueMasks:
    """Rows by the values of one list-like field.

    ``rows_of[value]`` is a mask of shape (n,); ``empty`` marks rows without any value.
    """

    def __init__(self, values: Sequence[Iterable[str]]) -> None:
        self._size = len(values)
        self.empty = np.ones(self._size, dtype=np.bool_)
        self.rows_of: dict[str, Mask] = {}
        for row, row_values in enumerate(values):
            for value in row_values:
                self.empty[row] = False
                self.rows_of.setdefault(value, np.zeros(self._size, dtype=np.bool_))[row] = True

    def any_of(self, wanted: Iterable[str]) -> Mask:
        """Return the rows that hold at least one of the wanted values."""
        mask = np.zeros(self._size, dtype=np.bool_)
        for value in wanted:
            if value in self.rows_of:
                mask |= self.rows_of[value]
        return mask

    def fits(self, wanted: str | None) -> Mask:
        """Return the rows that hold the value or none at all; every row when nothing is wanted."""
        if wanted is None:
            return np.ones(self._size, dtype=np.bool_)
        return self.empty | self.any_of((wanted,))


class ItemMasks:
    """Masks over the items of one kind (n rows each)."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.size = len(items)
        self.audience = ValueMasks([item.audience for item in items])
        self.product = ValueMasks([getattr(item, "products", ()) for item in items])
        self.channel = ValueMasks([getattr(item, "channels", ()) for item in items])
        self.category = ValueMasks([_categories(item) for item in items])
        self.language = ValueMasks([_language(item) for item in items])
        self._offered = np.array([_is_offered(item) for item in items], dtype=np.bool_)
        self._valid_from = _timestamps(items, lambda item: item.valid_from, missing=-np.inf)
        self._valid_until = _timestamps(items, lambda item: item.valid_until, missing=np.inf)

    def visible(self, audiences: frozenset[str]) -> Mask:
        """Return published items that one of the audiences may see, whatever their validity."""
        return self.audience.any_of(audiences) & self._offered

    def valid(self, as_of: datetime) -> Mask:
        """Return the items valid at a moment: from ``valid_from`` (included) until ``valid_until`` (excluded)."""
        moment = as_of.timestamp()
        return (self._valid_from <= moment) & (moment < self._valid_until)


class CaseMasks:
    """Masks over solved cases (n rows each)."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.size = len(cases)
        self.audience = ValueMasks([case.audience for case in cases])
        self.product = ValueMasks([_one(case.product) for case in cases])
        self.channel = ValueMasks([_one(case.channel) for case in cases])
        self.category = ValueMasks([()] * len(cases))
        self.language = ValueMasks([_one(primary_language(case.language)) for case in cases])
        self._closed_at = np.array(
            [case.closed_at.timestamp() if case.closed_at else np.inf for case in cases], dtype=np.float64
        )
        self._row_of = {case.id: row for row, case in enumerate(cases)}

    def visible(self, audiences: frozenset[str], *, closed_before: datetime, without: str) -> Mask:
        """Return cases the caller may see that had closed before a moment; never the case ``without`` itself."""
        mask = self.audience.any_of(audiences) & (self._closed_at < closed_before.timestamp())
        if without in self._row_of:
            mask[self._row_of[without]] = False
        return mask


def _categories(item: Item) -> tuple[str, ...]:
    if isinstance(item, Template):
        return _one(item.category)
    return getattr(item, "categories", ())


def _language(item: Item) -> tuple[str, ...]:
    return _one(primary_language(item.language))


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _is_offered(item: Item) -> bool:
    if isinstance(item, Template) and item.kind not in _SUGGESTED_TEMPLATE_KINDS:
        return False  # headers and footers frame a reply; they are never a reply
    return item.status == "published"


def _timestamps(
    items: Sequence[Item], moment_of: Callable[[Item], datetime | None], *, missing: float
) -> NDArray[np.float64]:
    moments = [moment_of(item) for item in items]
    return np.array([missing if moment is None else moment.timestamp() for moment in moments], dtype=np.float64)
