"""On the phone the panel suggests while the agent writes a note."""

from __future__ import annotations

import pytest

from tests.browser.driving import PANEL, events, expect_event, give, titles
from tests.browser.material import ROUTER

pytestmark = pytest.mark.slow


def test_three_words_are_enough_and_two_are_not(panel_page, site):
    page = panel_page("?mode=phone&kinds=articles")
    note = page.get_by_label("Gesprächsnotiz")
    note.press_sequentially("Router blinkt ")
    assert page.evaluate("document.querySelector('stichwort-panel').note") == "Router blinkt "
    note.press_sequentially("rot")
    expect_event(page, "suggestions")

    assert titles(page, "articles")[0] == "Störung des Internetanschlusses"
    asked = site.stage.asked
    assert [(each.case.channel, [message.text for message in each.case.messages]) for each in asked] == [
        ("phone", ["Router blinkt rot"])
    ]
    assert events(page, "note")[-1]["note"] == "Router blinkt rot"


def test_the_note_belongs_to_the_case_that_is_open(panel_page, site):
    page = panel_page("?mode=phone&kinds=articles")
    give(page, {"id": "anruf-1", "subject": "Anruf", "product": "internet"})
    expect_event(page, "suggestions")
    page.get_by_label("Gesprächsnotiz").fill(ROUTER)
    expect_event(page, "suggestions", 2)
    case = site.stage.asked[-1].case

    assert (case.id, case.subject, case.product) == ("anruf-1", "Anruf", "internet")
    assert case.messages[-1].text == ROUTER


def test_keys_are_letters_while_the_note_is_written(panel_page):
    page = panel_page("?mode=phone")
    note = page.get_by_label("Gesprächsnotiz")
    note.press_sequentially("1 x c o a Router blinkt rot")
    expect_event(page, "suggestions")
    note.press_sequentially(" 2x")

    assert note.input_value() == "1 x c o a Router blinkt rot 2x"
    assert events(page, "insert") == []
    assert page.locator(f"{PANEL} .menu:visible").count() == 0
