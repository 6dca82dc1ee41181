from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.activation_log import LOG, Activation, Direction, append_activation, replay
from index.snapshot import (
    NoSnapshotError,
    activate,
    current,
    list_snapshots,
    load_current_or_last_good,
    previous,
    rollback,
)

Publish = Callable[..., str]


@pytest.fixture
def three(var: Path, publish: Publish) -> tuple[str, str, str]:
    a, b, c = (publish(var, text, days=day) for day, text in enumerate("abc"))
    return a, b, c


def test_nothing_serves_before_the_first_activation(var: Path, publish: Publish) -> None:
    assert current(var) is None
    publish(var, "a", active=False)
    assert current(var) is None
    assert previous(var) is None


def test_the_pointer_is_an_id_and_a_newline(var: Path, three: tuple[str, str, str]) -> None:
    assert (var / "snapshots" / "CURRENT").read_bytes() == f"{three[2]}\n".encode()


def test_going_back_twice_goes_further_back(var: Path, three: tuple[str, str, str]) -> None:
    a, b, _ = three
    assert previous(var) == b
    assert rollback(var) == b
    assert rollback(var) == a == current(var)
    with pytest.raises(NoSnapshotError, match=r"found nothing to go back to among 3 snapshots.*make reindex"):
        rollback(var)
    assert current(var) == a


def test_a_build_after_going_back_has_the_one_gone_back_to_beneath_it(
    var: Path, three: tuple[str, str, str], publish: Publish
) -> None:
    _, b, _ = three
    rollback(var)
    publish(var, "d", days=4)
    assert rollback(var) == b


def test_an_old_one_activated_by_hand_can_be_undone(var: Path, three: tuple[str, str, str]) -> None:
    a, b, c = three
    activate(var, a)
    assert [rollback(var), rollback(var), rollback(var)] == [c, b, a]


def test_a_build_that_restores_old_content_can_be_undone(
    var: Path, three: tuple[str, str, str], publish: Publish
) -> None:
    assert publish(var, "a", days=5) == three[0]
    assert rollback(var) == three[2]


def test_activating_what_serves_already_changes_nothing(var: Path, three: tuple[str, str, str]) -> None:
    before = (var / "snapshots" / LOG).read_bytes()
    activate(var, three[2])
    assert (var / "snapshots" / LOG).read_bytes() == before
    assert previous(var) == three[1]


def test_going_back_passes_over_what_is_damaged_or_gone(
    var: Path, three: tuple[str, str, str], publish: Publish
) -> None:
    a, b, c = three
    publish(var, "d", days=4)
    shutil.rmtree(var / "snapshots" / c)
    (var / "snapshots" / b / "vectors.npy").write_bytes(b"")
    assert rollback(var) == a
    assert previous(var) is None


def test_one_never_activated_is_not_gone_back_to(var: Path, publish: Publish) -> None:
    publish(var, "a", active=False)
    publish(var, "b", days=1)
    assert previous(var) is None


def test_what_was_gone_back_from_serves_only_as_a_last_resort(var: Path, three: tuple[str, str, str]) -> None:
    a, b, c = three
    rollback(var)
    (var / "snapshots" / b / "vectors.npy").write_bytes(b"")
    assert load_current_or_last_good(var)[0].manifest.snapshot_id == a
    (var / "snapshots" / a / "vectors.npy").write_bytes(b"")
    assert load_current_or_last_good(var)[0].manifest.snapshot_id == c


def test_a_torn_last_line_is_passed_over_and_closed(var: Path, three: tuple[str, str, str], publish: Publish) -> None:
    log = var / "snapshots" / LOG
    log.write_bytes(log.read_bytes() + b'{"id": "0123')
    assert previous(var) == three[1]
    publish(var, "d", days=4)
    assert log.read_bytes().count(b"\n") == 5
    assert [rollback(var), rollback(var)] == [three[2], three[1]]


@pytest.mark.parametrize("line", [b"", b"null", b"[]", b"\xff", b'{"id": null}', b"{" * 10_000])
def test_an_unreadable_line_costs_nothing_else(var: Path, three: tuple[str, str, str], line: bytes) -> None:
    log = var / "snapshots" / LOG
    first, second, third = log.read_bytes().splitlines()
    log.write_bytes(b"\n".join((first, line, second, third, b"")))
    assert [rollback(var), rollback(var)] == [three[1], three[0]]


def test_without_a_log_there_is_nothing_to_go_back_to(var: Path, three: tuple[str, str, str]) -> None:
    (var / "snapshots" / LOG).unlink()
    assert previous(var) is None
    assert [info.is_current for info in list_snapshots(var)] == [True, False, False]


def test_a_failed_append_leaves_the_log_as_it_was(
    var: Path, three: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "voll")

    log = var / "snapshots" / LOG
    before = log.read_bytes()
    entry = Activation(id=three[0], came_from=three[2], at="2026-11-21T12:00:00+00:00", direction="activate")
    monkeypatch.setattr("index.durable.os.fsync", full)
    with pytest.raises(OSError, match="voll"):
        append_activation(var / "snapshots", entry)
    assert log.read_bytes() == before


def entries_of(*steps: tuple[Direction, str | None, str]) -> list[Activation]:
    return [Activation(id=to, came_from=start, at="", direction=direction) for direction, start, to in steps]


def test_a_change_that_never_came_does_not_count() -> None:
    done = entries_of(("activate", None, "a"), ("activate", "a", "b"))
    assert replay([*done, *entries_of(("activate", "b", "c"))], "b").served == ("a", "b")
    assert replay([*done, *entries_of(("rollback", "b", "a"))], "b").served == ("a", "b")
    again = [*done, *entries_of(("rollback", "b", "a"), ("activate", "b", "c"))]
    assert replay(again, "c").served == ("a", "b", "c")
    assert replay(again, "c").withdrawn == frozenset()


def test_a_change_by_other_means_counts_as_going_forward() -> None:
    done = entries_of(("activate", None, "a"), ("activate", "a", "b"))
    assert replay(done, "x").served == ("a", "b", "x")
    assert replay([], "x").served == ("x",)


def test_a_damaged_pointer_costs_no_history() -> None:
    done = entries_of(("activate", None, "a"), ("activate", "a", "b"))
    assert replay(done, None).served == ("a", "b")
    assert replay([*done, *entries_of(("activate", None, "c"))], "c").served == ("a", "b", "c")


@given(st.lists(st.sampled_from("abcd") | st.none(), max_size=30), st.data())
def test_agrees_with_a_plain_stack_even_when_changes_are_lost(steps: list[str | None], data: st.DataObject) -> None:
    """A step names what is activated, ``None`` goes back; any change may be lost after its line was written."""
    stack: list[str] = []
    entries: list[Activation] = []
    for step in steps:
        present = stack[-1] if stack else None
        target = step or next((each for each in reversed(stack[:-1]) if each != present), None)
        if target is None or target == present:
            continue
        entries += entries_of(("activate" if step else "rollback", present, target))
        if present is None or not data.draw(st.booleans(), "lost"):
            if step:
                stack.append(step)
            else:
                stack.pop()
                while stack[-1] != target:
                    stack.pop()
    served = replay(entries, stack[-1] if stack else None).served
    assert served == tuple(stack)
    assert all(earlier != later for earlier, later in pairwise(served))
