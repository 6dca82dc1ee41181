"""What a caller may not see has no influence on what it does see (corpora, callers and questions are generated).

The same request is asked of an index with the records of other audiences and of one that was built without them.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.security.toy_service import Indexer, client_of
from tests.security.worlds import CALLERS, NAMES, World, hidden, questions, searches, without_the_hidden, worlds

FAST = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
THOROUGH = settings(FAST, max_examples=1_500, derandomize=False)
# These differ between any two requests or indexes, whoever asks.
_OWN = {"request_id", "took_ms", "timings_ms", "snapshot", "suggestion_id"}

callers = st.sampled_from(CALLERS)
asked = st.tuples(worlds, callers, st.lists(questions, min_size=1, max_size=3), searches)


def _told(value: Any) -> Any:
    """Return an answer without what is its own."""
    if isinstance(value, dict):
        return {key: _told(part) for key, part in value.items() if key not in _OWN}
    return [_told(part) for part in value] if isinstance(value, list) else value


def _check(indexer: Indexer, world: World, caller: frozenset[str], asking: list[Any], search: Any) -> None:
    full = client_of(indexer.suggester(world), caller)
    bare = client_of(indexer.suggester(without_the_hidden(world, caller)), caller, number=1)
    for question in asking:
        replies = [client.post("/v1/suggest", json=question) for client in (full, bare)]
        assert [reply.status_code for reply in replies] == [200, 200]
        assert _told(replies[0].get_json()) == _told(replies[1].get_json())
    found = [client.post("/v1/search", json=search) for client in (full, bare)]
    assert [reply.status_code for reply in found] == [200, 200]
    assert _told(found[0].get_json()) == _told(found[1].get_json())
    for kind, names in NAMES.items():
        for name in names:
            records = [client.get(f"/v1/{kind}/{name}") for client in (full, bare)]
            assert records[0].status_code == records[1].status_code
            assert _told(records[0].get_json()) == _told(records[1].get_json())


@FAST
@given(asked)
def test_hidden_records_change_no_answer(indexer: Indexer, everything: Any) -> None:
    _check(indexer, *everything)


@pytest.mark.slow
@THOROUGH
@given(asked)
def test_hidden_records_change_no_answer_in_many_worlds(indexer: Indexer, everything: Any) -> None:
    _check(indexer, *everything)


@settings(FAST, max_examples=6)
@given(worlds, callers)
def test_a_hidden_record_answers_like_one_that_never_was(
    indexer: Indexer, world: World, caller: frozenset[str]
) -> None:
    client = client_of(indexer.suggester(world), caller)
    for kind, record in hidden(world, caller):
        here, nowhere = client.get(f"/v1/{kind}/{record.id}"), client.get(f"/v1/{kind}/never-was")
        assert (here.status_code, nowhere.status_code) == (404, 404)
        assert {**_told(here.get_json()), "instance": ""} == {**_told(nowhere.get_json()), "instance": ""}
        own = {"X-Request-Id", "Content-Length"}  # the length of the path that is named
        assert [pair for pair in here.headers if pair[0] not in own] == [
            pair for pair in nowhere.headers if pair[0] not in own
        ]
