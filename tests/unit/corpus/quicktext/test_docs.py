"""docs/templates.md tells every field, filter and foreign name that there is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from corpus.merge_syntax.maps import SHIPPED, shipped_maps
from corpus.quicktext.fields import MERGE_FIELDS
from corpus.quicktext.formats import FORMATTERS

DOCS = (Path(__file__).parents[4] / "docs" / "templates.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*MERGE_FIELDS, *FORMATTERS])
def test_every_field_and_filter_is_documented(name):
    assert f"| `{name}` " in DOCS


@pytest.mark.parametrize("name", [syntax.name for syntax in shipped_maps().distinct()])
def test_every_foreign_field_is_documented_with_what_it_becomes(name):
    section = DOCS.split(f"### `{name}`: ")[1].split("\n### ")[0]
    rows = {row.split("`")[1]: row for row in section.splitlines() if row.startswith("| `")}
    for theirs, ours in tomllib.loads((SHIPPED / f"{name}.toml").read_text(encoding="utf-8"))["fields"].items():
        assert f"`{theirs}`" in rows[ours]
