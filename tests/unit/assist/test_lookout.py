"""Looking now and then: at once, again and again, past any fault, and no more once it is stopped."""

from __future__ import annotations

import logging
import threading

import pytest

from assist.lookout import Lookout
from tests.lookouts import looked_after

LONG = 30.0


class Looks:
    """Counts looks; ``faults`` says what is wrong at each of them, nothing after the last."""

    def __init__(self, *faults: type[Exception] | None, wanted: int = 1) -> None:
        self.number = 0
        self.enough = threading.Event()
        self._faults, self._wanted = faults, wanted

    def __call__(self) -> None:
        fault = self._faults[self.number] if self.number < len(self._faults) else None
        self.number += 1
        if self.number >= self._wanted:
            self.enough.set()
        if fault is not None:
            raise fault("Frau Müller, 0171 2345678")


def test_it_looks_at_once_and_begins_only_when_it_is_told_to() -> None:
    looks = Looks()
    lookout = Lookout("test", looks, every_s=LONG)
    assert not looks.enough.wait(0.05)
    lookout.start()
    assert looks.enough.wait(LONG)
    lookout.stop()
    assert looks.number == 1


def test_it_looks_again_and_again_until_it_is_stopped_and_then_no_more() -> None:
    looks = Looks(wanted=3)
    with looked_after(looks, every_s=0.001):
        assert looks.enough.wait(LONG)
    number = looks.number
    assert number >= 3
    assert not threading.Event().wait(0.02)
    assert looks.number == number


def test_stopping_does_not_wait_for_the_next_look() -> None:
    with looked_after(Looks(), every_s=3_600):
        pass  # would stand here for an hour


def test_stopping_waits_for_the_look_that_is_under_way() -> None:
    begun, go_on = threading.Event(), threading.Event()
    ended: list[str] = []

    def look() -> None:
        begun.set()
        go_on.wait(LONG)
        ended.append("look")

    lookout = Lookout("test", look, every_s=LONG)
    lookout.start()
    assert begun.wait(LONG)
    stopping = threading.Thread(target=lookout.stop)
    stopping.start()
    assert ended == []
    go_on.set()
    stopping.join(LONG)
    assert ended == ["look"]


def test_one_that_was_never_started_can_be_stopped() -> None:
    Lookout("test", Looks(), every_s=LONG).stop()


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        ((OSError,) * 4, 1),
        ((OSError, ValueError, ValueError, OSError), 3),
        ((OSError, None, OSError, OSError), 2),
        ((None,) * 4, 0),
    ],
    ids=["the same is told once", "another one is told, too", "after a good look it is told again", "none"],
)
def test_a_look_that_fails_is_told_once_and_does_not_end_the_looking(
    faults: tuple[type[Exception] | None, ...], told: int, caplog: pytest.LogCaptureFixture
) -> None:
    looks = Looks(*faults, wanted=5)
    with looked_after(looks, every_s=0.001):
        assert looks.enough.wait(LONG)
    assert len(caplog.records) == told
    assert {record.levelno for record in caplog.records} <= {logging.ERROR}


def test_what_is_told_names_the_thread_and_the_place_and_never_quotes(caplog: pytest.LogCaptureFixture) -> None:
    looks = Looks(ValueError, wanted=2)
    lookout = Lookout("key-watch", looks, every_s=0.001)
    lookout.start()
    assert looks.enough.wait(LONG)
    lookout.stop()
    assert "key-watch failed, and is tried again every 0.001 s: builtins.ValueError at " in caplog.text
    assert "Müller" not in caplog.text


def test_threads_bear_the_name_and_let_the_process_end() -> None:
    seen: list[threading.Thread] = []
    looks = Looks()

    def look() -> None:
        seen.append(threading.current_thread())
        looks()

    lookout = Lookout("observer", look, every_s=LONG)
    lookout.start()
    assert looks.enough.wait(LONG)
    lookout.stop()
    (thread,) = seen
    assert (thread.name, thread.daemon) == ("observer", True)
