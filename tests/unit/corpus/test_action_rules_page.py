"""Every example of docs/action-rules.md holds, or does not, just as the page says."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.eligibility import first_failure, holds
from corpus.rules import OPERATORS, parse_rule

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PAGE = (Path(__file__).parents[3] / "docs" / "action-rules.md").read_text(encoding="utf-8")
COOKBOOK = PAGE.split("## Cookbook")[1].split("\n## ")[0]
RECIPES = {part.split("\n", 1)[0]: part for part in COOKBOOK.split("\n### ")[1:]}
ROW = re.compile(r"^\| (yes|no) \| `(.*)` \|$", re.MULTILINE)


def rule_of(recipe: str) -> Any:
    return json.loads(recipe.split("```json")[1].split("```")[0])


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_does_what_the_page_says(title: str) -> None:
    rule, rows = parse_rule(rule_of(RECIPES[title])), ROW.findall(RECIPES[title])
    assert {said for said, _ in rows} == {"yes", "no"}
    for said, case in rows:
        facts = {"case": {}, "customer": {}, "context": {}, **json.loads(case)}
        assert holds(rule, facts, NOW) is (said == "yes"), case
        assert (first_failure(rule, facts, NOW) is None) is (said == "yes"), case


def test_the_page_has_ten_recipes_and_tells_every_operator() -> None:
    assert len(RECIPES) >= 10
    for operator in OPERATORS:
        assert f"`{operator}`" in PAGE
