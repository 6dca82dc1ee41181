"""What the fields of other systems are called here: shipped files, and the manager's own that extends them."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpus.merge_syntax.marks import STYLES
from corpus.quicktext.fields import is_merge_field

SHIPPED = Path(__file__).parent
MAX_FILE = 1_000_000
VARIABLE = "ASSIST_MERGE_MAP"
_SPACE = re.compile(r"\s+")


class MergeMapError(ValueError):
    """A mapping file that cannot be used; the message names file and key, what was found and what is expected."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SyntaxMap:
    """One foreign syntax: the look of its marks, and our field for each of its fields (by ``field_key``).

    Two maps are the same only if they are one object, so that translations can be kept by their map.
    """

    name: str
    title: str
    style: str
    fields: Mapping[str, str]

    def field(self, name: str) -> str | None:
        """Return our field for a foreign one; a name that is ours already stands for itself."""
        return self.fields.get(field_key(name)) or (name if is_merge_field(name) and self._may_keep(name) else None)

    def _may_keep(self, name: str) -> bool:
        # customer.<anything> is a field here, but what another system calls so is its own business.
        return not name.startswith("customer.")


@dataclass(frozen=True, slots=True)
class MergeMaps:
    """All foreign syntaxes by name, aliases included."""

    syntaxes: Mapping[str, SyntaxMap]

    def of(self, syntax: str) -> SyntaxMap | None:
        """Return the syntax of that name, whatever its case; ``None`` if none is known."""
        return self.syntaxes.get(syntax.strip().lower())

    def distinct(self) -> tuple[SyntaxMap, ...]:
        """Return every syntax once, by name."""
        return tuple(sorted({each.name: each for each in self.syntaxes.values()}.values(), key=lambda each: each.name))


def field_key(name: str) -> str:
    """Return the name by which a foreign field is looked up: lower case, without white space."""
    return _SPACE.sub("", name).lower()


@functools.cache
def shipped_maps() -> MergeMaps:
    """Return the syntaxes that are shipped."""
    syntaxes: dict[str, SyntaxMap] = {}
    for path in sorted(SHIPPED.glob("*.toml")):
        _add(syntaxes, path, path.stem, _read(path))
    return MergeMaps(MappingProxyType(syntaxes))


def merge_maps(environ: Mapping[str, str]) -> MergeMaps:
    """Return the syntaxes that are set by ``ASSIST_MERGE_MAP``, the shipped ones where it is not set."""
    named = environ.get(VARIABLE)
    try:
        return read_maps(Path(named)) if named else shipped_maps()
    except MergeMapError as error:
        raise MergeMapError(f"{VARIABLE}: {error}") from error


def read_maps(path: Path) -> MergeMaps:
    """Return the shipped syntaxes extended by a file of the manager's; raise ``MergeMapError``.

    Each table of the file is a syntax: a shipped one, whose fields it adds to, or a new one that is ``like`` a
    shipped one or has a ``style`` of its own.
    """
    syntaxes = dict(shipped_maps().syntaxes)
    for name, table in _read(path).items():
        if not isinstance(table, dict):
            raise MergeMapError(f"{path}: {name}: found no table, expected one such as [salesforce.fields]")
        _add(syntaxes, path, name.lower(), table)
    return MergeMaps(MappingProxyType(syntaxes))


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_FILE:
            raise MergeMapError(f"{path}: found more than {MAX_FILE} bytes, expected fewer: is it the right file?")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MergeMapError(f"{path}: cannot be read ({error.strerror}), expected a TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MergeMapError(f"{path}: found no TOML ({error}), expected it in UTF-8") from error


def _add(syntaxes: dict[str, SyntaxMap], path: Path, name: str, table: Mapping[str, Any]) -> None:
    unknown = set(table) - {"title", "style", "like", "aliases", "fields"}
    if unknown:
        raise MergeMapError(
            f"{path}: {name}: found the key {min(unknown)!r}, expected title, style, like, aliases and fields"
        )
    base = syntaxes.get(str(table.get("like", name)).lower())
    style = table.get("style", base.style if base else None)
    if style not in STYLES:
        raise MergeMapError(
            f"{path}: {name}: found the style {style!r}, expected one of {', '.join(STYLES)}, "
            "or like = the name of a shipped syntax"
        )
    fields = {**(base.fields if base else {}), **dict(_fields(path, name, table.get("fields", {})))}
    made = SyntaxMap(name=name, title=str(table.get("title", name)), style=style, fields=MappingProxyType(fields))
    if base is not None and base.name != name and "like" not in table:
        made = replace(made, name=base.name, title=base.title)  # it was called by an alias
    for alias in (made.name, *table.get("aliases", ()), *_names_of(syntaxes, made.name)):
        syntaxes[str(alias).lower()] = made


def _names_of(syntaxes: Mapping[str, SyntaxMap], name: str) -> list[str]:
    return [alias for alias, syntax in syntaxes.items() if syntax.name == name]


def _fields(path: Path, syntax: str, fields: object) -> Iterator[tuple[str, str]]:
    if not isinstance(fields, dict):
        raise MergeMapError(f"{path}: {syntax}.fields: found no table, expected foreign names with fields of ours")
    for name, ours in fields.items():
        if not isinstance(ours, str) or not is_merge_field(ours):
            raise MergeMapError(
                f"{path}: {syntax}.fields.{name}: found {ours!r}, expected a merge field such as contact.first_name "
                "or customer.contract_number (docs/templates.md lists them)"
            )
        yield field_key(name), ours
