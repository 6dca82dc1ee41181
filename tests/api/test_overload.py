"""Too much to do: what does not fit is refused at once, probes are not, and late work does not begin."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from assist.app import create_app
from assist.gate import Gate
from tests.local_services import local_services

WAIT = 30.0
ASK = {"case": {"subject": "Rechnung"}}


class SlowEngine:
    """Answers once it is told to."""

    def __init__(self, engine) -> None:
        self.engine = engine
        self.began = threading.Event()
        self.go = threading.Event()

    def suggest(self, request):
        self.began.set()
        assert self.go.wait(WAIT)
        return self.engine.suggest(request)

    def search(self, request):
        return self.engine.search(request)

    def render(self, request):
        return self.engine.render(request)

    def record(self, kind, record_id, audiences):
        return self.engine.record(kind, record_id, audiences)


@pytest.fixture
def slow(engine, source):
    source.current = SlowEngine(engine)
    return source.current


def _app(source, **gate):
    return create_app(local_services(source, gate=Gate(**gate)))


@pytest.fixture
def busy(slow, source):
    """An application that is at work on one request and may take no other."""
    app = _app(source, at_work=1, waiting=0, deadline_s=WAIT)
    with ThreadPoolExecutor(max_workers=1) as pool:
        asked = pool.submit(lambda: app.test_client().post("/v1/suggest", json=ASK))
        assert slow.began.wait(WAIT)
        yield app.test_client()
        slow.go.set()
        assert asked.result(WAIT).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/suggest", ASK),
        ("POST", "/v1/search", {"query": "Rechnung"}),
        ("GET", "/v1/articles/kb-1", None),
        ("GET", "/v1/cases/c-1", None),
    ],
)
def test_what_is_too_much_is_a_503_with_retry_after(busy, misfits, method, path, body):
    reply = busy.open(path, method=method, json=body)

    assert (reply.status_code, reply.content_type) == (503, "application/problem+json")
    assert int(reply.headers["Retry-After"]) >= 1
    assert "as many as may" in reply.get_json()["detail"]
    assert misfits(reply.get_json(), "ProblemAnswer") == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/version", "/openapi.json", "/docs"])
def test_probes_and_documents_are_never_refused(busy, path):
    assert busy.get(path).status_code == 200


@pytest.mark.parametrize(("data", "status"), [(b"[", 400), (b"[]", 422)])
def test_a_bad_request_is_told_so_even_now(busy, data, status):
    assert busy.post("/v1/suggest", data=data, content_type="application/json").status_code == status


def test_work_that_would_begin_after_the_deadline_is_refused(slow, source):
    app = _app(source, at_work=1, waiting=1, deadline_s=0.2)
    with ThreadPoolExecutor(max_workers=1) as pool:
        first = pool.submit(lambda: app.test_client().post("/v1/suggest", json=ASK))
        assert slow.began.wait(WAIT)
        second = app.test_client().post("/v1/suggest", json=ASK)
        slow.go.set()
        assert first.result(WAIT).status_code == 200
    assert second.status_code == 503
    assert "could not be done within 0.2 s" in second.get_json()["detail"]
    assert int(second.headers["Retry-After"]) >= 1


def test_a_failed_request_leaves_its_place(source, engine):
    client = _app(source, at_work=1, waiting=0).test_client()
    engine.fault = ValueError("broken")
    assert client.post("/v1/suggest", json=ASK).status_code == 500
    engine.fault = None
    assert client.post("/v1/suggest", json=ASK).status_code == 200
