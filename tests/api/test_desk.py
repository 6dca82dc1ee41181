"""The agent desk: there only where it is asked for, free of inline scripts, with texts of its own."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import corpus
from assist.api.pages import page_files
from assist.app import create_app
from corpus.folder import read_cases
from tests.local_services import local_services

FILES = page_files("desk")
DEMO = Path(corpus.__file__).parent
CASES = json.loads(FILES["inbox.json"].content)
ALIKE = 0.4


@pytest.fixture
def at_desk(source):
    return create_app(local_services(source, desk=True)).test_client()


@pytest.mark.parametrize("path", ["/desk", "/static/desk/main.js", "/static/desk/inbox.json", "/desk/shortcodes"])
def test_without_the_setting_there_is_no_desk(client, at_desk, path):
    assert client.get(path).status_code == 404
    assert at_desk.get(path).status_code == 200


def test_the_page_may_load_from_here_only_and_be_framed_by_nobody(at_desk):
    policy = at_desk.get("/desk").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_nothing_in_it_is_inline_or_from_elsewhere_or_runs_what_it_is_given():
    page = FILES["index.html"].content.decode("utf-8")
    scripts = {name: file.content.decode("utf-8") for name, file in FILES.items() if name.endswith(".js")}
    unsafe = (
        r"https?://|innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function|localStorage|sessionStorage|cookie"
    )

    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page) == []
    assert len(scripts) > 5
    assert [name for name, text in scripts.items() if re.search(unsafe, text)] == []


def test_everything_that_it_names_is_served(at_desk):
    texts = [file.content.decode("utf-8") for file in FILES.values()]
    named = {path for text in texts for path in re.findall(r'"(/static/desk/[^"]+)"', text)}
    named |= {f"/static/desk/{name}" for text in texts for name in re.findall(r'from "\./([^"]+)"', text)}

    assert len(named) > 5
    for path in (*named, "/static/stichwort-panel.js"):
        assert at_desk.get(path).status_code == 200, path


def test_every_word_is_there_in_german_and_in_english():
    words = {
        language: set(re.findall(r'^  "([^"]+)":', FILES[f"words-{language}.js"].content.decode("utf-8"), re.MULTILINE))
        for language in ("de", "en")
    }
    texts = [file.content.decode("utf-8") for file in FILES.values()]
    used = {name for text in texts for name in re.findall(r'\bt\("([^"]+)"|data-word="([^"]+)"', text) for name in name}

    assert words["de"] == words["en"]
    assert len(used) > 20
    assert used - {""} - words["de"] == set()


def test_shortcodes_are_those_of_the_templates_that_the_caller_may_see(at_desk, keyed_services, door):
    (found,) = at_desk.get("/desk/shortcodes").get_json()["shortcodes"]
    keyed = create_app(replace(keyed_services, desk=True)).test_client()

    assert set(found) == {"shortcode", "id", "name", "language", "kind", "channels"}
    assert keyed.get("/desk").status_code == 200
    assert keyed.get("/desk/shortcodes").status_code == 401
    assert keyed.get("/desk/shortcodes", headers=door.headers("suggest")).status_code == 200
    assert keyed.get("/desk/shortcodes", headers=door.headers("feedback")).status_code == 403


def test_the_inbox_has_every_channel_both_languages_and_the_young_and_the_old():
    cases = [each["case"] for each in CASES]

    assert len(cases) >= 12
    assert {each["channel"] for each in cases} == {"email", "chat", "phone", "letter"}
    assert [each["language"] for each in cases].count("en") == 2
    assert any(each["customer"].get("alter_ab_65") for each in cases)
    assert any(each["customer"].get("alter_bis_27") for each in cases)
    assert len({each["id"] for each in cases}) == len(cases)


def test_a_case_of_the_inbox_is_one_that_the_service_takes(at_desk):
    for each in CASES:
        said = {} if "spoken" not in each else {"messages": [{"role": "customer", "text": each["spoken"]}]}
        reply = at_desk.post("/v1/suggest", json={"case": {**each["case"], **said}, "context": each["context"]})
        assert reply.status_code == 200, (each["name"], reply.get_json())


def test_no_case_of_the_inbox_is_one_that_the_demo_corpus_knows():
    known = [
        _words(_text(case)) for path in ("demo/cases.jsonl", "demo_cases.jsonl") for case in read_cases(DEMO / path)
    ]
    texts = {each["name"]: _words(" ".join([*_strings(each["case"]), each.get("spoken", "")])) for each in CASES}

    assert len(known) > 500
    nearest = {name: max(len(words & other) / len(words | other) for other in known) for name, words in texts.items()}
    assert {name: share for name, share in nearest.items() if share >= ALIKE} == {}


def _text(case):
    return " ".join(filter(None, (case.subject, case.description, *(message.text for message in case.messages))))


def _strings(case):
    return [case.get("subject", ""), case.get("description", ""), *(each["text"] for each in case.get("messages", ()))]


def _words(text):
    return set(re.findall(r"\w+", text.lower()))
