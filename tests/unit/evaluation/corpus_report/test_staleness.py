"""Items whose time is over are told, the more urgent ones first."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from evaluation.corpus_report.staleness import stale_section
from tests.unit.evaluation.corpus_report.made import NOW, article, case, ids, material, template, using


def _days(number: int) -> timedelta:
    return timedelta(days=number)


def test_each_sort_of_age_is_told_and_what_is_fresh_is_not(tmp_path: Path) -> None:
    articles = (
        article("alt", "Alt", "Text", updated_at=NOW - _days(400)),
        article("aktuell", "Aktuell", "Text", updated_at=NOW - _days(300), valid_until=NOW + _days(90)),
        article("bald", "Bald", "Text", valid_until=NOW + _days(20), updated_at=NOW - _days(1)),
        article("vorbei", "Vorbei", "Text", valid_until=NOW - _days(1), updated_at=NOW - _days(400)),
        article("entwurf", "Entwurf", "Text", status="draft", updated_at=NOW - _days(900)),
    )

    section = stale_section(material(tmp_path, articles=articles))

    found = [(finding.sort, finding.items[0].id) for finding in section.findings]
    assert found == [("expired", "vorbei"), ("ends soon", "bald"), ("stale", "alt")]


def test_an_archived_item_is_told_only_while_agents_use_it(tmp_path: Path) -> None:
    templates = (template("genutzt", "A", "Text", status="archived"), template("ruht", "B", "Text", status="archived"))
    made = material(tmp_path, templates=templates, cases=(case("c1", "Frage", templates=using("genutzt")),))

    (found,) = stale_section(made).findings

    assert (found.sort, ids([found])) == ("archived but used", [("genutzt",)])


def test_an_expired_item_that_is_used_since_is_to_be_extended(tmp_path: Path) -> None:
    ended = article("aktion", "Aktion", "Text", valid_until=NOW - _days(30))
    used = (
        case("c1", "Frage", days=10, articles=using("aktion")),
        case("c2", "Frage", days=40, articles=using("aktion")),
    )

    (found,) = stale_section(material(tmp_path, articles=(ended,), cases=used)).findings

    assert found.facts["used_since"] == 1
    assert "Agents still use it" in found.todo


def test_items_that_say_nothing_of_their_age_are_counted_not_guessed(tmp_path: Path) -> None:
    section = stale_section(material(tmp_path, articles=(article("a", "A", "Text"),)))

    assert section.findings == ()
    assert "1 item say nothing of when they were last changed" in section.notes[1]
