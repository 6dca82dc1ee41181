"""The manager's page: static, bound to this host, free of scripts and styles in its own text."""

from __future__ import annotations

import re

import pytest

from assist.api.pages import page_files

FILES = page_files("manage")


def test_the_page_needs_no_key_and_may_load_from_here_only(keyed):
    reply = keyed.get("/manage")
    policy = reply.headers["Content-Security-Policy"]

    assert (reply.status_code, reply.content_type) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_everything_that_it_names_is_served(client):
    texts = [file.content.decode("utf-8") for file in FILES.values()]
    named = {path for text in texts for path in re.findall(r'"/(static/manage/[^"]+)"', text)}
    named |= {f"static/manage/{name}" for text in texts for name in re.findall(r'from "\./([^"]+)"', text)}

    assert len(named) > 5
    for path in named:
        assert client.get(f"/{path}").status_code == 200, path


def test_nothing_in_it_is_inline_and_nothing_comes_from_elsewhere():
    page = FILES["index.html"].content.decode("utf-8")
    texts = [file.content.decode("utf-8") for file in FILES.values()]

    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page) == []
    assert [text for text in texts if re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)] == []
    assert [name for name, file in FILES.items() if b"innerHTML" in file.content or b"eval(" in file.content] == []


def test_every_word_of_the_page_is_there_in_german_and_in_english():
    words = {
        language: set(re.findall(r'^  "([^"]+)":', FILES[f"words-{language}.js"].content.decode("utf-8"), re.MULTILINE))
        for language in ("de", "en")
    }
    texts = [file.content.decode("utf-8") for name, file in FILES.items() if name.endswith(".js")]
    used = {name for text in texts for name in re.findall(r'\bt\("([^"]+)"', text)}

    assert words["de"] == words["en"]
    assert len(used) > 100
    assert used - words["de"] == set()


@pytest.mark.parametrize("name", sorted(FILES))
def test_who_has_a_file_already_gets_304(client, name):
    path = "/manage" if name == "index.html" else f"/static/manage/{name}"
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.get_data()) == (200, 304, b"")


@pytest.mark.parametrize("path", ["/static/manage/..", "/static/manage/x.js", "/static/manage/", "/static/other/a.js"])
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code == 404
