"""What stands before the text of a Markdown file: YAML between ``---``, or TOML between ``+++``."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from corpus.importers.fates import RowRefusedError
from corpus.importers.plain_yaml import PlainYamlError, read_yaml

_YAML = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)(?:^|\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_HINT = "correct the lines between the first two ---"


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the values before the text, as texts and lists of texts, and the text; no values where there are none.

    Raises RowRefusedError for front matter that cannot be read.
    """
    if match := _YAML.match(text):
        try:
            found = read_yaml(match[1])
        except PlainYamlError as error:
            raise RowRefusedError(f"found front matter that is no YAML ({error})", _HINT) from None
    elif match := _TOML.match(text):
        try:
            found = _as_texts(tomllib.loads(match[1]))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise RowRefusedError(
                f"found front matter that is no TOML ({error})", "correct the lines between +++"
            ) from None
    else:
        return {}, text
    if isinstance(found, list):
        raise RowRefusedError("found front matter that is a list, expected names with values", _HINT)
    if not isinstance(found, dict) and match[1].strip():
        return {}, text  # a rule across the page, then text, then another
    return {str(name).lower(): value for name, value in (found or {}).items()}, text[match.end() :]


def _as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_texts(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_texts(part) for part in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
