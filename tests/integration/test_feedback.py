"""From a suggestion to what history learns: ids, feedback, the next build."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from assist.app import create_app
from assist.bootstrap import Runtime, build_runtime
from assist.settings import Settings
from assist.signing import AskedFor, SuggestionSigner, load_secret
from corpus.models import KINDS
from corpus.privacy.agents import open_agent_keys
from corpus.times import now_utc, parse_time
from index.builder import build
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from tests.conftest import Build, WriteCorpus, small_corpus

AS_OF = "2026-11-05T12:00:00Z"
Ask = Callable[..., Any]


@pytest.fixture
def runtime(index_settings: IndexSettings, build_index: Build, write_corpus: WriteCorpus) -> Runtime:
    rows = small_corpus()
    for case in rows["cases"]:
        for kind in ("articles", "templates", "actions"):
            case[kind] = [] if case["id"] in ("c4", "c5") else case[kind]
    build_index(write_corpus(rows))
    runtime = build_runtime(Settings(index=index_settings))
    runtime.keys.refresh()
    runtime.live.refresh()
    return runtime


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime.services).test_client()


def ask(client: FlaskClient, text: str, **case: Any) -> Any:
    body = {
        "case": {"description": text, **case},
        "context": {"agent": {"id": "a-7", "name": "Jana Weiß"}},
        "min_confidence": 0,
        "limit": 20,
        "as_of": AS_OF,
    }
    reply = client.post("/v1/suggest", json=body)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return reply.json


def test_a_suggestion_id_says_whom_it_is_for_and_no_name(client: FlaskClient, index_settings: IndexSettings) -> None:
    found = ask(client, "Rechnung doppelt", id="c-99", channel="chat", language="de-AT")
    again = ask(client, "Rechnung doppelt", id="c-99", channel="chat", language="de-AT")
    agent = open_agent_keys(index_settings.agent_keys, now_utc()).pseudonym("a-7", parse_time(AS_OF))
    signer = SuggestionSigner(load_secret(index_settings.var))
    ids = [item["suggestion_id"] for kind in (*KINDS[:3], "similar_cases") for item in found[kind]]

    assert agent is not None
    assert ids
    assert {signer.read(each).asked_for for each in ids} == {
        AskedFor(case_id="c-99", channel="chat", language="de", agent=agent)
    }
    assert ids == [item["suggestion_id"] for kind in (*KINDS[:3], "similar_cases") for item in again[kind]]
    assert max(map(len, ids)) < 600


def test_what_was_sent_in_a_case_teaches_from_the_next_build_on(
    client: FlaskClient, runtime: Runtime, index_settings: IndexSettings
) -> None:
    question = "Internet geht nicht, Lampe blinkt rot"

    def said() -> list[str]:
        (item,) = [item for item in ask(client, question)["articles"] if item["id"] == "stoerung"]
        return [reason["text"] for reason in item["reasons"] if reason["kind"] == "history"]

    assert said() == []
    for number, case in enumerate(("c4", "c5")):
        (item,) = [item for item in ask(client, question, id=case)["articles"] if item["id"] == "stoerung"]
        event = {"key": f"k{number}", "suggestion_id": item["suggestion_id"], "event": "sent", "at": AS_OF}
        assert client.post("/v1/feedback", json={"events": [event]}).json["accepted"] == 1
    assert said() == []

    build(index_settings, open_encoder("toy", index_settings.models), None, SilentReporter())
    runtime.live.refresh()
    assert said() != []
    similar = {item["id"]: item["articles"] for item in ask(client, question)["similar_cases"]}
    assert similar["c4"] == []
