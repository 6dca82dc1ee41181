"""The service as it is deployed: whoever does not speak proper HTTP gets one problem, and the others notice nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assist.api.answers import ProblemAnswer
from tests.conftest import small_corpus
from tests.security.wire import WAIT, Wired, ask, request

GOOD = {"case": {"description": "Die Rechnung wurde doppelt abgebucht"}, "min_confidence": 0}
CANARY = "KANARIENVOGEL"
JSON = "Content-Type: application/json"
CHUNKED = "Transfer-Encoding: chunked"
BODY = json.dumps(GOOD).encode("utf-8")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    folder: Path = tmp_path_factory.mktemp("wire")
    corpus = folder / "corpus"
    corpus.mkdir()
    for kind, rows in small_corpus().items():
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (corpus / f"{kind}.jsonl").write_text(lines, encoding="utf-8")
    # A busy machine must not make a slow test look like a late request.
    running = Wired(folder, corpus, ASSIST_DEADLINE_MS="25000")
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


def _chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def _post(body: bytes, *headers: str) -> bytes:
    return request("POST", "/v1/suggest", body, JSON, *headers)


NOT_HTTP = {
    "no request line": (b"KANARIENVOGEL\r\n\r\n", 400),
    "an unknown version": (b"GET /healthz HTTP/9.9\r\n\r\n", 400),
    "a header without name": (request("GET", "/healthz", b"", ": KANARIENVOGEL"), 400),
    "a header that goes on": (request("GET", "/healthz", b"", "X-Request-Id: a\r\n KANARIENVOGEL: b"), 400),
    "a NUL in a header": (request("GET", "/healthz", b"", "X-Request-Id: KANARIENVOGEL\x00"), 400),
    "a bare line feed in a header": (request("GET", "/healthz", b"", "X-Request-Id: a\nX-KANARIENVOGEL : b"), 400),
    "a space in a path": (b"GET /KANARIENVOGEL b c HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "a length that is no number": (_post(BODY, "Content-Length: KANARIENVOGEL"), 400),
    "a negative length": (_post(BODY, "Content-Length: -1"), 400),
    "two lengths": (_post(BODY, f"Content-Length: {len(BODY)}", "Content-Length: 5"), 400),
    "a length and chunks": (_post(_chunks(BODY), CHUNKED, "Content-Length: 5"), 400),
    "an unknown coding": (_post(BODY, "Transfer-Encoding: KANARIENVOGEL"), 400),
    "chunks twice": (_post(_chunks(BODY), CHUNKED, CHUNKED), 400),
    "a long path": (request("GET", "/" + "KANARIENVOGEL" * 1_000), 414),
    "a long header": (request("GET", "/healthz", b"", "X-A: " + "KANARIENVOGEL" * 2_000), 431),
    "many headers": (request("GET", "/healthz", b"", *(f"X-{number}: a" for number in range(500))), 431),
}
BROKEN = {
    "a chunk size that is none": _post(b"KANARIENVOGEL\r\n" + BODY + b"\r\n0\r\n\r\n", CHUNKED),
    "a chunk size that is too large": _post(b"fffffffffffffffff\r\n" + BODY + b"\r\n0\r\n\r\n", CHUNKED),
    "a chunk without its end": _post(b"%x\r\n%sKANARIENVOGEL" % (len(BODY), BODY), CHUNKED),
    "fewer bytes than it says": _post(BODY, f"Content-Length: {len(BODY) + 100}"),
    "chunks that break off": _post(b"%x\r\n%s" % (len(BODY) + 50, BODY), CHUNKED),
}


@pytest.mark.parametrize("name", NOT_HTTP)
def test_what_is_not_http_is_a_problem_that_repeats_nothing(service: Wired, name: str) -> None:
    data, status = NOT_HTTP[name]
    (reply,) = service.send(data, end=True)

    assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json")
    problem = ProblemAnswer.model_validate(reply.json, strict=True)
    assert problem.status == status
    assert problem.request_id == reply.headers["x-request-id"]
    assert CANARY.encode() not in reply.body


@pytest.mark.parametrize("name", BROKEN)
def test_a_body_that_breaks_off_has_one_answer_and_it_is_no_5xx(service: Wired, name: str) -> None:
    found = service.send(BROKEN[name].replace(b"Connection: close", b"Connection: keep-alive"), end=True)

    assert len(found) <= 1  # none, where the service takes it for a client that is gone
    for reply in found:
        assert (reply.status, reply.headers["content-type"]) == (400, "application/problem+json")
        assert CANARY.encode() not in reply.body


def test_bytes_behind_a_body_are_no_part_of_it_and_no_second_request_of_another_kind(service: Wired) -> None:
    hidden = b"0\r\n\r\nGET /v1/articles/intern HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    found = service.send(_post(hidden, CHUNKED), end=True)

    assert [reply.status for reply in found] == [400]  # an empty body; what follows is dropped with the connection


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (ask(GOOD), 200),
        (_post(_chunks(BODY[:7], BODY[7:]), CHUNKED), 200),
        (_post(_chunks(b"[" * 200_000), CHUNKED), 400),
        (_post(_chunks(b" " * 600_000, b" " * 600_000), CHUNKED), 413),
        (_post(b"a" * 10_000_000), 413),
        (_post(b"\x1f\x8b" + BODY, "Content-Encoding: gzip"), 415),
        (request("POST", "/v1/suggest", BODY, "Content-Type: text/plain"), 415),
        (_post(b""), 400),
        (request("PUT", "/v1/suggest", BODY, JSON), 405),
        (request("BREW", "/v1/suggest", BODY, JSON), 405),
    ],
    ids=range(10),
)
def test_bodies_over_the_wire_get_what_they_get_without_it(service: Wired, data: bytes, status: int) -> None:
    (reply,) = service.send(data)

    assert reply.status == status
    assert reply.headers["content-type"] == ("application/json" if status == 200 else "application/problem+json")


def test_afterwards_it_answers_as_before_and_its_log_has_no_word_of_all_that(service: Wired) -> None:
    (reply,) = service.send(ask(GOOD))
    said = service.said.read_text(encoding="utf-8")

    assert (reply.status, reply.json["articles"][0]["id"]) == (200, "rechnung-doppelt")
    assert "Stichwort serves snapshot" in said
    assert '"route":"/v1/suggest","status":200' in said
    assert CANARY.casefold() not in said.casefold()
    assert "Traceback" not in said


def test_on_sigterm_a_request_at_work_is_finished_and_no_new_one_is_taken(service: Wired) -> None:
    whole = ask(GOOD)
    with service.connect() as begun:
        begun.sendall(whole[:-10])  # the service has begun to read it, and waits for the rest
        assert service.send(request("GET", "/healthz"))[0].status == 200
        service.process.terminate()
        _wait_until_refused(service)
        begun.sendall(whole[-10:])
        answer = begun.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert service.process.wait(30) == 0


def _wait_until_refused(service: Wired) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end and service.process.poll() is None:
        try:
            service.connect().close()
        except ConnectionRefusedError:
            return
        time.sleep(0.01)
    pytest.fail("it still takes connections, or ended before the request at work was finished")
