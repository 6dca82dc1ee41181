"""The panel and its page for frames, as they are served."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import assist
from assist.app import create_app
from tests.local_services import local_services

PAGES = frozenset({"https://crm.example", "https://app.example:8443"})
STATIC = Path(assist.__file__).parent / "static"
PANEL = (STATIC / "stichwort-panel.js").read_text(encoding="utf-8")


@pytest.fixture
def framed(source):
    return create_app(local_services(source, embed_ancestors=PAGES)).test_client()


def test_without_a_setting_no_page_may_frame_it(client):
    reply = client.get("/embed")

    assert reply.status_code == 200
    assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert '<meta name="stichwort-ancestors" content="">' in reply.get_data(as_text=True)


def test_the_pages_that_are_named_may_frame_it_and_are_told_to_its_script(framed):
    reply = framed.get("/embed")
    policy = reply.headers["Content-Security-Policy"]

    assert "frame-ancestors https://app.example:8443 https://crm.example" in policy
    assert "X-Frame-Options" not in reply.headers
    assert 'content="https://app.example:8443 https://crm.example"' in reply.get_data(as_text=True)


def test_whatever_else_is_served_may_still_be_framed_by_nobody(framed):
    for path in ("/docs", "/v1/articles/kb-1", "/static/embed.js"):
        assert framed.get(path).headers["X-Frame-Options"] == "DENY", path


def test_the_page_allows_no_inline_script_and_style_and_has_none(framed):
    reply = framed.get("/embed")

    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert re.search(r"<script(?![^>]*src=)|\son\w+=|<style|\sstyle=", reply.get_data(as_text=True)) is None


def test_all_that_the_page_needs_comes_from_the_service(framed):
    linked = re.findall(r'(?:src|href)="([^"]+)"', framed.get("/embed").get_data(as_text=True))

    assert {each for each in linked if not each.startswith("data:")} == {"static/embed.css", "static/embed.js"}
    for address in ("static/embed.css", "static/embed.js", "static/stichwort-panel.js"):
        assert framed.get(f"/{address}").status_code == 200


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("stichwort-panel.js", "text/javascript"), ("embed.js", "text/javascript"), ("embed.css", "text/css")],
)
def test_assets_are_kept_by_browsers_and_asked_for_by_their_hash(client, name, content_type):
    reply = client.get(f"/static/{name}")

    assert reply.content_type.startswith(content_type)
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-cache"
    assert client.get(f"/static/{name}", headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["embed.html", "..%2Fapp.py", "app.py", "nichts.js"])
def test_no_other_file_is_served(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_the_panel_is_one_small_module_that_loads_nothing():
    assert len(PANEL.encode("utf-8")) < 60_000
    assert re.search(r"^import |\bimport\(", PANEL, re.MULTILINE) is None
    assert set(re.findall(r"https?://[\w./-]+", PANEL)) == {
        "http://www.w3.org/1999/xhtml",
        "http://www.w3.org/2000/svg",
    }


@pytest.mark.parametrize("name", ["stichwort-panel.js", "embed.js"])
def test_scripts_use_nothing_that_could_run_what_they_are_given(name):
    source = (STATIC / name).read_text(encoding="utf-8")
    forbidden = (
        r"\beval\(",
        r"new Function",
        r"innerHTML\s*=",
        r"outerHTML",
        r"insertAdjacentHTML",
        r"document\.write",
    )
    stored = (r"localStorage", r"sessionStorage", r"document\.cookie", r"indexedDB")

    for pattern in (*forbidden, *stored, r'setAttribute\("style"', r"console\.", r'postMessage\([^)]*"\*"'):
        assert re.search(pattern, source) is None, pattern


def test_german_and_english_have_the_same_words():
    def keys(name: str) -> list[str]:
        text = PANEL.split(f"const {name} = {{")[1].split("\n};")[0]
        return re.findall(r"(?:^|[{,])\s*([a-z_A-Z]+):", text, re.MULTILINE)

    assert keys("GERMAN") == keys("ENGLISH")
    assert len(keys("GERMAN")) > 40
