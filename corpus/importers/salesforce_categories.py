"""Data categories of Salesforce Knowledge, which come in a table of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from corpus.importers.fates import Fate, Place, Quarantined, RowRefusedError
from corpus.importers.tables import Table, TableFault
from corpus.importers.texts import one_line

_PARENT, _NAME, _GROUP = "ParentId", "DataCategoryName", "DataCategoryGroupName"
_FIELDS: Mapping[str, str] = MappingProxyType(
    {"product": "products", "products": "products", "produkt": "products", "produkte": "products"}
)
_HINT = "export the data categories again; the articles are taken without this one"


def has_categories(columns: Sequence[str]) -> bool:
    """Whether a table is one of data categories."""
    return _PARENT in columns and _NAME in columns


class Categories:
    """The data categories of versions of articles, by the field of the article that they become."""

    def __init__(self) -> None:
        self._by_version: dict[str, dict[str, list[str]]] = {}

    def learn(self, file: str, table: Table, limit: int) -> Iterator[Fate]:
        """Note all rows of a table; yield those that cannot be."""
        for row in table.rows():
            place = Place(file=file, line=row.line)
            if isinstance(row, TableFault):
                yield Quarantined(place=place, reason=row.reason, hint=row.hint)
                continue
            try:
                version, name = row.cell(_PARENT, limit).strip(), one_line(row.cell(_NAME, limit)).replace("_", " ")
                group = row.cell(_GROUP, limit).strip().lower()
            except RowRefusedError as error:
                yield error.at(place)
                continue
            if version and name:
                self._by_version.setdefault(version, {}).setdefault(_FIELDS.get(group, "categories"), []).append(name)
            else:
                yield Quarantined(place=place, reason=f"found no {_PARENT if not version else _NAME}", hint=_HINT)

    def of(self, version: str) -> Mapping[str, Sequence[str]]:
        """Return the names by field, sorted."""
        return {field: sorted(set(names)) for field, names in sorted(self._by_version.get(version, {}).items())}
