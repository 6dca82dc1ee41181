"""One browser and one site for all tests of a process; each test has a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from corpus.folder import read_corpus
from tests.browser import material
from tests.browser.chromium import ARGUMENTS, chromium
from tests.browser.driving import wait_until
from tests.browser.stage import Site
from tests.conftest import write_folder
from tests.security.toy_service import Indexer

WAIT_MS = 15_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is missing: pip install playwright")
    executable = chromium()
    if executable is None:
        pytest.skip("there is no Chromium: install it (apt install chromium) or name one with CHROMIUM=path")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    corpus = read_corpus(write_folder(tmp_path_factory.mktemp("corpus"), material.rows()))
    records: Any = {kind: getattr(corpus, kind) for kind in ("articles", "templates", "actions", "cases")}
    site = Site(Indexer(tmp_path_factory.mktemp("toy")), records)
    yield site
    site.stop()


@pytest.fixture
def site(whole_site: Site) -> Iterator[Site]:
    yield whole_site
    whole_site.reset()


OpenPage = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any) -> Iterator[OpenPage]:
    """Open a page in a fresh context, and note what it complains about."""
    contexts = []

    def open_(address: str, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 420, "height": 900}, "locale": "de-DE", **options})
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def panel_page(site: Site, open_page: OpenPage) -> OpenPage:
    """Open the plain host page, whose panel has no case yet."""

    def open_(query: str = "", **options: Any) -> Any:
        page = open_page(f"{site.service}/hosts/plain.html{query}", **options)
        wait_until(page, lambda: page.evaluate("!!customElements.get('stichwort-panel') && !!window.events"))
        return page

    return open_
