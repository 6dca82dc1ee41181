"""Every error is a problem (RFC 9457) with a request id, and nothing of a case leaks on the way."""

from __future__ import annotations

import logging

import pytest
from werkzeug.exceptions import TooManyRequests

from assist.errors import ProblemError
from assist.services import Readiness, Unavailable
from corpus.store_errors import StoreAwayError, StoreBusyError
from corpus.wording import Problem

QUESTION = {"case": {"subject": "GEHEIM-4711", "messages": [{"role": "customer", "text": "GEHEIM-4711"}]}}


def _check(reply, status, misfits):
    problem = reply.get_json()
    assert (reply.status_code, reply.content_type) == (status, "application/problem+json")
    assert misfits(problem, "ProblemAnswer") == []
    assert problem["status"] == status
    assert problem["request_id"] == reply.headers["X-Request-Id"]
    assert reply.headers["Cache-Control"] == "no-store"
    return problem


def test_404(client, misfits):
    problem = _check(client.get("/v1/nirgends?q=GEHEIM"), 404, misfits)

    assert problem["instance"] == "/v1/nirgends"


def test_405_names_the_methods(client, misfits):
    reply = client.get("/v1/suggest")

    _check(reply, 405, misfits)
    assert set(reply.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize("path", ["/v1/suggest/", "/healthz/", "/docs/", "/v1//suggest"])
def test_nothing_is_redirected(client, misfits, path):
    _check(client.get("/", environ_overrides={"PATH_INFO": path}), 404, misfits)


def test_429(client, engine, misfits):
    engine.fault = TooManyRequests(retry_after=7)

    reply = client.post("/v1/suggest", json=QUESTION)

    _check(reply, 429, misfits)
    assert reply.headers["Retry-After"] == "7"


def test_503_while_there_is_no_snapshot(client, source, misfits):
    source.current = None

    for reply in (client.post("/v1/suggest", json=QUESTION), client.get("/v1/articles/kb-1")):
        _check(reply, 503, misfits)
        assert int(reply.headers["Retry-After"]) >= 1
    assert client.post("/v1/suggest", data=b"[").status_code == 415  # a bad question stays one


def test_503_when_the_engine_is_overloaded(client, engine, misfits):
    engine.fault = Unavailable("More requests wait than can be answered in time", retry_after_s=2)

    reply = client.post("/v1/search", json={"query": "a"})

    assert "More requests wait" in _check(reply, 503, misfits)["detail"]
    assert reply.headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    ("error", "retry_after", "said"),
    [(StoreBusyError, "5", "locked by another process"), (StoreAwayError, "30", "cannot be used now")],
)
def test_a_store_that_is_locked_or_away_is_a_503_that_says_when_to_come_back(
    client, engine, misfits, caplog, error, retry_after, said
):
    engine.fault = error("The database /srv/geheim/stichwort.db is locked")

    reply = client.get("/v1/articles/kb-1")

    problem = _check(reply, 503, misfits)
    assert reply.headers["Retry-After"] == retry_after
    assert said in problem["detail"]
    assert "geheim" not in reply.get_data(as_text=True)
    assert "/srv/geheim/stichwort.db" in caplog.text


@pytest.mark.parametrize("status", [401, 403, 409, 412, 418])
def test_any_status_can_be_a_problem(client, engine, misfits, status):
    engine.fault = ProblemError(status, errors=[Problem("/events/0", "used before")])

    problem = _check(client.post("/v1/suggest", json=QUESTION), status, misfits)

    assert problem["errors"] == [{"pointer": "/events/0", "detail": "used before"}]


def test_500_is_reported_briefly_and_logged_fully_without_text(client, engine, misfits, caplog):
    caplog.set_level(logging.DEBUG)
    engine.fault = ValueError("cannot encode GEHEIM-4711")
    engine.fault.__cause__ = KeyError("GEHEIM-4711")

    reply = client.post("/v1/suggest", json=QUESTION, headers={"X-Request-Id": "anfrage-1"})

    _check(reply, 500, misfits)
    assert b"GEHEIM" not in reply.get_data()
    assert b"ValueError" not in reply.get_data()
    assert "GEHEIM" not in caplog.text
    (fault,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    for told in ("request_id=anfrage-1", "builtins.ValueError", "builtins.KeyError", "conftest.py", "suggest"):
        assert told in fault.getMessage()


@pytest.mark.parametrize(
    "body",
    [QUESTION, {**QUESTION, "GEHEIM-4711": 1}, {"case": {"subject": "GEHEIM-4711", "language": "GEHEIM-4711"}}],
)
def test_logs_hold_ids_sizes_and_times_only(client, caplog, body):
    caplog.set_level(logging.DEBUG)

    client.post("/v1/suggest?token=GEHEIM-4711", json=body)
    client.post("/v1/suggest", data=b'{"GEHEIM-4711', headers={"Content-Type": "application/json"})
    client.get("/v1/GEHEIM-4711")
    client.open("/healthz", method="GEHEIM-4711")

    assert "GEHEIM" not in caplog.text
    assert "route=/v1/suggest status=" in caplog.text


def test_a_sane_request_id_is_kept(client):
    assert client.get("/healthz", headers={"X-Request-Id": "crm_2026.05-1"}).headers["X-Request-Id"] == "crm_2026.05-1"


@pytest.mark.parametrize("sent", ["", "a" * 65, "a b", "a\tb", "<script>", "ä", "a,b"])
def test_any_other_request_id_is_replaced(client, sent):
    given = client.get("/healthz", headers={"X-Request-Id": sent}).headers["X-Request-Id"]

    assert given != sent
    assert len(given) == 32


def test_request_ids_differ(client):
    assert len({client.get("/healthz").headers["X-Request-Id"] for _ in range(20)}) == 20


@pytest.mark.parametrize("path", ["/healthz", "/v1/nirgends", "/openapi.json", "/docs", "/v1/articles/kb-1"])
def test_every_answer_has_the_security_headers(client, path):
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"]
    assert headers["X-Request-Id"]


def test_head_and_options(client):
    head, options = client.head("/v1/articles/kb-1"), client.options("/v1/suggest")

    assert (head.status_code, head.get_data(), bool(head.headers["ETag"])) == (200, b"", True)
    assert options.status_code == 200
    assert "POST" in options.headers["Allow"]


def test_liveness_does_not_depend_on_a_snapshot(client, source):
    source.current = None
    source.readiness = Readiness(status="starting", reasons=("the first snapshot is being opened",))

    assert client.get("/healthz").get_json() == {"status": "ok"}


@pytest.mark.parametrize(("status", "code"), [("ok", 200), ("degraded", 200), ("starting", 503)])
def test_readiness(client, source, misfits, status, code):
    source.readiness = Readiness(status=status, reasons=("why",), snapshot="snap-1")

    reply = client.get("/readyz")

    assert reply.status_code == code
    assert reply.get_json() == {"status": status, "reasons": ["why"], "snapshot": "snap-1"}
    assert misfits(reply.get_json(), "ReadyAnswer") == []
    assert ("Retry-After" in reply.headers) == (code == 503)


def test_version(client, misfits):
    answer = client.get("/version").get_json()

    assert answer == {"name": "stichwort", "version": "1.2.3", "encoder": "fake-encoder"}
    assert misfits(answer, "VersionAnswer") == []
