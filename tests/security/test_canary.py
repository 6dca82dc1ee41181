"""What a case says stays in its answer: no log, no error and no file has a word of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from assist.app import create_app
from assist.bootstrap import build_runtime
from assist.settings import Settings
from assist.suggest import Suggester
from index.settings import IndexSettings
from tests.conftest import Build, WriteCorpus, small_corpus

FIELDS = [
    "subject",
    "description",
    "message",
    "agent_message",
    "customer_id",
    "customer",
    "first_name",
    "last_name",
    "email",
    "agent_name",
    "draft",
    "product",
    "filter",
    "done",
    "context",
    "query",
    "case_id",
    "priority",
]
CANARY = {field: f"KANARI{number:02d}{field.replace('_', '').upper()}" for number, field in enumerate(FIELDS)}
QUESTION: dict[str, Any] = {
    "case": {
        "id": CANARY["case_id"],
        "subject": f"Rechnung {CANARY['subject']}",
        "description": f"Rechnung doppelt abgebucht {CANARY['description']}",
        "messages": [
            {"role": "customer", "text": CANARY["message"]},
            {"role": "agent", "text": CANARY["agent_message"]},
        ],
        "customer_id": CANARY["customer_id"],
        "customer": {"segment": CANARY["customer"]},
        "product": CANARY["product"],
        "priority": CANARY["priority"],
        "actions_done": [CANARY["done"]],
    },
    "context": {
        "contact": {
            "first_name": CANARY["first_name"],
            "last_name": CANARY["last_name"],
            "email": CANARY["email"],
        },
        "agent": {"name": CANARY["agent_name"]},
        "note": CANARY["context"],
    },
    "filters": {"category": [CANARY["filter"]]},
    "draft": CANARY["draft"],
    "min_confidence": 0,
}
SEARCH = {"query": f"Rechnung {CANARY['query']}", "filters": {"product": [CANARY["filter"]]}}
# Only these of the caller's words are part of an answer: they fill the templates, for the customer to read.
IN_ANSWERS = {"last_name"}


@pytest.fixture
def var(index_settings: IndexSettings) -> Path:
    return index_settings.var


@pytest.fixture
def client(write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings) -> FlaskClient:
    build_index(write_corpus(small_corpus()))
    runtime = build_runtime(Settings(index=index_settings))
    runtime.keys.refresh()
    runtime.live.refresh()
    return create_app(runtime.services).test_client()


def _found(text: str) -> set[str]:
    return {field for field, canary in CANARY.items() if canary.casefold() in text.casefold()}


def _everything_that_may_go_wrong(client: FlaskClient) -> Iterator[Any]:
    for path, body in (("/v1/suggest", QUESTION), ("/v1/search", SEARCH)):
        text = json.dumps(body, ensure_ascii=False)
        yield client.post(path, data=text, content_type="text/plain")
        yield client.post(path, data=text.encode("utf-16"), content_type="application/json")
        yield client.post(path, data=text + " " * 1_100_000, content_type="application/json")
        yield client.post(path, data=text, content_type="application/json", headers={"Content-Encoding": "gzip"})
        yield client.post(path, json={**body, "limit": 999})
        yield client.post(path, json={**body, "unknown": 1})
        yield client.get(path, query_string={"q": CANARY["query"]})
    yield client.get(
        "/v1/cases/never-was", query_string={"q": CANARY["query"]}, headers={"Authorization": CANARY["email"]}
    )


def test_no_log_line_and_no_file_has_a_word_of_a_request(
    client: FlaskClient, var: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    assert client.post("/v1/suggest", json=QUESTION).status_code == 200
    assert client.post("/v1/search", json=SEARCH).status_code == 200
    for field in ("case_id", "query"):
        client.get(f"/v1/articles/{CANARY[field]}")
    refused = list(_everything_that_may_go_wrong(client))
    probes = [client.get(path) for path in ("/healthz", "/readyz", "/version", "/openapi.json", "/metrics")]

    assert all(reply.status_code in (400, 404, 405, 413, 415, 422) for reply in refused)
    assert "route=/v1/suggest status=200" in caplog.text
    assert _found(caplog.text) == set()
    assert _found("".join(capfd.readouterr())) == set()
    assert set().union(*(_found(reply.get_data(as_text=True)) for reply in probes)) == set()
    written = [path for path in var.rglob("*") if path.is_file()]
    assert written
    assert set().union(*(_found(path.read_bytes().decode("latin-1")) for path in written)) == set()


def test_an_answer_repeats_only_what_fills_a_template(client: FlaskClient) -> None:
    answer = client.post("/v1/suggest", json=QUESTION).get_data(as_text=True)
    assert _found(answer) == IN_ANSWERS
    assert _found(client.post("/v1/search", json=SEARCH).get_data(as_text=True)) == set()


def test_an_error_has_no_word_of_a_request_but_the_one_at_fault(client: FlaskClient) -> None:
    for reply in _everything_that_may_go_wrong(client):
        assert _found(reply.get_data(as_text=True)) == set()
    wrong = {**QUESTION, "case": {**QUESTION["case"], "language": CANARY["subject"]}}
    told = client.post("/v1/suggest", json=wrong).get_data(as_text=True)
    assert _found(told) == {"subject"}  # what was found there, cut to sixty characters


@pytest.mark.parametrize("where", ["suggest", "search", "record"])
def test_a_fault_of_ours_is_logged_by_its_place_and_told_by_its_id(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    caplog.set_level(logging.DEBUG)

    def broken(*arguments: object, **named: object) -> None:
        raise RuntimeError(f"cannot answer {QUESTION} {SEARCH}") from KeyError(str(QUESTION))

    monkeypatch.setattr(Suggester, where, broken)
    asked = {
        "suggest": lambda: client.post("/v1/suggest", json=QUESTION),
        "search": lambda: client.post("/v1/search", json=SEARCH),
        "record": lambda: client.get(f"/v1/cases/{CANARY['case_id']}"),
    }
    reply = asked[where]()

    assert reply.status_code == 500
    assert reply.get_json()["request_id"] in caplog.text
    assert "builtins.RuntimeError" in caplog.text
    assert "caused by builtins.KeyError" in caplog.text
    assert _found(caplog.text) == set()
    # The path is that of the caller's own request line, and says where the problem occurred.
    problem = {**reply.get_json(), "instance": ""}
    assert _found(json.dumps(problem)) == set()
    assert "Error" not in problem["detail"]


def test_a_snapshot_that_cannot_be_opened_tells_nothing_of_its_records(
    client: FlaskClient, index_settings: IndexSettings, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(verified: object) -> Suggester:
        raise ValueError(f"cannot read {CANARY['description']}")

    runtime = build_runtime(Settings(index=index_settings))
    runtime.live._open = broken
    runtime.live.refresh()
    shown = create_app(runtime.services).test_client().get("/readyz")

    assert shown.status_code == 503
    assert "ValueError" in caplog.text
    assert _found(caplog.text + shown.get_data(as_text=True)) == set()
