"""What is sent, when, and what is made of the answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from benchmarks.load import Answered, poisson_arrivals, steady_arrivals, waiting_clients
from benchmarks.parts.sustained import same_answer


class _Answer(BaseHTTPRequestHandler):
    """Sends a request's body back, or refuses it with the status that it asks for."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(503 if b"refuse" in body else 200)
        self.send_header("Content-Length", str(len(body)))
        if b"refuse" in body:
            self.send_header("Retry-After", "30")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives it
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_request_that_is_due_is_sent_once_and_answers_are_kept_by_number(port: int) -> None:
    answered = steady_arrivals(port, ['{"n": 0}', '{"n": 1}', '{"n": 2}'], [0.0, 0.01, 0.02, 0.03, 0.04], keep=4)
    assert sorted(row[0] for row in answered.rows) == [0, 1, 2, 3, 4]
    assert answered.statuses == {"200": 5}
    assert len(answered.kept) == 4
    assert all(answer == {"n": number % 3} for number, answer in answered.kept.items())


def test_refusals_are_counted_as_errors_and_take_no_part_in_the_percentiles(port: int) -> None:
    answered = steady_arrivals(port, ['{"n": 0}', '{"refuse": 1}'], [0.0, 0.0, 0.0, 0.0], keep=0)
    summary = answered.summary()
    assert (summary["statuses"], summary["errors"], summary["milliseconds"]["n"]) == ({"200": 2, "503": 2}, 2, 2)


def test_clients_wait_for_each_answer_and_ask_until_the_time_is_over(port: int) -> None:
    answered = waiting_clients(port, ['{"n": 0}'], clients=3, seconds=0.3)
    assert answered.errors == 0
    assert len({row[0] for row in answered.rows}) == len(answered.rows) >= 3


def test_a_client_that_is_refused_does_not_come_back_before_it_is_asked_to(port: int) -> None:
    answered = waiting_clients(port, ['{"refuse": 1}'], clients=3, seconds=0.3)
    assert answered.statuses == {"503": 3}


def test_nobody_at_the_port_is_an_error_without_a_status() -> None:
    answered = steady_arrivals(1, ["{}"], [0.0, 0.0], keep=0)
    assert answered.summary() == {"milliseconds": None, "statuses": {"0": 2}, "errors": 2}


def test_only_good_answers_within_the_time_count_for_the_rate() -> None:
    rows = [(0, 0.0, 500.0, 200), (1, 1.9, 50.0, 200), (2, 1.9, 500.0, 200), (3, 0.5, 1.0, 503)]
    assert Answered(rows=rows, kept={}).rate(2.0) == 1.0


def test_arrivals_have_the_rate_that_is_asked_for_and_know_nothing_of_each_other() -> None:
    due = poisson_arrivals(40.0, 200.0, 7)
    gaps = [later - earlier for earlier, later in pairwise(due)]
    mean = sum(gaps) / len(gaps)
    deviation = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5
    assert len(due) == pytest.approx(8_000, rel=0.05)
    assert due[-1] < 200.0
    assert deviation == pytest.approx(mean, rel=0.05)  # as exponential gaps have it; even ones deviate by nothing
    assert due == poisson_arrivals(40.0, 200.0, 7)


def _answer(*items: tuple[str, float]) -> dict[str, object]:
    return {"articles": [{"id": key, "score": score} for key, score in items], "templates": []}


def test_answers_are_the_same_with_equal_items_in_order_and_scores_that_hardly_differ() -> None:
    one = _answer(("a", 2.0), ("b", 1.0))
    assert same_answer(one, _answer(("a", 2.000009), ("b", 1.0)))
    assert not same_answer(one, _answer(("a", 2.00002), ("b", 1.0)))
    assert not same_answer(one, _answer(("b", 1.0), ("a", 2.0)))
    assert not same_answer(one, _answer(("a", 2.0)))
