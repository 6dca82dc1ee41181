"""The panel can be read and used by everybody: narrow, wide, light, dark, German, English, long and full."""

from __future__ import annotations

import functools
import itertools
from importlib import resources
from typing import Any

import pytest

from tests.browser.driving import PANEL, answer_with, expect_event, focus_first, give, say, show, status
from tests.browser.material import CONTEXT, INVOICE, case

pytestmark = pytest.mark.slow

WIDTHS = (300, 320, 768, 1440)


@functools.cache
def _axe() -> str:
    pytest.importorskip("axe_playwright_python", reason="axe is missing: pip install axe-playwright-python")
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """Return what axe finds wrong with the page, its shadow trees included."""
    page.evaluate(_axe())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    nodes = [(each["id"], node) for each in found["violations"] for node in each["nodes"]]
    return [f"{rule}: {node['target']} {node['failureSummary']}" for rule, node in nodes]


@pytest.mark.parametrize(("theme", "language"), list(itertools.product(["light", "dark"], ["de", "en"])))
def test_axe_finds_nothing_wrong(panel_page, site, theme, language):
    site.stage.least = 0
    page = panel_page(f"?theme={theme}&language={language}&mode=phone", color_scheme=theme)
    answer_with(page, urgency={"level": "high", "confidence": 0.8, "reasons": [{"text": "eilt", "kind": "stated"}]})
    page.evaluate("(language) => { document.documentElement.lang = language; }", language)
    show(page, case(INVOICE), CONTEXT)
    for button in page.locator(f"{PANEL} button[data-act=open]").all():
        button.click()
    focus_first(page)
    page.keyboard.press("x")
    assert page.locator(f"{PANEL} .menu").first.is_visible()
    assert page.locator(f"{PANEL} .urgent").is_visible()

    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_notices(panel_page, site, theme):
    page = panel_page("?kinds=articles,actions", color_scheme=theme)
    show(page, case(INVOICE))
    site.stage.hold()
    say(page, "Hallo?")
    status(page, "Noch immer die Vorschläge von eben")
    assert violations(page) == []

    give(page, case(INVOICE, unknown="x"))
    status(page, "Der Dienst nimmt den Fall nicht an")
    assert violations(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_has_to_be_scrolled_sideways(panel_page, site, width):
    site.stage.least = 0
    page = panel_page("?mode=phone", viewport={"width": width, "height": 700})
    show(page, case(INVOICE), CONTEXT)
    page.locator(f"{PANEL} li.articles button[data-act=open]").first.click()
    page.locator(f"{PANEL} li.articles table").wait_for()
    page.locator(f"{PANEL} button[data-act=dismiss]").first.click()
    wide = page.evaluate(
        """() => [...document.querySelector("stichwort-panel").shadowRoot.querySelectorAll("*")]
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5).map((each) => each.className)"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_is_dark_where_the_page_is(panel_page):
    seen = {}
    for scheme in ("light", "dark"):
        page = panel_page("", color_scheme=scheme)
        seen[scheme] = page.evaluate("getComputedStyle(document.querySelector('stichwort-panel')).backgroundColor")
    page.evaluate("document.querySelector('stichwort-panel').setAttribute('theme', 'light')")

    assert seen == {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 27, 33)"}
    assert page.evaluate("getComputedStyle(document.querySelector('stichwort-panel')).backgroundColor") == seen["light"]


def test_nothing_moves_for_those_who_asked_for_that(panel_page, site):
    page = panel_page("", reduced_motion="reduce")
    site.stage.hold()
    give(page, case(INVOICE))
    page.locator(f"{PANEL} .loading").wait_for()

    moves = """() => getComputedStyle(
        document.querySelector("stichwort-panel").shadowRoot.querySelector(".loading"), "::before").animationName"""
    assert page.evaluate(moves) == "none"


def test_two_hundred_items_are_shown(panel_page):
    page = panel_page()

    def item(kind: str, number: int) -> dict[str, Any]:
        key, words = f"{kind}-{number}", {"title": f"Artikel {number}", "name": f"Vorlage {number}"}
        more = {"rank": number, "confidence": 0.5, "reasons": [], "text": "x", "excerpt": "x"}
        return {"id": key, "suggestion_id": key, "subject": f"Fall {number}", **words, **more}

    kinds = ("articles", "templates", "actions", "similar_cases")
    answer = {kind: [item(kind, number) for number in range(1, 51)] for kind in kinds}
    page.route("**/v1/suggest", lambda route: route.fulfill(json=answer))
    show(page, case(INVOICE))
    focus_first(page)
    page.keyboard.press("End")

    assert page.locator(f"{PANEL} li.item").count() == 200
    assert (
        page.evaluate("document.querySelector('stichwort-panel').shadowRoot.activeElement.getAttribute('aria-label')")
        == "Öffnen: Fall 50"
    )


def test_a_message_of_ten_thousand_characters_is_answered(panel_page, site):
    page = panel_page()
    show(page, case((INVOICE + ". ") * 180))

    assert len(site.stage.asked[-1].case.description) > 10_000
    assert page.locator(f"{PANEL} li.item").count() > 0


def test_a_long_word_does_not_widen_the_panel(panel_page):
    page = panel_page("", viewport={"width": 320, "height": 700})
    words = {"reasons": [{"text": "y" * 300}], "title": "x" * 300, "excerpt": "z" * 300}
    item = {"id": "a", "suggestion_id": "s", "rank": 1, "confidence": 1, **words}
    page.route("**/v1/suggest", lambda route: route.fulfill(json={"articles": [item]}))
    show(page, case(INVOICE))
    expect_event(page, "suggestions")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
