"""Who asks stands in suggestion ids as a pseudonym of the quarter, or not at all."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assist.agent_keys import AgentKeyRing
from assist.agent_names import agent_named, no_pseudonym
from corpus.privacy.agents import open_agent_keys
from index.locks import WriterLock

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
NEXT_QUARTER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "agent-keys.json"


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        ({"id": "a-7", "email": "jana@crm.example", "name": "Jana"}, "a-7"),
        ({"email": " jana@crm.example ", "name": "Jana"}, "jana@crm.example"),
        ({"id": "  ", "name": "Jana"}, "Jana"),
        ({"id": 4711}, "4711"),
        ({"id": True}, None),
        ({"phone": "0123"}, None),
        ("Jana", None),
        (None, None),
    ],
)
def test_an_agent_is_named_by_id_then_address_then_name(agent: Any, named: str | None) -> None:
    assert agent_named({"agent": agent}) == named


def test_a_question_without_context_names_nobody() -> None:
    assert agent_named({}) is None
    assert no_pseudonym("Jana", NOW) is None


def test_an_agent_has_the_pseudonym_that_cases_have(path: Path) -> None:
    keys = open_agent_keys(path, NOW)
    ring = AgentKeyRing(path, clock=lambda: NOW)
    ring.refresh()

    assert ring.pseudonym("Jana", NOW) == keys.pseudonym("Jana", NOW)
    assert "Jana" not in str(ring.pseudonym("Jana", NOW))


def test_two_processes_give_one_agent_one_pseudonym(path: Path) -> None:
    first, second = (AgentKeyRing(path, clock=lambda: NOW) for _ in range(2))
    first.renew()
    second.renew()

    assert first.pseudonym("Jana", NOW) is not None
    assert first.pseudonym("Jana", NOW) == second.pseudonym("Jana", NOW)


def test_asking_makes_no_keys(path: Path) -> None:
    ring = AgentKeyRing(path, clock=lambda: NOW)
    ring.refresh()

    assert ring.pseudonym("Jana", NOW) is None
    assert not path.exists()


def test_a_new_quarter_gets_a_key_of_its_own(path: Path) -> None:
    open_agent_keys(path, NOW)
    ring = AgentKeyRing(path, clock=lambda: NEXT_QUARTER)
    ring.refresh()
    assert ring.pseudonym("Jana", NEXT_QUARTER) is None

    ring.renew()
    assert str(ring.pseudonym("Jana", NEXT_QUARTER)).startswith("2027Q1-")


def test_whoever_builds_makes_the_keys_and_the_others_wait(path: Path) -> None:
    ring = AgentKeyRing(path, clock=lambda: NOW)
    with WriterLock(path.parent):
        ring.renew()
        assert not path.exists()

    ring.renew()
    assert path.exists()


def test_a_file_that_cannot_be_read_gives_no_pseudonym_and_is_said_once(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text("kein Schluessel")
    ring = AgentKeyRing(path, clock=lambda: NOW)
    with caplog.at_level(logging.WARNING):
        ring.refresh()
        ring.refresh()

    assert ring.pseudonym("Jana", NOW) is None
    assert len(caplog.records) == 1
    assert path.read_text() == "kein Schluessel"


def test_keys_go_on_while_their_file_is_damaged(path: Path) -> None:
    open_agent_keys(path, NOW)
    ring = AgentKeyRing(path, clock=lambda: NOW)
    ring.refresh()
    before = ring.pseudonym("Jana", NOW)
    path.write_text("{}]")
    ring.refresh()

    assert before is not None
    assert ring.pseudonym("Jana", NOW) == before
