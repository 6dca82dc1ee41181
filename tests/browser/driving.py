"""What tests do with a page: give the panel a case, press keys, wait for what is to come."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PANEL = "stichwort-panel"
_SHOW = """([open, context]) => new Promise((done) => {
    const panel = document.querySelector("stichwort-panel");
    panel.addEventListener("stichwort-suggestions", () => done(), { once: true });
    if (context) panel.context = context;
    panel.case = open;
})"""


def show(page: Any, open_case: dict[str, Any], context: dict[str, Any] | None = None) -> None:
    """Give the panel a case and wait for its suggestions."""
    page.evaluate(_SHOW, [open_case, context])


def give(page: Any, open_case: dict[str, Any]) -> None:
    """Give the panel a case and go on at once."""
    page.evaluate("(open) => { document.querySelector('stichwort-panel').case = open; }", open_case)


def answer_with(page: Any, **parts: Any) -> None:
    """Let the service answer as it does, but with other parts, from now on."""

    def answer(route: Any) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, json={**reply.json(), **parts})

    page.route("**/v1/suggest", answer)


def say(page: Any, text: str) -> None:
    """Let the customer write a message."""
    page.evaluate("(text) => document.querySelector('stichwort-panel').addMessage({ role: 'customer', text })", text)


def titles(page: Any, kind: str) -> list[str]:
    """Return the titles of one kind, as shown."""
    found: list[str] = page.locator(f"{PANEL} li.item.{kind} h3").all_inner_texts()
    return found


def status(page: Any, text: str) -> None:
    """Wait until the panel says this."""
    page.locator(f"{PANEL} .status", has_text=text).first.wait_for()


def events(page: Any, name: str) -> list[dict[str, Any]]:
    """Return what the host was told under this name."""
    found: list[dict[str, Any]] = page.evaluate("(name) => window.events.filter((each) => each.name === name)", name)
    return found


def expect_event(page: Any, name: str, count: int = 1) -> dict[str, Any]:
    """Wait until the host was told so often, and return the last time."""
    wait_until(page, lambda: len(events(page, name)) >= count)
    return events(page, name)[-1]


def idle(page: Any) -> None:
    """Wait until nothing that was begun is still under way."""
    page.locator(f"{PANEL} [aria-busy]").first.wait_for(state="detached")


def focus_first(page: Any) -> None:
    """Put the focus on the first suggestion, as a host does upon its own key."""
    assert page.evaluate("document.querySelector('stichwort-panel').focusFirst()")


def focused(page: Any) -> str:
    """Return the label of what has the focus inside of the panel."""
    label: str = page.evaluate(
        "document.querySelector('stichwort-panel').shadowRoot.activeElement?.getAttribute('aria-label') ?? ''"
    )
    return label


def wait_until(page: Any, holds: Callable[[], Any], seconds: float = 15.0) -> None:
    """Wait for something while the page goes on; fail when it never comes."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "what was waited for did not come"
        page.wait_for_timeout(20)  # the strict policy of the page forbids to wait inside of it
