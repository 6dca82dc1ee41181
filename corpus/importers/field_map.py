"""Field maps: which columns of a table become which fields of a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpus.importers.limits import ImportFailedError
from corpus.importers.plain_yaml import PlainYamlError, read_yaml
from corpus.models import Article, Case, Kind, Outcome, Template
from corpus.wording import show

MAX_MAP = 1 << 20
FORMS = ("json", "labelled")
_ROLES = ("customer", "agent", "system")
_RECORDS: Mapping[Kind, type] = MappingProxyType({"articles": Article, "templates": Template, "cases": Case})
_NESTED = ("customer", "outcome")
_SETTINGS = ("time_format", "separator", "encoding", "sheet")
_SECTIONS = ("columns", "constants", *_SETTINGS)
_COLUMN_KEYS = ("column", "columns", "values", "split", "headings", "form", "roles")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSettings:
    """How tables are opened, where that is not to be found out."""

    separator: str | None = None
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where a field comes from: its columns, the first of which is the only one for what is no text.

    ``values`` translates what cells hold; ``split`` parts lists; ``headings`` writes each column's name above its text;
    ``form`` and ``roles`` say how messages are written.
    """

    names: tuple[str, ...]
    values: Mapping[str, str] | None = None
    split: str = ";"
    headings: bool = False
    form: str = "json"
    roles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMap:
    """A checked field map: fields by their contract names (``outcome.solved``, ``customer.segment``)."""

    columns: Mapping[str, Columns]
    constants: Mapping[str, Any]
    time_format: str | None = None
    table: TableSettings = TableSettings()

    def check_columns(self, found: Sequence[str], file: str) -> None:
        """Raise ImportFailedError unless the table has every column that the map names."""
        named = {name for columns in self.columns.values() for name in columns.names}
        if missing := sorted(named - set(found)):
            shown = ", ".join(map(repr, missing))
            raise ImportFailedError(f"{file}: found no column {shown}, expected it as the map names it; the table has "
                                    f"{', '.join(map(repr, found))}")  # fmt: skip


def read_map(path: Path) -> Mapping[str, Any]:
    """Return the content of a map file, YAML or JSON; its scalars are texts."""
    try:
        data = path.read_bytes()[: MAX_MAP + 1]
        if len(data) > MAX_MAP:
            raise ImportFailedError(f"{path}: found more than {MAX_MAP} bytes, expected a field map")
        found = read_yaml(data.decode("utf-8-sig"))
    except (PlainYamlError, UnicodeDecodeError) as error:
        raise ImportFailedError(f"{path}: found {error}, expected YAML or JSON in UTF-8") from None
    if not isinstance(found, dict):
        raise ImportFailedError(f"{path}: found {show(found)}, expected an object with columns: …")
    return found


def parse_map(kind: Kind, found: Mapping[str, Any]) -> FieldMap:
    """Return the field map that a map file holds, raising ImportFailedError with everything that is wrong with it."""
    problems: list[str] = [
        f"{name}: unknown, expected {', '.join(_SECTIONS)}" for name in found if name not in _SECTIONS
    ]
    columns = {
        name: parsed
        for name, value in _section(found, "columns", problems).items()
        if (parsed := _columns(kind, name, value, problems)) is not None
    }
    constants = dict(_section(found, "constants", problems))
    problems += [f"constants.{name}: {_unknown(kind)}" for name in constants if not is_field(kind, name)]
    settings = {name: found.get(name) for name in _SETTINGS}
    problems += [
        f"{name}: found {show(value)}, expected a text" for name, value in settings.items() if not _is_text(value)
    ]
    if problems:
        raise ImportFailedError("the field map is wrong:\n" + "\n".join(f"  {problem}" for problem in problems))
    form = settings.pop("time_format")
    return FieldMap(columns=columns, constants=constants, time_format=form, table=TableSettings(**settings))


def is_field(kind: Kind, name: str) -> bool:
    """Whether the contract knows a field of this kind; customers' attributes have any name."""
    parent, _, rest = name.partition(".")
    if kind == "cases" and parent in _NESTED:
        return bool(rest) if parent == "customer" else rest in {each.name for each in fields(Outcome)}
    return name in {each.name for each in fields(_RECORDS[kind])}


def _section(found: Mapping[str, Any], name: str, problems: list[str]) -> Mapping[str, Any]:
    value = found.get(name) or {}
    if isinstance(value, dict):
        return value
    problems.append(f"{name}: found {show(value)}, expected an object of fields")
    return {}


def _columns(kind: Kind, name: str, value: Any, problems: list[str]) -> Columns | None:
    before = len(problems)
    given = value if isinstance(value, dict) else {"columns": value}
    where = f"columns.{name}"
    if not is_field(kind, name):
        problems.append(f"{where}: {_unknown(kind)}")
    problems += [
        f"{where}.{key}: unknown, expected {', '.join(_COLUMN_KEYS)}" for key in given if key not in _COLUMN_KEYS
    ]
    names = given.get("columns", given.get("column"))
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, list) or not names or not all(isinstance(each, str) for each in names):
        problems.append(f"{where}: found {show(names)}, expected the name of a column, or a list of names")
    problems += [f"{where}.{key}: found {show(given[key])}, expected an object of texts" for key in ("values", "roles")
                 if key in given and not _is_texts(given[key])]  # fmt: skip
    problems += _wrong_form(where, given)
    if len(problems) > before or not isinstance(names, list):
        return None
    return Columns(
        names=tuple(" ".join(each.split()) for each in names),
        values=given.get("values"),
        split=given.get("split") or ";",
        headings=given.get("headings") == "true",
        form=given.get("form") or "json",
        roles=given.get("roles") or {},
    )


def _wrong_form(where: str, given: Mapping[str, Any]) -> list[str]:
    problems = []
    form, roles = given.get("form") or "json", given.get("roles") or {}
    if form not in FORMS:
        problems.append(f"{where}.form: found {show(form)}, expected {' or '.join(FORMS)}")
    if form == "labelled" and not roles:
        problems.append(
            f"{where}.roles: expected the labels before messages, such as {{Kunde: customer, Service: agent}}"
        )
    if _is_texts(roles) and (wrong := [role for role in roles.values() if role not in _ROLES]):
        problems.append(f"{where}.roles: found {show(wrong[0])}, expected one of {', '.join(_ROLES)}")
    if not _is_text(given.get("split")):
        problems.append(f"{where}.split: found {show(given['split'])}, expected a text such as a comma")
    return problems


def _unknown(kind: Kind) -> str:
    names = [each.name for each in fields(_RECORDS[kind]) if not (kind == "cases" and each.name in _NESTED)]
    nested = ["customer.<name>", *(f"outcome.{each.name}" for each in fields(Outcome))] if kind == "cases" else []
    return f"no such field, expected one of {', '.join(names + nested)}"


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(part, str) for part in value.values())
