"""A key may ask so often a minute, and no oftener."""

from __future__ import annotations

import threading

import pytest

from assist.rate import RateLimiter


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def passed(limiter: RateLimiter, times: int, key: str = "a") -> int:
    return sum(limiter.wait_s(key) == 0 for _ in range(times))


def test_a_minutes_worth_passes_at_once_and_then_no_more() -> None:
    limiter = RateLimiter(60, clock=Clock())
    assert passed(limiter, 100) == 60
    assert limiter.wait_s("a") == pytest.approx(1.0)


def test_it_says_when_the_next_one_passes() -> None:
    clock = Clock()
    limiter = RateLimiter(6, clock=clock)
    passed(limiter, 6)
    clock.now += 4
    assert limiter.wait_s("a") == pytest.approx(6.0)
    clock.now += 6.001
    assert limiter.wait_s("a") == 0


def test_over_any_time_the_rate_holds() -> None:
    clock = Clock()
    limiter = RateLimiter(60, clock=clock)
    passed(limiter, 60)
    through = 0
    for _ in range(600):
        clock.now += 1
        through += passed(limiter, 3)
    assert 598 <= through <= 600


def test_a_long_pause_saves_no_more_than_one_minutes_worth() -> None:
    clock = Clock()
    limiter = RateLimiter(5, clock=clock)
    passed(limiter, 5)
    clock.now += 86_400
    assert passed(limiter, 50) == 5


def test_one_key_takes_nothing_from_another() -> None:
    limiter = RateLimiter(3, clock=Clock())
    assert (passed(limiter, 10, "a"), passed(limiter, 10, "b")) == (3, 3)


def test_zero_sets_no_limit() -> None:
    assert passed(RateLimiter(0, clock=Clock()), 10_000) == 10_000


def test_threads_together_get_no_more_than_one_alone() -> None:
    limiter = RateLimiter(1_000, clock=Clock())
    through: list[int] = []
    threads = [threading.Thread(target=lambda: through.append(passed(limiter, 500))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(through) == 1_000


def test_a_clock_that_seems_to_go_back_gives_and_takes_nothing() -> None:
    clock = Clock()
    limiter = RateLimiter(60, clock=clock)
    passed(limiter, 60)
    clock.now -= 30
    assert limiter.wait_s("a") > 0
    clock.now += 30
    assert limiter.wait_s("a") > 0
