"""The recipes run as they are printed, in pages that behave as the documents of each CRM say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.driving import PANEL, wait_until

pytestmark = pytest.mark.slow


def _insert_first(page: Any, frame: Any) -> None:
    frame.locator(f"{PANEL} li.templates button.primary").first.click()


def _embed(page: Any) -> Any:
    wait_until(page, lambda: any(each.url.endswith("/embed") for each in page.frames))
    return next(each for each in page.frames if each.url.endswith("/embed"))


def test_zendesk_the_ticket_is_the_case_and_the_reply_goes_into_the_comment(open_page, site):
    page = open_page(f"{site.crm}/hosts/zendesk.html#{site.service}")
    _insert_first(page, _embed(page))
    wait_until(page, lambda: page.evaluate("window.zaf.invoked.length"))
    [[action, text]] = page.evaluate("window.zaf.invoked")
    case = site.stage.asked[0].case

    assert action == "ticket.comment.appendText"
    assert "Brandt" in text
    assert (case.id, case.customer_id, case.subject) == ("4711", "7", "Rechnung")
    assert [message.role for message in case.messages] == ["customer", "agent"]
    assert case.messages[0].text == "Die Rechnung wurde doppelt abgebucht, bitte Geld zurück"
    asked_for = page.evaluate("window.zaf.requested[0]")
    assert (asked_for["secure"], asked_for["headers"]["Authorization"]) == (True, "Bearer {{setting.key}}")

    page.evaluate("window.zaf.fire('ticket.submit.done')")
    wait_until(page, lambda: site.desk.events("sent"))


def test_zendesk_a_new_comment_asks_again(open_page, site):
    page = open_page(f"{site.crm}/hosts/zendesk.html#{site.service}")
    _embed(page).locator(f"{PANEL} li.item").first.wait_for()
    page.evaluate(
        """() => {
            window.zaf.ticket["ticket.comments"].push({ id: 3, value: "Der Router blinkt rot", author: { id: 7 } });
            window.zaf.fire("ticket.conversation.changed");
        }"""
    )
    wait_until(page, lambda: len(site.stage.asked) == 2)

    assert site.stage.asked[-1].case.messages[-1].text == "Der Router blinkt rot"


def test_dynamics_a_side_pane_opens_and_the_reply_goes_into_the_mail(open_page, site):
    page = open_page(f"{site.crm}/hosts/dynamics.html#{site.service}")
    page.evaluate("Stichwort.onLoad(window.executionContext)")
    _insert_first(page, _embed(page))
    wait_until(page, lambda: "erstatten" in page.evaluate("window.xrm.values.description"))
    pane = page.evaluate("({ ...window.xrm.panes.stichwort })")
    case = site.stage.asked[0].case

    assert pane["page"] == {"pageType": "webresource", "webresourceName": "stichwort_/pane.html"}
    assert case.id == "6F9619FF-8B86-D011-B42D-00C04FC964FF"
    assert case.description == "Die Rechnung wurde doppelt abgebucht, bitte Geld zurück"
    body = page.evaluate("window.xrm.values.description")
    assert body.startswith("<p>Guten Tag")
    assert body.endswith("bitte Geld zurück</p>")


def test_salesforce_the_record_is_the_case_and_the_reply_is_handed_to_the_page(open_page, site):
    page = open_page(f"{site.crm}/hosts/salesforce.html#{site.service}")
    _insert_first(page, _embed(page))
    wait_until(page, lambda: page.evaluate("window.inserted.length"))
    [detail] = page.evaluate("window.inserted")
    case = site.stage.asked[0].case

    assert detail["text"].startswith("Guten Tag [[contact.salutation]] Brandt")
    assert detail["suggestionId"]
    assert (case.id, case.customer_id, case.priority) == ("500A1", "003A1", "Low")


def test_any_crm_takes_the_element_into_its_own_page(open_page, site):
    page = open_page(f"{site.crm}/hosts/own_page.html#{site.service}")
    page.locator("#antwort").focus()
    page.keyboard.press("Alt+s")
    page.keyboard.press("Enter")
    wait_until(page, lambda: "Brandt" in page.locator("#antwort").input_value())
    assert page.evaluate("document.activeElement.id") == "antwort"
    page.get_by_role("button", name="Senden").click()
    wait_until(page, lambda: site.desk.events("sent"))
