"""What comes from the service or the host never runs, and the panel works under the strictest content policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from corpus.folder import read_corpus
from corpus.safe_html import TABLE_TAGS, TAGS
from index.passages import passages
from tests.browser.driving import PANEL, expect_event, focus_first, give, idle, show, status
from tests.browser.material import INVOICE, ROUTER, case
from tests.browser.stage import STRICT
from tests.security.wire import ROOT

pytestmark = pytest.mark.slow

EVIL = (
    '<img src=x onerror="window.canary=1"><script>window.canary=2</script><svg onload="window.canary=3"><script>'
    'window.canary=4</script></svg><iframe srcdoc="<script>parent.canary=5</script>"></iframe><math>'
    '<mi//xlink:href="data:x,<script>window.canary=6</script>"></math>'
    '<a href="javascript:window.canary=7" onclick="window.canary=8">klick</a>'
    '<p style="position:fixed" class="unseen" id="note">Text</p>'
    '<form action="https://boese.example"><button>Senden</button></form>'
    "<template><script>window.canary=9</script></template><style>*{display:none}</style>"
    '<base href="https://boese.example">'
)
MODULE = "import('/static/stichwort-panel.js')"


def _complaints(page: Any) -> list[str]:
    return [*page.evaluate("window.violations"), *page.complaints]


def test_the_whole_journey_breaks_no_rule_of_a_strict_policy(panel_page, site):
    site.stage.least = 0
    page = panel_page("", permissions=["clipboard-read", "clipboard-write"])
    show(page, case(ROUTER))
    focus_first(page)
    for key in ("o", "Enter", "c", "x", "Escape"):
        page.keyboard.press(key)
        idle(page)
    page.locator(f"{PANEL} li.articles button[data-act=open]").first.click()
    page.locator(f"{PANEL} li.articles .more a").first.wait_for()
    page.evaluate("document.querySelector('stichwort-panel').setAttribute('mode', 'phone')")

    assert STRICT in page.request.get(page.url).headers["content-security-policy"]
    assert _complaints(page) == []


def test_an_article_with_scripts_is_shown_without_them(panel_page):
    page = panel_page("?kinds=articles")
    show(page, case(INVOICE))
    body = {"id": "x", "title": "Doppelte Abbuchung einer Rechnung", "language": "de", "format": "html", "body": EVIL}
    page.route("**/v1/articles/*", lambda route: route.fulfill(json=body))
    page.keyboard.press("Tab")
    focus_first(page)
    page.keyboard.press("o")
    more = page.locator(f"{PANEL} li.item").first.locator(".more")
    more.wait_for()
    more.locator("a").click()

    assert page.evaluate("window.canary") is None
    assert more.inner_text().split() == ["klick", "Text", "Senden"]
    html = more.inner_html()
    for word in ("script", "onerror", "onclick", "javascript", "iframe", "svg", "style", "form", "class=", "id="):
        assert word not in html, word


def test_every_text_of_an_answer_is_text(panel_page):
    page = panel_page()
    evil = "<img src=x onerror='window.canary=1'>"
    item = {
        "suggestion_id": "s",
        "id": evil,
        "rank": 1,
        "score": 1,
        "confidence": 0.9,
        "reasons": [{"kind": "terms", "text": evil}],
        "title": evil,
        "name": evil,
        "subject": evil,
        "text": evil,
        "excerpt": evil,
        "description": evil,
        "resolution": evil,
        "language": evil,
        "url": "javascript:window.canary=2",
        "html": EVIL,
        "steps": [{"text": evil, "url": "javascript:window.canary=3"}],
        "missing_fields": [evil],
        "unknown_fields": [evil],
        "warnings": [evil],
    }
    kinds = ("articles", "templates", "actions", "similar_cases")
    page.route("**/v1/suggest", lambda route: route.fulfill(json={kind: [item] for kind in kinds}))
    show(page, case(INVOICE))
    for button in page.locator(f"{PANEL} li.item:not(.articles) button[data-act=open]").all():
        if button.is_visible():
            button.click()
    idle(page)

    assert page.evaluate("window.canary") is None
    assert page.locator(f"{PANEL} img").count() == 0
    assert page.locator(f"{PANEL} .panel a[href^=javascript]").count() == 0


def test_its_list_of_tags_is_that_of_the_service(panel_page):
    page = panel_page()
    everything = "".join(f"<{tag}>x</{tag}>" for tag in ("section", "button", "video", "font", "form", "custom-tag"))
    lists = "".join(f"<div><{tag}></{tag}></div>" for tag in sorted(TAGS - TABLE_TAGS))
    table = (
        "<table><caption>x</caption><thead><tr><th>x</th></tr></thead><tbody><tr><td>x</td></tr></tbody>"
        "<tfoot></tfoot></table>"
    )
    kept = page.evaluate(
        f"""async (html) => {{
            const {{ safeFragment }} = await {MODULE};
            return [...new Set([...safeFragment(html).querySelectorAll("*")].map((each) => each.localName))].sort();
        }}""",
        lists + table + everything,
    )
    assert kept == sorted(TAGS)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://hilfe.example/a", True),
        ("http://hilfe.example", True),
        ("mailto:hilfe@hilfe.example", True),
        ("tel:+4930123", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//boese.example", False),
        ("/v1/suggest", False),
    ],
)
def test_links_lead_only_where_they_may(panel_page, address, kept):
    page = panel_page()
    for form, text in (("safeFragment", f'<a href="{address}">x</a>'), ("markdownFragment", f"[x]({address})")):
        found = page.evaluate(
            f"""async ([form, text]) => {{
                const module = await {MODULE};
                const link = module[form](text).querySelector("a[href]");
                return link && [link.getAttribute("href"), link.rel, link.target];
            }}""",
            [form, text],
        )
        assert found == ([address, "noopener noreferrer", "_blank"] if kept else None)


def test_markdown_shows_embedded_html_as_text(panel_page):
    page = panel_page()
    found = page.evaluate(
        f"""async () => {{
            const box = document.createElement("div");
            box.append((await {MODULE}).markdownFragment("# A\\n<b onclick=x>roh</b> **fett**\\n\\n```\\n<i>\\n```"));
            return box.innerHTML;
        }}"""
    )
    raw = "<p>&lt;b onclick=x&gt;roh&lt;/b&gt; <strong>fett</strong></p>"
    assert found == f"<h1>A</h1>{raw}<pre><code>&lt;i&gt;</code></pre>"


def test_every_passage_of_the_demo_articles_is_found_in_its_article_again(panel_page):
    corpus = read_corpus(ROOT / "corpus" / "demo")
    cut = [
        [passage.text, {"body": article.body, "format": article.format, "summary": article.summary}]
        for article in corpus.articles
        for passage in passages(article.body, article.format, title=article.title)
    ]
    page = panel_page()
    missed = page.evaluate(
        f"async (all) => {{ const {{ stillSays }} = await {MODULE}; return all.filter((x) => !stillSays(...x)); }}",
        cut,
    )
    assert len(cut) > 300
    assert [each[0] for each in missed] == []


def test_a_price_that_was_changed_is_noticed(panel_page):
    page = panel_page()
    article = {"body": "Die Gebühr beträgt 39,99 Euro. Sie entfällt bei Umzug.", "format": "markdown"}
    says = f"async (cut) => (await {MODULE}).stillSays(...cut)"

    assert page.evaluate(says, ["Die Gebühr beträgt 39,99 Euro.", article]) is True
    assert page.evaluate(says, ["Die Gebühr beträgt 29,99 Euro.", article]) is False


def test_a_case_that_the_service_refuses_is_told_in_its_words(panel_page):
    page = panel_page()
    give(page, case(INVOICE, unknown="x"))
    status(page, "Der Dienst nimmt den Fall nicht an: /case/unknown")

    assert expect_event(page, "error")["status"] == 422


def test_suggestions_of_a_host_that_freezes_its_objects_are_no_trouble(panel_page):
    page = panel_page()
    page.evaluate(
        """(text) => new Promise((done) => {
            const panel = document.querySelector("stichwort-panel");
            panel.addEventListener("stichwort-suggestions", () => done(), { once: true });
            panel.case = new Proxy(Object.freeze(JSON.parse(text)), {});
            panel.addMessage(Object.freeze({ role: "customer", text: "Bitte schnell" }));
        })""",
        json.dumps(case(INVOICE)),
    )
    assert page.locator(f"{PANEL} li.item").count() > 0
