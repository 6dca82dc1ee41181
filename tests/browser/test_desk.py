"""The agent desk over the demo corpus: everything by keyboard, from the first case to the customer's answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import corpus
from assist.commands.demo import COMPANY
from corpus.folder import read_corpus
from tests.browser.driving import PANEL, titles, wait_until
from tests.browser.stage import Site
from tests.browser.test_panel_looks import violations
from tests.security.toy_service import Indexer

pytestmark = pytest.mark.slow

JOURNEY_S = 10


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = read_corpus(Path(corpus.__file__).parent / "demo")
    records: Any = {kind: getattr(found, kind) for kind in ("articles", "templates", "actions", "cases")}
    site = Site(Indexer(tmp_path_factory.mktemp("toy"), COMPANY), records)
    yield site
    site.stop()


@pytest.fixture
def desk(demo_site, open_page):
    """Open the desk; the toy encoder is sure of little, so that nothing may be held back."""
    demo_site.stage.least = 0
    opened = []

    def open_(**options: Any) -> Any:
        page = open_page(f"{demo_site.service}/desk", **{"viewport": {"width": 1440, "height": 1000}, **options})
        opened.append(page)
        page.locator("#inbox button").first.wait_for()
        return page

    yield open_
    demo_site.reset()
    assert [complaint for page in opened for complaint in page.complaints] == []


def open_case(page: Any, name: str) -> None:
    """Open the case of a customer by keyboard, and wait for its suggestions."""
    names = page.locator("#inbox .who").all_inner_texts()
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    for _ in range(names.index(name)):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    if page.locator("stichwort-panel[mode=phone]").count() == 0:
        wait_until(page, lambda: titles(page, "templates"))


def reply(page: Any) -> str:
    return str(page.locator("#reply").input_value())


def expand(page: Any, letters: str) -> None:
    page.keyboard.type(f"/{letters}")
    page.keyboard.press("Tab")
    wait_until(page, lambda: len(reply(page)) > 40)


def why(page: Any) -> str:
    return str(page.locator("#why").inner_text())


def test_a_case_is_answered_without_the_mouse_in_under_ten_seconds(demo_site, desk):
    page = desk()
    began = time.monotonic()
    press = page.keyboard.press
    press("Enter")
    wait_until(page, lambda: "Kündigung bestätigen" in titles(page, "templates"))
    place = titles(page, "templates").index("Kündigung bestätigen") + 1
    press("F4")
    press(str(place))
    wait_until(page, lambda: "V-2219-448" in reply(page))
    press("Control+Enter")
    page.locator("#talk .agent").wait_for()
    took = time.monotonic() - began

    assert page.locator("#talk .agent .text").inner_text().startswith("Guten Tag Frau Wiesner,")
    assert took < JOURNEY_S
    wait_until(page, lambda: demo_site.desk.events("sent"))
    (sent,) = demo_site.desk.events("sent")
    assert sent.suggestion_id == demo_site.desk.events("inserted")[0].suggestion_id
    assert demo_site.desk.events("edited") == []


def test_the_customer_answers_and_the_suggestions_change(desk):
    page = desk()
    open_case(page, "Leonie Krapp")
    before = titles(page, "templates")
    expand(page, "daten")
    page.keyboard.press("Control+Enter")
    page.locator("#talk .customer", has_text="PUK").wait_for()
    wait_until(page, lambda: titles(page, "templates") != before)

    assert "PIN und PUK (Chat, du)" in titles(page, "templates")
    assert reply(page) == ""


def test_a_shortcode_becomes_the_reply_in_the_language_and_for_the_channel_of_the_case(desk):
    page = desk()
    open_case(page, "Gerda Wiesner")
    page.keyboard.type("/ku")
    options = page.locator("#codes [role=option]")
    assert options.first.inner_text().split() == ["/kuend", "Kündigung", "bestätigen"]
    page.keyboard.press("Escape")
    assert not page.locator("#codes").is_visible()
    page.keyboard.press("Control+a")
    expand(page, "kuend")

    assert reply(page).startswith("Guten Tag Frau Wiesner,\n\nvielen Dank")
    assert "Lindfunk · Kundenservice" in reply(page)
    assert page.locator("#subject").input_value() == "Ihre Kündigung zum Vertrag V-2219-448"
    assert page.evaluate("document.activeElement.id") == "reply"


def test_arrows_choose_among_shortcodes(desk):
    page = desk()
    open_case(page, "Gerda Wiesner")
    page.keyboard.type("/p")
    first, second = page.locator("#codes [role=option]").all()[:2]
    assert first.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")

    assert page.locator("#codes [aria-selected=true]").inner_text() == second.inner_text()
    assert page.locator("#reply").get_attribute("aria-activedescendant") == "code-1"


def test_a_second_template_makes_one_letter_with_one_greeting(desk):
    page = desk()
    open_case(page, "Gerda Wiesner")
    expand(page, "kuend")
    first = reply(page)
    place = next(at for at, name in enumerate(titles(page, "templates"), start=1) if name != "Kündigung bestätigen")
    page.keyboard.press("F4")
    page.keyboard.press(str(place))
    wait_until(page, lambda: len(reply(page)) > len(first) + 40)

    assert "Wir haben die Kündigung Ihres Vertrags V-2219-448 erhalten" in reply(page)
    assert [reply(page).count(part) for part in ("Guten Tag Frau Wiesner", "Freundliche Grüße", "Kundenservice")] == [
        1
    ] * 3


def test_what_was_edited_is_kept_when_a_template_comes_in(desk):
    page = desk()
    open_case(page, "Gerda Wiesner")
    page.keyboard.type("Liebe Frau Wiesner, ")
    expand(page, "kuend")

    assert reply(page).startswith("Liebe Frau Wiesner, Guten Tag Frau Wiesner,")


def test_gaps_are_marked_and_listed_and_keep_the_reply_from_being_sent(demo_site, desk):
    page = desk()
    open_case(page, "Tarek Yıldız")
    expand(page, "umzug")
    gaps = page.locator("#gaps button")
    assert gaps.all_inner_texts() == ["Anrede"]
    assert page.locator("#under mark").all_inner_texts() == ["[[contact.salutation]]"]
    assert why(page) == "Gesperrt: 1 Angabe fehlt noch."
    assert page.locator("#send").get_attribute("aria-disabled") == "true"

    page.keyboard.press("Control+Enter")
    page.locator("#send").press("Enter")
    assert page.locator("#talk .agent").count() == 0
    page.keyboard.press("F2")
    page.keyboard.type("Herr")
    assert why(page) == "Alles ausgefüllt."
    page.keyboard.press("Control+Enter")
    page.locator("#talk .agent").wait_for()
    assert page.locator("#talk .agent .text").inner_text().startswith("Guten Tag Herr Yıldız,")


def test_an_empty_reply_is_not_sent(desk):
    page = desk()
    open_case(page, "Gerda Wiesner")
    page.keyboard.press("Control+Enter")

    assert why(page) == "Gesperrt, solange die Antwort leer ist."
    assert page.locator("#talk .agent").count() == 0


def test_header_and_footer_can_be_left_out(desk):
    page = desk()
    open_case(page, "Johann Aumüller")
    expand(page, "rech")
    assert reply(page).startswith("Lindfunk Kundenservice · Postfach")
    assert page.locator("#gaps button").all_inner_texts() == ["Vertragsnummer", "Vertragsnummer"]
    page.locator("#framed").focus()
    page.keyboard.press("Space")
    wait_until(page, lambda: reply(page).startswith("Guten Tag Herr Aumüller,"))

    assert page.locator("#gaps button").all_inner_texts() == ["Vertragsnummer"]


def test_steps_are_ticked_off_and_what_was_done_stands_in_the_conversation(demo_site, desk):
    page = desk()
    open_case(page, "Birgit Sandholt")
    step = page.locator(f"{PANEL} li.actions input").first
    step.focus()
    page.keyboard.press("Space")
    page.locator(f"{PANEL} li.actions button.primary").first.press("Enter")
    page.locator("#talk .done").wait_for()

    assert "(1 von 3 Schritten)" in page.locator("#talk .done").inner_text()
    wait_until(page, lambda: demo_site.stage.asked[-1].actions_done)


def test_on_the_phone_the_note_brings_the_suggestions_and_what_is_heard_does_not(demo_site, desk):
    page = desk()
    open_case(page, "Ralf Petermann")
    assert "gestohlen" in page.locator("#talk .caller").inner_text()
    assert titles(page, "templates") == []
    page.keyboard.type("Handy gestohlen, SIM sofort sperren")
    wait_until(page, lambda: "SIM-Karte ist gesperrt, Ersatz kommt" in titles(page, "templates"))

    assert [each.text for each in demo_site.stage.asked[-1].case.messages] == ["Handy gestohlen, SIM sofort sperren"]


def test_a_message_to_a_case_that_is_not_open_is_marked_in_the_inbox(desk):
    page = desk()
    open_case(page, "Leonie Krapp")
    page.keyboard.type("Einen Moment bitte.")
    page.keyboard.press("Control+Enter")
    open_case(page, "Gerda Wiesner")
    page.locator("#inbox .unread").wait_for()
    assert "PUK" not in page.locator("#talk").inner_text()
    open_case(page, "Leonie Krapp")

    assert "PUK" in page.locator("#talk").inner_text()
    assert page.locator("#inbox .unread").count() == 0


def test_a_draft_waits_where_it_was_written(desk):
    page = desk()
    open_case(page, "Gerda Wiesner")
    page.keyboard.type("Halb fertig")
    open_case(page, "Leonie Krapp")
    assert reply(page) == ""
    open_case(page, "Gerda Wiesner")

    assert reply(page) == "Halb fertig"


def test_after_the_last_answer_the_next_case_has_the_focus(desk):
    page = desk()
    open_case(page, "Olaf Niemöller")
    page.keyboard.type("Guten Tag Herr Niemöller, gern.")
    page.keyboard.press("Control+Enter")

    assert "Priya Raman" in page.evaluate("document.activeElement.textContent")
    assert "✓ beantwortet" in page.locator("#inbox li", has_text="Olaf").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong(desk, theme):
    page = desk(color_scheme=theme)
    assert violations(page) == []
    open_case(page, "Tarek Yıldız")
    expand(page, "umzug")
    page.keyboard.press("Control+End")
    page.keyboard.type(" /p")
    assert page.locator("#codes").is_visible()

    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_nothing_has_to_be_scrolled_sideways(desk, width):
    page = desk(viewport={"width": width, "height": 800})
    open_case(page, "Tarek Yıldız")
    expand(page, "umzug")
    wide = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5).map((each) => each.outerHTML)"""
    )

    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_speaks_english_too(desk):
    page = desk(locale="en-GB")
    open_case(page, "Declan Murphy")

    assert page.evaluate("document.documentElement.lang") == "en"
    assert why(page) == "Locked while the reply is empty."
    page.get_by_role("button", name="DE", exact=True).click()
    assert why(page) == "Gesperrt, solange die Antwort leer ist."


def test_where_keys_are_set_up_the_page_asks_for_one(demo_site, open_page):
    page = open_page("about:blank", viewport={"width": 1440, "height": 1000})
    refuse = {"status": 401, "content_type": "application/problem+json", "body": '{"detail": "no key"}'}
    seen: list[str | None] = []

    def answer(route: Any) -> None:
        seen.append(route.request.headers.get("authorization"))
        route.fulfill(**refuse) if seen[-1] is None else route.continue_(headers={})

    page.route("**/desk/shortcodes", answer)
    page.goto(f"{demo_site.service}/desk")
    page.get_by_label("API-Schlüssel").wait_for()
    page.keyboard.type("sw_geheim")
    page.keyboard.press("Enter")
    wait_until(page, lambda: len(seen) == 2)

    assert seen == [None, "Bearer sw_geheim"]
    assert not page.locator("#door").is_visible()
    assert "sw_geheim" not in page.content()
