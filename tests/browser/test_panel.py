"""What an agent sees in the panel and does with it, in a real browser against the real application."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from assist.unavailable import Unavailable
from tests.browser.driving import (
    PANEL,
    answer_with,
    events,
    expect_event,
    focus_first,
    focused,
    give,
    say,
    show,
    status,
    titles,
    wait_until,
)
from tests.browser.material import CANCEL, CONTEXT, INVOICE, ROUTER, case

pytestmark = pytest.mark.slow


def _change(kind: str, record_id: str, **parts: Any) -> Any:
    def change(records: dict[Any, list[Any]]) -> None:
        records[kind] = [replace(each, **parts) if each.id == record_id else each for each in records[kind]]

    return change


def _withdraw(kind: str, record_id: str) -> Any:
    def change(records: dict[Any, list[Any]]) -> None:
        records[kind] = [each for each in records[kind] if each.id != record_id]

    return change


# --- showing


def test_a_case_brings_suggestions_of_each_kind_with_confidence_and_reason(panel_page, site):
    site.stage.least = 0
    page = panel_page()
    show(page, case(INVOICE), CONTEXT)

    first = page.locator(f"{PANEL} li.item.templates").first
    assert titles(page, "templates")[0] == "Gutschrift"
    assert titles(page, "articles")[0] == "Doppelte Abbuchung einer Rechnung"
    assert titles(page, "actions")[0] == "Betrag gutschreiben"
    assert len(titles(page, "similar_cases")) == 3
    assert "% · " in first.locator(".sure").inner_text()
    assert "Begriffe: Rechnung" in first.locator(".reason").first.inner_text()
    assert "Frau Brandt" in first.locator(".preview").inner_text()
    assert first.locator(".warning").first.inner_text().endswith("Fehlt noch: agent.name")


def test_where_nothing_is_likely_to_help_it_says_so(panel_page):
    page = panel_page("?kinds=templates,actions")
    answer_with(page, actions=[])
    show(page, case(ROUTER))

    assert page.locator(f"{PANEL} .nothing").all_inner_texts() == ["Nichts, was wahrscheinlich hilft"]
    assert page.locator(f"{PANEL} h2").all_inner_texts() == ["Antworten", "Nächste Schritte"]


DEADLINE = {"kind": "deadline", "text": "Frist genannt: bis Freitag", "quote": "bis Freitag"}
LOSS = {"kind": "outage", "text": "<b>Ausfall</b>: seit Montag kein Internet", "quote": "seit Montag kein Internet"}


def test_an_urgent_case_is_told_with_its_reasons_until_another_one_is_open(panel_page):
    page = panel_page()
    answer_with(page, urgency={"level": "high", "confidence": 0.82, "reasons": [DEADLINE, LOSS]})
    show(page, case(INVOICE))
    told = page.locator(f"{PANEL} .urgent")
    assert told.inner_text() == (
        "Hinweise auf Eile · 82\u00a0% · sehr wahrscheinlich · Frist genannt: bis Freitag · "
        "<b>Ausfall</b>: seit Montag kein Internet"
    )
    assert told.get_attribute("role") == "status"

    page.unroute("**/v1/suggest")
    give(page, case(ROUTER, "fall-2"))
    wait_until(page, lambda: not told.is_visible())


@pytest.mark.parametrize(
    ("urgency", "shown"),
    [
        (None, ""),
        ({"level": "normal", "confidence": 0.97, "reasons": [DEADLINE]}, ""),
        ({"level": "high", "confidence": None, "reasons": []}, "Signs of urgency"),
        ({"level": "high", "confidence": 0.33, "reasons": []}, "Signs of urgency · 33% · unsure"),
    ],
)
def test_what_is_not_urgent_or_not_known_is_not_told(panel_page, urgency, shown):
    page = panel_page("?language=en")
    answer_with(page, urgency=urgency)
    show(page, case(INVOICE))

    assert page.locator(f"{PANEL} .urgent").inner_text() == shown
    assert page.locator(f"{PANEL} .urgent").is_visible() == bool(shown)


def test_without_a_case_it_asks_nothing(panel_page, site):
    page = panel_page()
    page.evaluate("document.querySelector('stichwort-panel').case = {subject: '  '}")
    page.locator(f"{PANEL} .idle", has_text="Sobald ein Fall offen ist").wait_for()

    assert site.stage.asked == []


def test_it_speaks_the_language_of_its_page_or_the_one_it_is_told(panel_page):
    page = panel_page("?language=en&kinds=templates,actions")
    answer_with(page, actions=[])
    show(page, case(ROUTER))
    assert page.locator(f"{PANEL} .nothing").inner_text() == "Nothing that is likely to help"
    assert "close in meaning" in page.locator(f"{PANEL} .reason").first.inner_text()

    page.evaluate("document.querySelector('stichwort-panel').removeAttribute('language')")
    page.locator(f"{PANEL} .nothing", has_text="Nichts, was wahrscheinlich hilft").wait_for()
    expect_event(page, "suggestions", 2)


def test_a_message_that_arrives_changes_the_suggestions_and_says_how_many_there_are(panel_page, site):
    page = panel_page("?kinds=templates,articles&limit=1")
    show(page, case(CANCEL))
    assert titles(page, "articles") == ["Kündigung des Vertrags"]

    say(page, f"{ROUTER} {ROUTER}")
    expect_event(page, "suggestions", 2)

    assert titles(page, "articles") == ["Störung des Internetanschlusses"]
    assert page.locator(f"{PANEL} [aria-live]").inner_text() == "1 Antwort, 1 Artikel"
    assert [len(asked.case.messages) for asked in site.stage.asked] == [0, 1]


def test_messages_in_quick_succession_are_asked_about_once(panel_page, site):
    page = panel_page()
    show(page, case(INVOICE))
    page.evaluate(
        """() => { for (const text of ["eins", "zwei", "drei"]) {
            document.querySelector("stichwort-panel").addMessage({ role: "customer", text }); } }"""
    )
    expect_event(page, "suggestions", 2)

    assert [len(asked.case.messages) for asked in site.stage.asked] == [0, 3]


def test_the_same_case_given_again_is_not_asked_about_again(panel_page, site):
    page = panel_page()
    show(page, case(INVOICE))
    give(page, case(INVOICE))
    give(page, case(ROUTER, "fall-2"))
    expect_event(page, "suggestions", 2)

    assert [asked.case.id for asked in site.stage.asked] == ["fall-1", "fall-2"]


def test_a_property_that_was_set_before_the_module_came_is_heeded(site, open_page):
    page = open_page(f"{site.service}/hosts/late.html")

    page.locator(f"{PANEL} li.item.articles").first.wait_for()


# --- late, slow and dead services


def test_an_answer_for_an_earlier_case_is_never_shown(panel_page, site):
    page = panel_page("?kinds=articles")
    site.stage.hold()
    give(page, case(INVOICE))
    wait_until(page, lambda: len(site.stage.asked) == 1)
    give(page, case(ROUTER, "fall-2"))
    wait_until(page, lambda: len(site.stage.asked) == 2)
    site.stage.release()
    expect_event(page, "suggestions")

    assert titles(page, "articles")[0] == "Störung des Internetanschlusses"
    assert len(events(page, "suggestions")) == 1
    assert events(page, "error") == []


def test_another_case_clears_the_suggestions_at_once(panel_page, site):
    page = panel_page()
    show(page, case(INVOICE))
    site.stage.hold()
    give(page, case(ROUTER, "fall-2"))
    page.locator(f"{PANEL} .idle", has_text="Vorschläge werden gesucht").wait_for()

    assert page.locator(f"{PANEL} li.item").count() == 0


def test_while_the_service_is_slow_the_last_good_suggestions_stay_and_are_marked(panel_page, site):
    page = panel_page("?kinds=articles")
    show(page, case(INVOICE))
    site.stage.hold()
    say(page, "Und der Router?")
    status(page, "Noch immer die Vorschläge von eben. Der Dienst braucht gerade länger.")

    assert titles(page, "articles")[0] == "Doppelte Abbuchung einer Rechnung"
    assert page.locator(f"{PANEL} .stale").count() == 1

    site.stage.release()
    expect_event(page, "suggestions", 2)
    assert page.locator(f"{PANEL} .stale").count() == 0
    assert page.locator(f"{PANEL} .status").first.inner_text() == ""


def test_a_service_that_is_away_is_asked_again_after_the_time_it_names(panel_page, site):
    page = panel_page()
    show(page, case(INVOICE))
    site.stage.fault = Unavailable("16 requests wait", retry_after_s=7)
    say(page, "Hallo?")
    told = expect_event(page, "error")

    assert (told["status"], told["retryInS"]) == (503, 7)
    status(page, "Noch immer die Vorschläge von eben. Der Dienst ist ausgelastet. Neuer Versuch in 7 s.")
    assert titles(page, "articles") != []

    site.stage.fault = None
    page.locator(f"{PANEL} .status button", has_text="Jetzt versuchen").click()
    expect_event(page, "suggestions", 2)
    assert page.locator(f"{PANEL} .status button").count() == 0


def test_a_service_that_cannot_be_reached_is_told_and_blocks_nothing(panel_page):
    page = panel_page()
    page.route("**/v1/suggest", lambda route: route.abort())
    give(page, case(INVOICE))
    status(page, "Der Dienst ist nicht erreichbar.")
    page.locator("#reply").fill("Der Agent schreibt weiter.")

    assert page.locator("#reply").input_value() == "Der Agent schreibt weiter."
    page.unroute("**/v1/suggest")
    expect_event(page, "suggestions")  # by itself, after the pause


def test_a_key_that_is_not_valid_is_told_and_a_new_token_asks_again(panel_page):
    page = panel_page()
    sent = []

    def door(route: Any) -> None:
        sent.append(route.request.headers.get("authorization"))
        if sent[-1] == "Bearer frisch":
            route.continue_()
        else:
            route.fulfill(status=401, json={"detail": "expired", "errors": []})

    page.route("**/v1/suggest", door)
    page.evaluate("document.querySelector('stichwort-panel').token = 'alt'")
    give(page, case(INVOICE))
    status(page, "Die Anmeldung am Vorschlagsdienst ist abgelaufen.")
    assert events(page, "error")[-1]["status"] == 401

    page.evaluate("document.querySelector('stichwort-panel').token = 'frisch'")
    expect_event(page, "suggestions")
    assert page.locator(PANEL).get_attribute("token") is None


# --- keyboard


def test_an_agent_inserts_a_reply_without_the_mouse_and_gets_back_to_the_mail(panel_page, site):
    site.stage.least = 0
    page = panel_page()
    show(page, case(INVOICE), CONTEXT)
    page.locator("#reply").focus()
    focus_first(page)
    assert focused(page) == "Einfügen: Gutschrift"

    page.keyboard.press("ArrowDown")
    assert focused(page) == "Einfügen: Störung gemeldet"
    page.keyboard.press("End")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    told = expect_event(page, "insert")
    assert told["text"].startswith("Guten Tag Frau Brandt,")
    assert told["changed"] is False
    status(page, "„Gutschrift“ eingefügt. Fehlt noch: agent.name")

    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "reply"
    assert page.locator("#reply").input_value().startswith("Guten Tag Frau Brandt,")


def test_digits_insert_the_reply_of_that_number(panel_page, site):
    site.stage.least = 0
    page = panel_page()
    show(page, case(INVOICE))
    focus_first(page)
    page.keyboard.press("3")

    assert expect_event(page, "insert")["id"] == "t-kuendigung"


def test_keys_mean_nothing_to_the_panel_while_the_agent_writes(panel_page):
    page = panel_page()
    show(page, case(INVOICE))
    page.locator("#reply").press_sequentially("cox 123")
    page.keyboard.press("Enter")

    assert page.locator("#reply").input_value() == "cox 123\n"
    assert [each for each in page.evaluate("window.events") if each["name"] != "suggestions"] == []


def test_tab_passes_through_the_buttons_of_one_item_only(panel_page, site):
    site.stage.least = 0
    page = panel_page("?kinds=templates")
    show(page, case(INVOICE))
    focus_first(page)
    seen = [focused(page)]
    for _ in range(4):
        page.keyboard.press("Tab")
        seen.append(focused(page))

    acts = ["Einfügen", "Kopieren", "Öffnen", "Passt nicht"]
    assert seen == [*(f"{act}: Gutschrift" for act in acts), ""]


def test_an_item_is_dismissed_with_a_reason_and_stays_hidden(panel_page, site):
    page = panel_page("?kinds=articles")
    show(page, case(INVOICE))
    focus_first(page)
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    assert events(page, "dismiss") == []
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    assert expect_event(page, "dismiss")["reason"] == "outdated"
    assert "Doppelte Abbuchung einer Rechnung" not in titles(page, "articles")
    assert focused(page) != ""
    expect_event(page, "suggestions", 2)
    assert "Doppelte Abbuchung einer Rechnung" not in titles(page, "articles")
    assert site.stage.asked[-1].limits["articles"] == 4  # one more, as one of them would not be shown


def test_focus_stays_on_its_item_when_other_suggestions_come(panel_page, site):
    site.stage.least = 0
    page = panel_page("?kinds=templates&limit=5")
    show(page, case(INVOICE))
    focus_first(page)
    say(page, f"{ROUTER}. " * 3)
    expect_event(page, "suggestions", 2)

    assert titles(page, "templates")[0] == "Störung gemeldet"
    assert focused(page) == "Einfügen: Gutschrift"


def test_steps_are_ticked_off_and_told_when_the_action_is_done(panel_page, site):
    site.stage.least = 0
    page = panel_page("?kinds=actions")
    show(page, case(INVOICE))
    page.locator(f"{PANEL} .steps input").first.check()
    page.keyboard.press("Enter")
    told = expect_event(page, "done")

    assert told["steps"] == [{"text": "Betrag prüfen", "done": True}, {"text": "Buchen", "done": False}]
    expect_event(page, "suggestions", 2)
    assert site.stage.asked[-1].actions_done == ("gutschreiben",)
    assert page.locator(f"{PANEL} .steps a").get_attribute("rel") == "noopener noreferrer"


def test_an_article_opens_in_the_panel_unless_the_host_does_it(panel_page, site):
    page = panel_page("?kinds=articles")
    show(page, case(INVOICE))
    focus_first(page)
    page.keyboard.press("o")
    more = page.locator(f"{PANEL} li.item").first.locator(".more")
    more.wait_for()
    assert more.locator("h4").inner_text() == "Was geschieht?"
    assert more.locator("ol li").all_inner_texts() == ["Kontoauszug prüfen", "Betrag melden"]
    assert more.locator("table td").all_inner_texts() == ["bis 50 Euro", "sofort"]
    assert more.locator("strong").inner_text() == "fünf Werktagen"
    page.keyboard.press("o")
    more.wait_for(state="hidden")

    page.evaluate("window.declined.add('open')")
    page.keyboard.press("o")
    expect_event(page, "open", 2)
    assert more.is_hidden()


def test_copying_puts_the_text_on_the_clipboard(panel_page, site):
    page = panel_page("?kinds=templates", permissions=["clipboard-read", "clipboard-write"])
    show(page, case(ROUTER))
    focus_first(page)
    page.keyboard.press("c")
    status(page, "„Störung gemeldet“ kopiert.")

    assert page.evaluate("navigator.clipboard.readText()") == "Wir messen Ihre Leitung, die Lampe am Router blinkt rot."


# --- is it still current?


def test_a_template_that_was_withdrawn_meanwhile_is_not_inserted(panel_page, site):
    page = panel_page("?kinds=templates")
    show(page, case(INVOICE))
    site.serve_records(_withdraw("templates", "t-gutschrift"))
    focus_first(page)
    page.keyboard.press("Enter")
    status(page, "„Gutschrift“ wurde gerade zurückgezogen")

    assert events(page, "insert") == []
    assert "Gutschrift" not in titles(page, "templates")
    assert page.locator("#reply").input_value() == ""


def test_a_template_that_was_archived_meanwhile_is_not_inserted(panel_page, site):
    page = panel_page("?kinds=templates")
    show(page, case(INVOICE))
    site.serve_records(_change("templates", "t-gutschrift", status="archived"))
    focus_first(page)
    page.keyboard.press("Enter")
    status(page, "„Gutschrift“ wurde gerade zurückgezogen")

    assert events(page, "insert") == []


def test_a_template_that_was_changed_meanwhile_is_inserted_as_it_is_now(panel_page, site):
    page = panel_page("?kinds=templates")
    show(page, case(INVOICE))
    site.serve_records(_change("templates", "t-gutschrift", body="Der neue Text zur Rechnung."))
    focus_first(page)
    page.keyboard.press("Enter")

    told = expect_event(page, "insert")
    assert (told["text"], told["changed"]) == ("Der neue Text zur Rechnung.", True)
    status(page, "Inzwischen geändert, daher mit neuem Text: „Gutschrift“ eingefügt.")
    assert page.locator(f"{PANEL} .preview").first.inner_text() == "Der neue Text zur Rechnung."


def test_an_article_is_inserted_with_its_excerpt_and_link(panel_page, site):
    page = panel_page("?kinds=articles")
    show(page, case(INVOICE))
    focus_first(page)
    page.keyboard.press("Enter")
    told = expect_event(page, "insert")

    assert told["changed"] is False
    assert told["text"].endswith("Doppelte Abbuchung einer Rechnung: https://hilfe.example/rechnung-doppelt")
    assert '<a href="https://hilfe.example/rechnung-doppelt"' in told["html"]


def test_an_article_that_was_changed_or_withdrawn_meanwhile_is_told(panel_page, site):
    page = panel_page("?kinds=articles")
    show(page, case(ROUTER))
    body = "<p>Trennen Sie den Router fünf Minuten vom Strom, die Lampe blinkt dann.</p>"
    site.serve_records(_change("articles", "stoerung", body=body))
    focus_first(page)
    page.keyboard.press("Enter")
    told = expect_event(page, "insert")
    assert told["text"].startswith("Trennen Sie den Router fünf Minuten vom Strom")
    status(page, "Inzwischen geändert, daher mit neuem Text: „Störung des Internetanschlusses“ eingefügt.")

    site.serve_records(_change("articles", "stoerung", audience=("second_level",)))
    page.keyboard.press("Enter")
    status(page, "„Störung des Internetanschlusses“ wurde gerade zurückgezogen")
    assert len(events(page, "insert")) == 1


def test_nothing_is_inserted_while_nobody_can_tell_whether_it_still_holds(panel_page, site):
    page = panel_page("?kinds=templates")
    show(page, case(INVOICE))
    page.route("**/v1/templates/**", lambda route: route.abort())
    focus_first(page)
    page.keyboard.press("Enter")
    status(page, "„Gutschrift“ ließ sich nicht prüfen")

    assert events(page, "insert") == []


def test_what_was_begun_in_one_case_is_not_inserted_into_another(panel_page, site):
    page = panel_page("?kinds=templates")
    show(page, case(INVOICE))
    asked = threading.Event()
    page.on("request", lambda request: asked.set() if "/render" in request.url else None)
    site.stage.hold()
    focus_first(page)
    page.keyboard.press("Enter")
    page.locator(f"{PANEL} [aria-busy]").wait_for()
    give(page, case(ROUTER, "fall-2"))
    page.locator(f"{PANEL} .idle").wait_for()
    site.stage.release()
    expect_event(page, "suggestions", 2)
    page.wait_for_load_state("networkidle")

    assert asked.is_set()
    assert events(page, "insert") == []
    assert page.locator("#reply").input_value() == ""
