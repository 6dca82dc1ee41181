"""The page for frames: moved by messages of the pages that the service names, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.driving import PANEL, give, wait_until
from tests.browser.material import CONTEXT, INVOICE, case
from tests.browser.test_panel_looks import violations

pytestmark = pytest.mark.slow


def _open(open_page: Any, site: Any, origin: str, **options: Any) -> Any:
    return open_page(f"{origin}/hosts/framing.html#{site.service}", **options)


def _told(page: Any, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("(kind) => window.told.filter((each) => each.type === kind)", kind)
    return found


def _expect(page: Any, kind: str, count: int = 1) -> dict[str, Any]:
    wait_until(page, lambda: len(_told(page, kind)) >= count)
    return _told(page, kind)[-1]


def _send(page: Any, **message: Any) -> None:
    page.evaluate("(message) => window.send(message)", {"stichwort": 1, **message})


def test_a_page_that_is_named_opens_a_case_and_gets_what_the_agent_inserts(open_page, site):
    page = _open(open_page, site, site.crm)
    assert _expect(page, "ready")["stichwort"] == 1
    _send(page, type="options", options={"language": "de", "theme": "light", "kinds": "templates", "limit": 2})
    _send(page, type="context", context=CONTEXT)
    _send(page, type="case", case=case(INVOICE))
    assert _expect(page, "suggestions")["suggestions"]["templates"][0]["id"] == "t-gutschrift"
    _send(page, type="focus")
    page.frames[1].locator(f"{PANEL} li.item button.primary").first.press("Enter")
    told = _expect(page, "insert")

    assert told["text"].startswith("Guten Tag Frau Brandt,")
    assert (told["id"], told["changed"], told["subject"]) == ("t-gutschrift", False, "Ihre Rechnung")
    assert _told(page, "height")[-1]["height"] > 100
    _send(page, type="sent", suggestionId=told["suggestionId"], textLength=80)
    wait_until(page, lambda: site.desk.events("sent"))
    assert site.desk.events("sent")[0].suggestion_id == told["suggestionId"]


def test_messages_theme_and_note_reach_the_panel(open_page, site):
    page = _open(open_page, site, site.crm)
    _expect(page, "ready")
    _send(page, type="case", case=case(INVOICE))
    _expect(page, "suggestions")
    _send(page, type="message", message={"role": "customer", "text": "Noch eine Frage"})
    _expect(page, "suggestions", 2)
    _send(page, type="theme", theme="dark")
    _send(page, type="options", options={"mode": "phone"})
    _send(page, type="note", note="Kundin fragt nach Geld")
    _expect(page, "suggestions", 3)
    panel = page.frames[1].locator(PANEL)

    assert panel.get_attribute("theme") == "dark"
    said = [message.text for message in site.stage.asked[-1].case.messages]
    assert said == ["Noch eine Frage", "Kundin fragt nach Geld"]


def test_a_token_that_has_ended_is_asked_for(open_page, site):
    page = _open(open_page, site, site.crm)
    page.route("**/v1/suggest", lambda route: route.fulfill(status=401, json={"detail": "expired", "errors": []}))
    _expect(page, "ready")
    _send(page, type="case", case=case(INVOICE))
    _expect(page, "token-needed")
    page.unroute("**/v1/suggest")
    _send(page, type="token", token="frisch")

    _expect(page, "suggestions")


def test_no_other_page_may_frame_it(open_page, site):
    stranger = site.crm.replace("127.0.0.1", "localhost")
    page = _open(open_page, site, stranger)
    wait_until(page, lambda: any("frame-ancestors" in each for each in page.complaints))

    assert page.frames[1].locator(PANEL).count() == 0
    assert page.evaluate("window.told") == []


def test_messages_of_other_windows_and_origins_are_ignored(open_page, site):
    page = _open(open_page, site, site.crm)
    _expect(page, "ready")
    frame = page.frames[1]
    frame.evaluate(
        """(origin) => {
            const data = { stichwort: 1, type: "case", case: { description: "Die Rechnung wurde doppelt abgebucht" } };
            // From a wrong origin, and from a right one but another window than the parent.
            dispatchEvent(new MessageEvent("message", { data, origin: "https://boese.example", source: parent }));
            dispatchEvent(new MessageEvent("message", { data, origin, source: window }));
        }""",
        site.crm,
    )
    _send(page, type="nichts")
    assert "expected one of case, context" in _expect(page, "error")["detail"]
    page.evaluate("window.send({ stichwort: 2, type: 'case' })")
    assert "found version 2 of the protocol, expected 1" in _expect(page, "error", 2)["detail"]
    page.evaluate("window.send({ type: 'case', case: { description: 'ohne Version' } })")
    page.evaluate("window.send('Text'); window.send(null)")
    _send(page, type="case", case=case(INVOICE))
    _expect(page, "suggestions")

    assert len(site.stage.asked) == 1
    assert site.stage.asked[0].case.id == "fall-1"


def test_the_page_keeps_its_own_policy_and_axe_finds_nothing_wrong(open_page, site):
    page = open_page(f"{site.service}/embed")
    give(page, case(INVOICE))
    page.locator(f"{PANEL} li.item").first.wait_for()

    assert violations(page) == []
    assert page.complaints == []
