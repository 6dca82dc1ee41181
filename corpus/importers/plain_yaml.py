"""YAML as plain text values: front matter and field maps."""

from __future__ import annotations

from typing import Any

import yaml


class PlainYamlError(ValueError):
    """YAML that is refused; the message says where (line and column from 1, where known) and why."""


class _Loader(yaml.BaseLoader):  # type: ignore[misc]  # PyYAML has no types
    """Every scalar stays the text that stands there (``no``, ``0012``, ``1.10``); no tag makes anything else of it."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "found an alias (*name)", self.peek_event().start_mark)
        return super().compose_node(parent, index)


def read_yaml(text: str) -> Any:
    """Return the value of one YAML document; scalars are texts, ``~`` and ``null`` are None.

    Aliases are refused, since a few of them can stand for more data than there is memory.
    """
    try:
        return _without_nulls(yaml.load(text, Loader=_Loader))  # noqa: S506 - a subclass of BaseLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise PlainYamlError(f"{place}{error.problem}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise PlainYamlError(f"{type(error).__name__}: expected plain YAML, not deeply nested") from None


def _without_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nulls(part) for part in value]
    if isinstance(value, dict):
        return {str(name): _without_nulls(part) for name, part in value.items()}
    return None if value in ("~", "null", "") else value
