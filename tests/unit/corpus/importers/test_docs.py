"""What the pages on imports say is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus.importers.audiences import parse_audiences
from corpus.importers.command import add_command
from corpus.importers.field_map import parse_map
from corpus.importers.limits import SHIPPED_LIMITS
from corpus.importers.plain_yaml import read_yaml
from corpus.importers.running import importers

DOCS = Path(__file__).parents[4] / "docs" / "importers"
OVERVIEW = (DOCS / "README.md").read_text(encoding="utf-8")
MAPS = [
    (path.stem, block)
    for path in sorted(DOCS.glob("*.md"))
    for block in re.findall(r"```yaml\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
]


@pytest.mark.parametrize("kind", sorted(importers()))
def test_every_kind_has_a_page_that_the_overview_names(kind: str) -> None:
    assert (DOCS / f"{kind}.md").is_file()
    assert f"| `{kind}` |" in OVERVIEW


def test_there_are_maps_to_check() -> None:
    assert {page for page, _ in MAPS} >= {"field-map", "salesforce-knowledge", "zendesk", "dynamics", "templates"}


@pytest.mark.parametrize(("page", "block"), MAPS, ids=[page for page, _ in MAPS])
def test_every_map_in_the_pages_is_one(page: str, block: str) -> None:
    found = read_yaml(block)
    if "audience" in found:
        assert parse_audiences(found)
    else:
        kind = importers()[page].brings if page in importers() else "cases"
        assert parse_map(kind, found).columns


def test_the_bounds_in_the_overview_are_the_ones_that_hold() -> None:
    mib = 1 << 20
    for figure in (
        f"{SHIPPED_LIMITS.page // mib} MiB, a JSON file {SHIPPED_LIMITS.file // mib} MiB",
        f"{SHIPPED_LIMITS.table // (1024 * mib)} GiB and {SHIPPED_LIMITS.rows:,} rows of",
        f"rows of {SHIPPED_LIMITS.columns:,} columns",
        f"a cell {SHIPPED_LIMITS.cell:,}",
        f"a source {SHIPPED_LIMITS.entries:,} files",
        f"{SHIPPED_LIMITS.unpacked // (1024 * mib)} GiB, but to no more than {SHIPPED_LIMITS.ratio} times",
        f"{SHIPPED_LIMITS.small // mib} MiB are always",
    ):
        assert figure in " ".join(OVERVIEW.split())


def test_every_option_is_in_the_overview() -> None:
    import argparse

    commands = argparse.ArgumentParser().add_subparsers()
    add_command(commands)
    options = [action.option_strings[0] for action in commands.choices["import"]._actions if action.dest != "help"]
    shown = {"--from": "`FROM`", "--kind": "`KIND`", "--corpus": "CORPUS="}
    assert all(shown.get(option, f"`{option}") in OVERVIEW for option in options)
