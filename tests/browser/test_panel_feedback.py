"""What the panel tells the service of what the agent did: each event once, whatever happens on the way."""

from __future__ import annotations

import json
import re

import pytest

from assist.feedback import FeedbackRefusedError
from corpus.store_errors import StoreBusyError
from corpus.wording import Problem
from tests.browser.driving import PANEL, expect_event, focus_first, idle, show, wait_until
from tests.browser.material import INVOICE, ROUTER, case

pytestmark = pytest.mark.slow

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def test_what_is_seen_is_told_once_for_each_suggestion(panel_page, site):
    site.stage.least = 0
    page = panel_page("?kinds=articles")
    show(page, case(INVOICE))
    wait_until(page, lambda: len(site.desk.events("shown")) == 3)
    page.evaluate("document.querySelector('stichwort-panel').refresh()")
    expect_event(page, "suggestions", 2)
    focus_first(page)
    page.keyboard.press("Enter")
    wait_until(page, lambda: site.desk.events("inserted"))

    shown = [each.suggestion_id for each in site.desk.events("shown")]
    assert len(shown) == len(set(shown)) == 3


def test_what_is_out_of_sight_is_not_told_as_shown(panel_page, site):
    page = panel_page("?kinds=articles", viewport={"width": 420, "height": 300})
    page.evaluate("document.querySelector('stichwort-panel').style.marginTop = '2000px'")
    show(page, case(INVOICE))
    page.evaluate("document.querySelector('stichwort-panel').sent('x')")
    wait_until(page, lambda: site.desk.events("sent"))
    assert site.desk.events("shown") == []

    page.locator(f"{PANEL} li.item").first.scroll_into_view_if_needed()
    wait_until(page, lambda: site.desk.events("shown"))


def test_each_action_is_told_with_a_key_of_its_own_in_one_body(panel_page, site):
    site.stage.least = 0
    page = panel_page("", permissions=["clipboard-read", "clipboard-write"], viewport={"width": 420, "height": 3000})
    show(page, case(INVOICE))
    wait_until(page, lambda: len(site.desk.events("shown")) == 12)
    bodies = site.desk.bodies
    focus_first(page)
    for key in ("Enter", "c", "o"):
        page.keyboard.press(key)
        idle(page)
    page.evaluate(
        "(id) => document.querySelector('stichwort-panel').sent(id, { textLength: 120, edited: true })",
        expect_event(page, "insert")["suggestionId"],
    )
    wait_until(page, lambda: site.desk.events("sent"))

    told = [each for each in site.desk.told if each.event != "shown"]
    assert [each.event for each in told] == ["inserted", "copied", "opened", "edited", "sent"]
    assert len({each.suggestion_id for each in told}) == 1
    assert told[0].text_length == len(expect_event(page, "insert")["text"])
    assert told[-1].text_length == 120
    assert len({each.key for each in told}) == 5
    assert all(UUID.fullmatch(each.key) for each in told)
    assert site.desk.bodies - bodies <= 2


def test_the_reason_of_a_dismissal_is_told(panel_page, site):
    page = panel_page("?kinds=articles")
    show(page, case(INVOICE))
    focus_first(page)
    page.keyboard.press("x")
    page.locator(f"{PANEL} .menu button", has_text="Falsche Sprache").first.click()
    wait_until(page, lambda: site.desk.events("dismissed"))

    assert [each.reason for each in site.desk.events("dismissed")] == ["wrong_language"]


def test_what_the_host_declines_is_not_told(panel_page, site):
    page = panel_page("?kinds=templates")
    page.evaluate("window.declined.add('insert')")
    show(page, case(INVOICE))
    focus_first(page)
    page.keyboard.press("Enter")
    expect_event(page, "insert")
    page.evaluate("document.querySelector('stichwort-panel').sent('x')")
    wait_until(page, lambda: site.desk.events("sent"))

    assert site.desk.events("inserted") == []


def test_events_outlast_a_store_that_is_locked(panel_page, site):
    page = panel_page("?kinds=articles")
    site.desk.faults = [StoreBusyError("locked")]
    keys = []
    page.on("request", lambda request: keys.append(_keys(request)) if request.url.endswith("/feedback") else None)
    show(page, case(INVOICE))
    wait_until(page, lambda: site.desk.bodies >= 1)
    assert site.desk.told == []
    page.evaluate("document.querySelector('stichwort-panel').token = 'x'")  # a new token sends what waits at once
    wait_until(page, lambda: len(site.desk.events("shown")) == 3)

    assert keys[0] == keys[-1] == [each.key for each in site.desk.events("shown")]


def test_an_event_that_is_refused_does_not_hold_up_the_others(panel_page, site):
    page = panel_page("?kinds=articles")
    site.desk.faults = [FeedbackRefusedError([Problem("/events/1/at", "found a time in the future")])]
    show(page, case(INVOICE))
    wait_until(page, lambda: site.desk.bodies >= 1)
    wait_until(page, lambda: len(site.desk.told) == 2)

    assert "/events/1/at" in expect_event(page, "error")["detail"]


def test_what_waits_is_sent_when_the_page_is_left(panel_page, site):
    page = panel_page("?kinds=articles")
    show(page, case(ROUTER))
    page.evaluate("document.querySelector('stichwort-panel').sent('zuletzt')")
    page.goto("about:blank")
    wait_until(page, lambda: site.desk.events("sent"))

    assert [each.suggestion_id for each in site.desk.events("sent")] == ["zuletzt"]


def _keys(request):
    return [each["key"] for each in json.loads(request.post_data)["events"]]
