"""Which items a caller may be shown at a moment: boolean masks over the rows of a space.

Filtering happens before ranking, so that what is excluded has no influence on what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.models import Case, Item, Template, primary_language

Mask = NDArray[np.bool_]
Number = TypeVar("Number", bound=np.generic)

_FIELDS = ("audience", "product", "channel", "category", "language")
_SUGGESTED_TEMPLATE_KINDS = frozenset({"reply", "snippet"})


class ValueMasks:
    """Rows by the values of one list-like field.

    ``rows_of[value]`` is a mask of shape (n,); ``empty`` marks rows without any value.
    """

    def __init__(self, values: Sequence[Iterable[str]]) -> None:
        self._size = len(values)
        self.empty = np.ones(self._size, dtype=np.bool_)
        self.rows_of: dict[str, Mask] = {}
        self._write(enumerate(values))

    @classmethod
    def of_rows(cls, rows: Mapping[str, Sequence[int]], size: int) -> ValueMasks:
        """Return masks over ``size`` rows, of which ``rows`` names by value those that hold it."""
        masks = cls(())
        masks._size, masks.empty = size, np.ones(size, dtype=np.bool_)
        for value, held in rows.items():
            masks.rows_of[value] = _marked(held, size)
            masks.empty &= ~masks.rows_of[value]
        return masks

    def to_rows(self) -> dict[str, list[int]]:
        """Return what ``of_rows`` takes."""
        return {value: np.flatnonzero(mask).tolist() for value, mask in self.rows_of.items()}

    def overlaid(self, values: Mapping[int, Iterable[str]], size: int) -> ValueMasks:
        """Return masks over ``size`` rows, those that ``values`` names with other values than before."""
        touched = _touched(values)
        layered = copy(self)
        layered._size = size
        layered.empty = _grown(self.empty, size, True)
        layered.empty[touched] = True
        layered.rows_of = {value: _grown(mask, size, False) for value, mask in self.rows_of.items()}
        for mask in layered.rows_of.values():
            mask[touched] = False
        layered._write(values.items())
        return layered

    def _write(self, values: Iterable[tuple[int, Iterable[str]]]) -> None:
        for row, row_values in values:
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
        self.product = ValueMasks([_products(item) for item in items])
        self.channel = ValueMasks([_channels(item) for item in items])
        self.category = ValueMasks([_categories(item) for item in items])
        self.language = ValueMasks([_language(item) for item in items])
        self._offered = np.array([_is_offered(item) for item in items], dtype=np.bool_)
        self._valid_from = np.array([_moment(item.valid_from, -np.inf) for item in items], dtype=np.float64)
        self._valid_until = np.array([_moment(item.valid_until, np.inf) for item in items], dtype=np.float64)

    def to_json(self) -> dict[str, Any]:
        """Return the masks as JSON values."""
        moments = {"valid_from": _given(self._valid_from), "valid_until": _given(self._valid_until)}
        return {**_kept(self), "offered": np.flatnonzero(self._offered).tolist(), **moments}

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> ItemMasks:
        """Read what ``to_json`` wrote."""
        masks, size = cls(()), state["size"]
        _restore(masks, state)
        masks._offered = _marked(state["offered"], size)
        masks._valid_from = _moments(state["valid_from"], size, -np.inf)
        masks._valid_until = _moments(state["valid_until"], size, np.inf)
        return masks

    def overlaid(self, items: Mapping[int, Item], size: int) -> ItemMasks:
        """Return masks over ``size`` rows, with other items in those that are named."""
        layered, touched = copy(self), _touched(items)
        layered.size = size
        layered.audience = self.audience.overlaid({row: item.audience for row, item in items.items()}, size)
        layered.product = self.product.overlaid({row: _products(item) for row, item in items.items()}, size)
        layered.channel = self.channel.overlaid({row: _channels(item) for row, item in items.items()}, size)
        layered.category = self.category.overlaid({row: _categories(item) for row, item in items.items()}, size)
        layered.language = self.language.overlaid({row: _language(item) for row, item in items.items()}, size)
        layered._offered = _grown(self._offered, size, False)
        layered._offered[touched] = [_is_offered(item) for item in items.values()]
        layered._valid_from = _grown(self._valid_from, size, -np.inf)
        layered._valid_from[touched] = [_moment(item.valid_from, -np.inf) for item in items.values()]
        layered._valid_until = _grown(self._valid_until, size, np.inf)
        layered._valid_until[touched] = [_moment(item.valid_until, np.inf) for item in items.values()]
        return layered

    @property
    def offered(self) -> Mask:
        """Items that are ever suggested: published, and no header or footer, whoever may see them and when."""
        return self._offered

    def visible(self, audiences: frozenset[str]) -> Mask:
        """Return published items that one of the audiences may see, whatever their validity."""
        return self.audience.any_of(audiences) & self._offered

    def valid(self, as_of: datetime) -> Mask:
        """Return the items valid at a moment: from ``valid_from`` (included) until ``valid_until`` (excluded)."""
        moment = as_of.timestamp()
        return (self._valid_from <= moment) & (moment < self._valid_until)


class CaseMasks:
    """Masks over cases (n rows each)."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.size = len(cases)
        self.audience = ValueMasks([case.audience for case in cases])
        self.product = ValueMasks([_one(case.product) for case in cases])
        self.channel = ValueMasks([_one(case.channel) for case in cases])
        self.category = ValueMasks([()] * len(cases))
        self.language = ValueMasks([_one(primary_language(case.language)) for case in cases])
        self._solved_at = np.array([_solved_at(case) for case in cases], dtype=np.float64)
        self._row_of = {case.id: row for row, case in enumerate(cases)}

    def to_json(self) -> dict[str, Any]:
        """Return the masks as JSON values; which row a case has is told elsewhere."""
        return {**_kept(self), "solved_at": _given(self._solved_at)}

    @classmethod
    def from_json(cls, state: Mapping[str, Any], row_of: Mapping[str, int]) -> CaseMasks:
        """Read what ``to_json`` wrote; ``row_of`` leads from ids to rows."""
        masks, size = cls(()), state["size"]
        _restore(masks, state)
        masks._solved_at = _moments(state["solved_at"], size, np.inf)
        masks._row_of = dict(row_of)
        return masks

    def overlaid(self, cases: Mapping[int, Case], size: int) -> CaseMasks:
        """Return masks over ``size`` rows, with other cases in those that are named."""
        layered, touched = copy(self), _touched(cases)
        layered.size = size
        layered.audience = self.audience.overlaid({row: case.audience for row, case in cases.items()}, size)
        layered.product = self.product.overlaid({row: _one(case.product) for row, case in cases.items()}, size)
        layered.channel = self.channel.overlaid({row: _one(case.channel) for row, case in cases.items()}, size)
        layered.category = self.category.overlaid(dict.fromkeys(cases, ()), size)
        languages = {row: _one(primary_language(case.language)) for row, case in cases.items()}
        layered.language = self.language.overlaid(languages, size)
        layered._solved_at = _grown(self._solved_at, size, np.inf)
        layered._solved_at[touched] = [_solved_at(case) for case in cases.values()]
        layered._row_of = self._row_of | {case.id: row for row, case in cases.items()}
        return layered

    def visible(self, audiences: frozenset[str], *, closed_before: datetime, without: str) -> Mask:
        """Return solved cases the caller may see that had closed before a moment; never the case ``without`` itself."""
        mask = self.audience.any_of(audiences) & (self._solved_at < closed_before.timestamp())
        if without in self._row_of:
            mask[self._row_of[without]] = False
        return mask


def _products(item: Item) -> tuple[str, ...]:
    return getattr(item, "products", ())


def _channels(item: Item) -> tuple[str, ...]:
    return getattr(item, "channels", ())


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


def _moment(moment: datetime | None, missing: float) -> float:
    return missing if moment is None else moment.timestamp()


def _solved_at(case: Case) -> float:
    return _moment(case.closed_at if case.is_solved_history else None, np.inf)


def _kept(masks: ItemMasks | CaseMasks) -> dict[str, Any]:
    """Return the size and the fields of masks as JSON values."""
    return {"size": masks.size, **{field: getattr(masks, field).to_rows() for field in _FIELDS}}


def _restore(masks: ItemMasks | CaseMasks, state: Mapping[str, Any]) -> None:
    """Set the size and the fields of masks to what ``_kept`` returned."""
    masks.size = state["size"]
    for field in _FIELDS:
        setattr(masks, field, ValueMasks.of_rows(state[field], masks.size))


def _given(moments: NDArray[np.float64]) -> dict[str, float]:
    """Return the moments that are given, by row as text."""
    return {str(row): float(moments[row]) for row in np.flatnonzero(np.isfinite(moments)).tolist()}


def _moments(given: Mapping[str, float], size: int, missing: float) -> NDArray[np.float64]:
    moments = np.full(size, missing, dtype=np.float64)
    moments[[int(row) for row in given]] = list(given.values())
    return moments


def _marked(rows: Sequence[int], size: int) -> Mask:
    mask = np.zeros(size, dtype=np.bool_)
    mask[rows] = True
    return mask


def _touched(rows: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(rows, dtype=np.int64)


def _grown(array: NDArray[Number], size: int, missing: float) -> NDArray[Number]:
    """Return a copy with ``missing`` in the rows behind the last."""
    grown: NDArray[Number] = np.append(array, np.full(size - array.size, missing, dtype=array.dtype))
    return grown
