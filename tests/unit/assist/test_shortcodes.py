"""Shortcodes: those of the templates that may be seen and sent now, in order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from assist.shortcodes import shortcodes
from corpus.models import Template

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PUBLIC = frozenset({"public"})


def template(key: str, shortcode: str | None, **more: Any) -> Template:
    return Template(id=key, name=key, body="x", language="de", shortcode=shortcode, **more)


def test_they_come_by_shortcode_whatever_its_case_and_then_by_id() -> None:
    found = shortcodes([template("c", "b"), template("b", "A"), template("a", "b")], PUBLIC, NOW)

    assert [(each.shortcode, each.template.id) for each in found] == [("A", "b"), ("b", "a"), ("b", "c")]


def test_a_template_that_may_not_be_seen_or_sent_has_none() -> None:
    items = [
        template("ohne", None),
        template("intern", "i", audience=("second_level",)),
        template("entwurf", "e", status="draft"),
        template("vorbei", "v", valid_until=NOW),
        template("kommt", "k", valid_from=datetime(2027, 1, 1, tzinfo=UTC)),
        template("gilt", "g", valid_from=NOW),
    ]

    assert [each.template.id for each in shortcodes(items, PUBLIC, NOW)] == ["gilt"]
    assert len(shortcodes(items, frozenset({"public", "second_level"}), NOW)) == 2
