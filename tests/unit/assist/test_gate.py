"""The gate: so many at work, so many that wait, first come, first served, and nobody in vain."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from assist.gate import Gate
from assist.unavailable import Unavailable

LONG = 30.0


@dataclass
class Clock:
    """Tells the time that it was set to."""

    time: float = 100.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Worker:
    """Works in a thread of its own until it is told to end."""

    gate: Gate
    arrived: float
    began: threading.Event = field(default_factory=threading.Event)
    end: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> str:
        with self.gate.work(self.arrived):
            self.began.set()
            assert self.end.wait(LONG)
        return "done"


@contextmanager
def _pool():
    with ThreadPoolExecutor(max_workers=8) as pool:
        yield pool


def _fail_sometimes(number: int) -> None:
    if number % 5 == 0:
        raise KeyError(number)


def _wait_until_queued(gate: Gate, count: int) -> None:
    """Return once so many wait in the gate."""
    pause = threading.Event()
    for _ in range(2_000):
        if gate.load() == (1, count):
            return
        pause.wait(0.005)
    pytest.fail(f"found {gate.load()} at work and waiting, expected {(1, count)}")


def test_what_fits_works_at_once() -> None:
    gate = Gate(at_work=2, waiting=0)
    with gate.work(gate.now()), gate.work(gate.now()):
        pass
    with gate.work(gate.now()):
        pass


def test_what_does_not_fit_is_refused_at_once_and_told_when_to_come_back() -> None:
    gate = Gate(at_work=1, waiting=0)
    with gate.work(gate.now()), pytest.raises(Unavailable, match="1 requests are at work and 0 wait") as refused:
        gate.work(gate.now()).__enter__()
    assert refused.value.retry_after_s >= 1


def test_a_place_is_free_again_after_an_error() -> None:
    gate = Gate(at_work=1, waiting=0)
    with pytest.raises(ValueError, match="fault"), gate.work(gate.now()):
        raise ValueError("fault")
    with gate.work(gate.now()):
        pass


def test_who_came_first_works_first_and_nobody_overtakes() -> None:
    gate = Gate(at_work=1, waiting=2, deadline_s=LONG)
    with _pool() as pool:
        workers = [Worker(gate, gate.now()) for _ in range(3)]
        futures: list[Future[str]] = []
        for number, worker in enumerate(workers):
            futures.append(pool.submit(worker))
            if number == 0:
                assert worker.began.wait(LONG)
            _wait_until_queued(gate, number)
        with pytest.raises(Unavailable, match="2 wait"):
            gate.work(gate.now()).__enter__()
        for number, worker in enumerate(workers):
            assert worker.began.wait(LONG)
            assert not any(later.began.is_set() for later in workers[number + 1 :])
            worker.end.set()
        assert [future.result(LONG) for future in futures] == ["done"] * 3


def test_work_that_arrived_too_long_ago_does_not_begin() -> None:
    clock = Clock()
    gate = Gate(at_work=1, waiting=1, deadline_s=2.0, clock=clock)
    arrived = gate.now()
    clock.time += 2.0
    with pytest.raises(Unavailable, match="could not be done within 2 s"):
        gate.work(arrived).__enter__()


def test_who_waits_to_the_deadline_is_refused_and_leaves_the_queue() -> None:
    gate = Gate(at_work=1, waiting=1, deadline_s=0.05)
    with gate.work(gate.now()):
        for _ in range(3):  # each finds the queue as empty as the first did
            with pytest.raises(Unavailable, match="could not be done"):
                gate.work(gate.now()).__enter__()
    with gate.work(gate.now()):
        pass


def _works(gate: Gate, clock: Clock, seconds: float, *, times: int) -> None:
    for _ in range(times):
        with gate.work(gate.now()):
            clock.time += seconds


def test_who_would_wait_too_long_is_refused_at_once() -> None:
    clock = Clock()
    gate = Gate(at_work=1, waiting=9, deadline_s=1.0, clock=clock)
    _works(gate, clock, 0.9, times=50)
    with gate.work(gate.now()), pytest.raises(Unavailable, match="1 requests are at work and 0 wait"):
        gate.work(gate.now()).__enter__()


@contextmanager
def _asking(
    gate: Gate, clock: Clock, count: int, *, seconds: float = 0.0, arrived: float | None = None
) -> Iterator[None]:
    """Have one work and the others wait; when the block ends, each works so many seconds and is done."""
    with _pool() as pool:
        workers = [Worker(gate, gate.now() if arrived is None else arrived) for _ in range(count)]
        futures: list[Future[str]] = []
        for number, worker in enumerate(workers):
            futures.append(pool.submit(worker))
            assert number or worker.began.wait(LONG)
            _wait_until_queued(gate, number)
        yield
        for worker in workers:
            assert worker.began.wait(LONG)
            clock.time += seconds
            worker.end.set()
        assert [future.result(LONG) for future in futures] == ["done"] * count


def test_where_many_are_refused_fewer_wait() -> None:
    clock = Clock()
    gate = Gate(at_work=1, waiting=2, deadline_s=60.0, clock=clock)
    _works(gate, clock, 21.0, times=50)
    with _asking(gate, clock, 3, seconds=21.0):  # the last expects 42 seconds, less than eight tenths of the deadline
        for _ in range(100):
            with pytest.raises(Unavailable, match="2 wait"):
                gate.work(gate.now()).__enter__()
    with _asking(gate, clock, 2, seconds=21.0), pytest.raises(Unavailable, match="1 wait"):
        gate.work(gate.now()).__enter__()


def test_who_waits_too_long_to_be_answered_in_time_is_refused_before_the_deadline() -> None:
    clock = Clock()
    gate = Gate(at_work=1, waiting=1, deadline_s=1000.0, clock=clock)
    _works(gate, clock, 300.0, times=50)
    arrived = gate.now()
    clock.time += 800.0
    with _pool() as pool, gate.work(gate.now()):
        refused = pool.submit(gate.work(arrived).__enter__)
        assert "could not be done within 1000 s" in str(refused.exception(LONG))
    with gate.work(arrived):
        pass  # whoever need not wait is let in up to the deadline


def test_half_of_the_deadline_may_be_waited_however_long_work_takes() -> None:
    clock = Clock()
    gate = Gate(at_work=1, waiting=1, deadline_s=1000.0, clock=clock)
    _works(gate, clock, 700.0, times=50)
    arrived = gate.now()
    clock.time += 400.0
    with _asking(gate, clock, 2, arrived=arrived):
        pass


def test_who_need_not_wait_is_let_in_however_long_work_takes() -> None:
    clock = Clock()
    gate = Gate(at_work=2, waiting=0, deadline_s=1.0, clock=clock)
    _works(gate, clock, 5.0, times=50)
    with gate.work(gate.now()), gate.work(gate.now()):
        pass


def test_the_expectation_follows_work_that_became_quick_again() -> None:
    clock = Clock()
    gate = Gate(at_work=1, waiting=1, deadline_s=1.0, clock=clock)
    _works(gate, clock, 5.0, times=50)
    _works(gate, clock, 0.01, times=50)
    with _asking(gate, clock, 2):
        pass


def test_never_more_than_allowed_are_at_work_whatever_happens() -> None:
    gate = Gate(at_work=3, waiting=4, deadline_s=LONG)
    lock = threading.Lock()
    busy, most, outcomes = 0, 0, []

    def one(number: int) -> None:
        nonlocal busy, most
        try:
            with gate.work(gate.now()):
                with lock:
                    busy += 1
                    most = max(most, busy)
                threading.Event().wait(0.001 * (number % 3))
                with lock:
                    busy -= 1
                _fail_sometimes(number)
        except (Unavailable, KeyError) as error:
            outcomes.append(type(error))
        else:
            outcomes.append(None)

    with ThreadPoolExecutor(max_workers=16) as pool:
        list(pool.map(one, range(400)))

    assert len(outcomes) == 400
    assert busy == 0
    assert gate.load() == (0, 0)
    assert 1 <= most <= 3
    with gate.work(gate.now()), gate.work(gate.now()), gate.work(gate.now()):
        pass  # no place was lost
