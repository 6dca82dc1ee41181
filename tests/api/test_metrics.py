"""/metrics and the log line of a request: numbers, routes and ids, and never a word of a case or of a person."""

from __future__ import annotations

import io
import json
import logging

import pytest
from prometheus_client.parser import text_string_to_metric_families

from assist.app import create_app
from assist.feedback_tally import FeedbackTally
from assist.gate import Gate
from assist.logs import formatter_of
from assist.metrics import WorkerState
from assist.prometheus import PrometheusMetrics
from tests.local_services import local_services

CANARY = "KANARIENVOGEL"
QUESTION = {
    "case": {
        "id": f"{CANARY}-1",
        "subject": f"Rechnung {CANARY}",
        "messages": [{"role": "customer", "text": f"Ich heiße {CANARY}"}],
        "customer_id": CANARY,
    },
    "context": {"agent": {"name": CANARY}, "contact": {"last_name": CANARY}},
}
LOCAL = {"REMOTE_ADDR": "127.0.0.1"}
AFAR = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def watched(source):
    """Return a client of an application whose figures are for every program on this machine."""
    return create_app(local_services(source, metrics_for="loopback")).test_client()


def figures(client):
    """Return every sample by its name and labels."""
    reply = client.get("/metrics", environ_base=LOCAL)
    assert reply.status_code == 200
    assert reply.content_type == "text/plain; version=0.0.4; charset=utf-8"
    return samples(reply.get_data(as_text=True))


def samples(text):
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found, name, **labels):
    return found.get((f"stichwort_{name}", frozenset(labels.items())))


def test_requests_are_counted_by_route_and_status(watched):
    watched.post("/v1/suggest", json=QUESTION)
    watched.post("/v1/suggest", json={"case": {}, "unknown": 1})
    watched.get("/v1/articles/kb-1")
    watched.get("/v1/articles/nie-gesehen")

    found = figures(watched)

    for endpoint, method, status in (
        ("/v1/suggest", "POST", "200"),
        ("/v1/suggest", "POST", "422"),
        ("/v1/articles/<record_id>", "GET", "200"),
        ("/v1/articles/<record_id>", "GET", "404"),
    ):
        assert value(found, "requests_total", endpoint=endpoint, method=method, status=status) == 1
    assert value(found, "request_seconds_count", endpoint="/v1/suggest") == 2


def test_whatever_is_asked_for_unknown_paths_and_methods_count_as_one(watched):
    for number in range(20):
        watched.get(f"/{CANARY}/{number}")
        watched.open("/v1/suggest", method=f"BREW{number}")

    found = figures(watched)

    endpoints = {dict(labels).get("endpoint") for name, labels in found if name == "stichwort_requests_total"}
    methods = {dict(labels).get("method") for name, labels in found if name == "stichwort_requests_total"}
    assert (endpoints, methods) == ({"other"}, {"other"})
    assert value(found, "requests_total", endpoint="other", method="other", status="404") == 20


def test_what_was_suggested_is_counted_by_kind_and_timed_by_stage(watched):
    watched.post("/v1/suggest", json={**QUESTION, "kinds": ["articles", "templates"]})

    found = figures(watched)

    assert [value(found, "asked_total", kind=kind) for kind in ("articles", "templates", "actions")] == [1, 1, 0]
    assert [value(found, "suggestions_total", kind=kind) for kind in ("articles", "actions")] == [1, 0]
    assert value(found, "abstentions_total", kind="articles") == 0
    assert [value(found, "suggest_stage_seconds_count", stage=stage) for stage in ("wait", "encode", "whole")] == [
        1
    ] * 3
    assert value(found, "suggest_stage_seconds_sum", stage="encode") == pytest.approx(0.00123456)


def test_a_request_that_is_too_much_is_counted(source):
    client = create_app(
        local_services(source, gate=Gate(at_work=1, waiting=0, deadline_s=0), metrics_for="open")
    ).test_client()

    assert client.post("/v1/suggest", json=QUESTION).status_code == 503

    found = figures(client)
    assert (value(found, "refused_total", reason="late"), value(found, "refused_total", reason="full")) == (1, 0)


def test_no_figure_and_no_log_line_has_a_word_of_a_request(watched, caplog):
    caplog.set_level(logging.DEBUG)
    watched.post("/v1/suggest", json=QUESTION, headers={"User-Agent": CANARY, "Authorization": f"Bearer {CANARY}"})
    watched.post(f"/v1/search?q={CANARY}", json={"query": CANARY})
    watched.get(f"/v1/cases/{CANARY}")
    watched.get(f"/{CANARY}")
    watched.post("/v1/suggest", data=f'{{"{CANARY}": ', content_type="application/json")

    page = watched.get("/metrics", environ_base=LOCAL).get_data(as_text=True)
    lines = [formatter_of("json").format(record) for record in caplog.records]

    assert "stichwort_requests_total" in page
    assert sum("event" in json.loads(line) for line in lines) == 6
    for told in (page, *lines, *map(formatter_of("text").format, caplog.records)):
        assert CANARY.casefold() not in told.casefold()


def test_a_request_is_one_line_of_json_with_its_sizes_and_times(watched, engine, caplog):
    caplog.set_level(logging.INFO)
    reply = watched.post("/v1/suggest", json=QUESTION, headers={"X-Request-Id": "anfrage-7"})
    line = json.loads(formatter_of("json").format(caplog.records[-1]))

    told = {name: line[name] for name in ("event", "request_id", "key", "method", "route", "status", "snapshot")}
    assert told == {
        "event": "request",
        "request_id": "anfrage-7",
        "key": None,
        "method": "POST",
        "route": "/v1/suggest",
        "status": 200,
        "snapshot": engine.snapshot,
    }
    assert (line["bytes_in"], line["bytes_out"]) == (len(json.dumps(QUESTION)), len(reply.data))
    assert line["abstained"] == []
    assert line["stages_ms"]["encode"] == 1.23456
    assert line["took_ms"] >= line["stages_ms"]["whole"] >= 0


@pytest.mark.parametrize("sent", ["mit leerzeichen", "x" * 65, 'a"b', ""])
def test_an_id_that_is_not_well_formed_is_replaced(watched, sent):
    reply = watched.get("/healthz", headers={"X-Request-Id": sent})

    assert len(reply.headers["X-Request-Id"]) == 32
    assert reply.headers["X-Request-Id"] != sent


def test_figures_that_cannot_be_counted_cost_nobody_an_answer(source, caplog):
    class Broken(PrometheusMetrics):
        def answered(self, **facts):
            raise RuntimeError(CANARY)

        suggested = answered

    client = create_app(local_services(source, metrics=Broken(WorkerState, {}))).test_client()

    assert client.post("/v1/suggest", json={"case": {"subject": "Rechnung"}}).status_code == 200
    assert "not counted: builtins.RuntimeError" in caplog.text
    assert CANARY not in caplog.text


def test_figures_are_for_this_machine_or_for_a_key_that_manages(source, door):
    client = create_app(
        local_services(source, callers=door.callers, tokens=door.tokens, metrics_for="loopback")
    ).test_client()

    def status(where, **headers):
        return client.get("/metrics", environ_base=where, headers=headers).status_code

    assert status(LOCAL) == 200
    assert status(AFAR) == 401
    assert status({**LOCAL, "HTTP_X_FORWARDED_FOR": "192.0.2.7"}) == 401
    assert status(LOCAL, Host="evil.example") == 401
    assert status(AFAR, **door.headers("suggest")) == 403
    assert status(AFAR, **door.headers("manage")) == 200


def test_figures_may_need_a_key_everywhere_or_nowhere(source, door):
    doors = {"callers": door.callers, "tokens": door.tokens}
    closed = create_app(local_services(source, metrics_for="key", **doors)).test_client()
    opened = create_app(local_services(source, metrics_for="open", **doors)).test_client()

    assert closed.get("/metrics", environ_base=LOCAL).status_code == 401
    assert closed.get("/metrics", environ_base=LOCAL, headers=door.headers("manage")).status_code == 200
    assert opened.get("/metrics", environ_base=AFAR).status_code == 200
    assert opened.post("/v1/suggest", json=QUESTION, environ_base=AFAR).status_code == 401


def test_feedback_is_told_by_kind_and_event_once_ten_agents_stand_behind_it(source):
    metrics = PrometheusMetrics(WorkerState, {})
    client = create_app(local_services(source, metrics=metrics, metrics_for="open")).test_client()
    tally = FeedbackTally(metrics.took_feedback)
    for agent in range(9):
        tally.add([("articles", "opened", f"2026Q4-{agent}")] * 3)
    name = "feedback_events_total"

    assert value(figures(client), name, kind="articles", event="opened") is None
    tally.add([("articles", "opened", "2026Q4-9")])
    assert value(figures(client), name, kind="articles", event="opened") == 28


def test_a_fault_is_logged_as_json_by_its_place_without_its_message():
    stream = io.StringIO()
    log = logging.Logger("test")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter_of("json"))
    log.addHandler(handler)
    try:
        int(CANARY)
    except ValueError:
        log.exception("something\nwent wrong")

    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert told["message"] == "something\nwent wrong"
    assert told["fault"].startswith("builtins.ValueError at ")
    assert CANARY not in line
