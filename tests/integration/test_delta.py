"""A snapshot with a delta over it answers as an index built anew (corpora, changes, callers, questions are generated).

What an index tells of all public records together (how rare words and tokens are, what an average item scores, what
heads learned) is not part of a delta. Changes of what is not public leave that alone, so there all answers agree to
the last digit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from corpus.models import KINDS, PUBLIC, Article, Kind, Pin, Record, may_see
from tests.layered_service import LayeringIndexer
from tests.security import worlds as made
from tests.security.toy_service import client_of
from tests.security.worlds import CALLERS, NAMES, World, questions, searches, worlds

FAST = settings(
    max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
THOROUGH = settings(FAST, max_examples=1_000, derandomize=False)
_OWN = {"request_id", "took_ms", "timings_ms", "snapshot", "suggestion_id"}
NEW: dict[Kind, Any] = {
    "articles": made._article("a9"),
    "templates": made._template("t9"),
    "actions": made._action("n9"),
    "cases": made._case("c9"),
    "pins": made._pin("p9"),
}
EVERYONE = frozenset({"public", "second", "partner"})

callers = st.sampled_from([*CALLERS, EVERYONE])
asked = st.tuples(callers, st.lists(questions, min_size=1, max_size=3), searches)
fates = st.fixed_dictionaries(
    {kind: st.lists(st.sampled_from("kccr"), min_size=len(NAMES[kind]), max_size=len(NAMES[kind])) for kind in KINDS}
)
newcomers = st.fixed_dictionaries({kind: st.lists(NEW[kind], max_size=1) for kind in KINDS})


@pytest.fixture(scope="module")
def indexer(tmp_path_factory: pytest.TempPathFactory) -> LayeringIndexer:
    return LayeringIndexer(tmp_path_factory.mktemp("toy"))


def told(value: Any) -> Any:
    """Return an answer without what is its own."""
    if isinstance(value, dict):
        return {key: told(part) for key, part in value.items() if key not in _OWN}
    return [told(part) for part in value] if isinstance(value, list) else value


def for_some(record: Any) -> Any:
    """Return a record that is not for everybody; a pin is of no statistics, whoever may see it."""
    return replace(record, audience=("second",)) if _is_public(record) else record


def _is_public(record: Record) -> bool:
    return not isinstance(record, Pin) and PUBLIC in record.audience


def changed(world: World, other: World, fate: Any, more: Any, *, public: bool) -> World:
    """Return the world with records kept, changed to those of the other, or removed; of public ones only if asked."""
    after: dict[Kind, list[Any]] = {}
    for kind in KINDS:
        after[kind] = [for_some(record) for record in more[kind]]
        for old, new, choice in zip(world[kind], other[kind], fate[kind], strict=True):
            if _is_public(old) and not public:
                after[kind].append(old)
            elif choice != "r":
                after[kind].append(old if choice == "k" else new if public else for_some(new))
    return after


def inherits_what_nobody_had(before: World, after: World) -> bool:
    """Whether an item replaces an id whose uses the snapshot left out, as nothing had or inherited it."""
    for kind in ("articles", "templates", "actions"):
        known = {name for item in before[kind] for name in (item.id, *item.replaces)}
        if any(name not in known for item in after[kind] for name in item.replaces):
            return True
    return False


def check_same(indexer: LayeringIndexer, one: Any, other: Any, asking: Any) -> None:
    caller, questions_asked, search = asking
    clients = [client_of(indexer.suggester(each), caller, number=n) for n, each in enumerate((one, other))]
    for question in questions_asked:
        replies = [client.post("/v1/suggest", json=question) for client in clients]
        assert [reply.status_code for reply in replies] == [200, 200]
        assert told(replies[0].get_json()) == told(replies[1].get_json())
    found = [client.post("/v1/search", json=search).get_json() for client in clients]
    assert told(found[0]) == told(found[1])
    for kind, names in NAMES.items():
        for name in [*names, f"{names[0][0]}9"]:
            records = [client.get(f"/v1/{kind}/{name}") for client in clients]
            assert records[0].status_code == records[1].status_code
            assert told(records[0].get_json()) == told(records[1].get_json())


def check_as_built_anew(
    indexer: LayeringIndexer, world: World, other: World, fate: Any, more: Any, asking: Any
) -> None:
    after = changed(world, other, fate, more, public=False)
    assume(not inherits_what_nobody_had(world, after))
    layered = indexer.layered(indexer.snapshot(world), world, after)
    check_same(indexer, layered, indexer.snapshot(after), asking)


@FAST
@given(worlds, worlds, fates, newcomers, asked)
def test_a_delta_of_what_is_not_public_answers_as_an_index_built_anew(
    indexer: LayeringIndexer, world: World, other: World, fate: Any, more: Any, asking: Any
) -> None:
    check_as_built_anew(indexer, world, other, fate, more, asking)


@pytest.mark.slow
@THOROUGH
@given(worlds, worlds, fates, newcomers, asked)
def test_a_delta_of_what_is_not_public_answers_as_an_index_built_anew_in_many_worlds(
    indexer: LayeringIndexer, world: World, other: World, fate: Any, more: Any, asking: Any
) -> None:
    check_as_built_anew(indexer, world, other, fate, more, asking)


@FAST
@given(worlds, worlds, fates, newcomers, asked)
def test_what_a_delta_hides_from_a_caller_changes_no_answer(
    indexer: LayeringIndexer, world: World, other: World, fate: Any, more: Any, asking: Any
) -> None:
    caller = asking[0] | {PUBLIC}
    after = changed(world, other, fate, more, public=True)
    fewer: World = {kind: [record for record in records if may_see(caller, record)] for kind, records in after.items()}
    base = indexer.snapshot(world)
    layered = [indexer.layered(base, world, each) for each in (after, fewer)]
    check_same(indexer, layered[0], layered[1], asking)


def test_a_delta_that_is_taken_back_leaves_the_snapshot_as_it_was(indexer: LayeringIndexer) -> None:
    world: dict[Kind, list[Record]] = {"articles": [Article(id="a", title="Alt", body="Alt", language="de")]}
    base = indexer.snapshot(world)
    assert indexer.layered(base, world, world) is base
