"""Agents are kept as hashes that nobody can follow for longer than a quarter, nor link to a person after a year."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.ledger import LEDGER, LedgerEntry, append_entry
from corpus.models import Case
from corpus.privacy.agents import AgentKeysError, kept_agent_keys, open_agent_keys, quarter_of, quarters_kept

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MAY = datetime(2026, 5, 4, tzinfo=UTC)


def test_a_hash_tells_the_quarter_and_not_the_agent(tmp_path: Path) -> None:
    pseudonym = open_agent_keys(tmp_path / "keys.json", NOW).pseudonym("jana.weiss", MAY)

    assert pseudonym is not None
    assert pseudonym.startswith("2026Q2-")
    assert "jana" not in pseudonym


def test_the_same_agent_has_one_hash_within_a_quarter_and_others_in_others(tmp_path: Path) -> None:
    keys = open_agent_keys(tmp_path / "keys.json", NOW)
    found = {keys.pseudonym("a-1", at) for at in (MAY, datetime(2026, 6, 30, 23, tzinfo=UTC), NOW)}

    assert len(found) == 2
    assert keys.pseudonym("a-2", MAY) not in found


def test_hashes_are_the_same_at_every_opening_and_others_in_another_deployment(tmp_path: Path) -> None:
    first = open_agent_keys(tmp_path / "keys.json", NOW).pseudonym("a-1", MAY)

    assert open_agent_keys(tmp_path / "keys.json", NOW).pseudonym("a-1", MAY) == first
    assert open_agent_keys(tmp_path / "other.json", NOW).pseudonym("a-1", MAY) != first


def test_keys_older_than_a_year_are_destroyed_and_their_cases_keep_no_agent(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    before = json.loads((open_agent_keys(path, MAY), path.read_text())[1])
    later = open_agent_keys(path, datetime(2027, 4, 1, tzinfo=UTC))
    after = json.loads(path.read_text())

    assert sorted(after) == ["2026Q3", "2026Q4", "2027Q1", "2027Q2"]
    assert set(before.values()).isdisjoint(after.values())
    assert later.pseudonym("a-1", MAY) is None


def test_a_case_keeps_a_hash_by_when_it_closed_and_none_without_a_time(tmp_path: Path) -> None:
    keys = open_agent_keys(tmp_path / "keys.json", NOW)

    closed = keys.hide(Case(id="c", subject="x", agent="a-1", opened_at=MAY, closed_at=NOW))
    assert closed.agent == keys.pseudonym("a-1", NOW)
    assert keys.hide(Case(id="c", subject="x", agent="a-1")).agent is None
    assert keys.hide(Case(id="c", subject="x")).agent is None


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    open_agent_keys(tmp_path / "keys.json", NOW)

    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_who_only_reads_writes_no_file(tmp_path: Path) -> None:
    open_agent_keys(tmp_path / "keys.json", NOW, write=False)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", "null", '{"2026Q4": "00"}', '{"2026Q4": 7}', "\x00"])
def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)

    with pytest.raises(AgentKeysError, match=r"keys\.json: found .*expected .*remove it"):
        open_agent_keys(path, NOW)
    assert path.read_text() == content


def test_quarters_are_counted_over_the_turn_of_the_year() -> None:
    assert quarters_kept(datetime(2026, 2, 1, tzinfo=UTC)) == ("2026Q1", "2025Q4", "2025Q3", "2025Q2")
    assert quarter_of(datetime.fromisoformat("2026-01-01T00:30:00+01:00")) == "2025Q4"


def test_an_agent_who_was_erased_is_hidden_in_every_quarter_and_others_are_not(tmp_path: Path) -> None:
    keys = open_agent_keys(tmp_path / "keys.json", NOW)
    gone = kept_agent_keys(tmp_path / "keys.json").pseudonyms("a-1")
    assert len(gone) == 4
    append_entry(tmp_path / LEDGER, LedgerEntry(receipt="r", at=NOW, what="agent x", agents=gone))
    later = open_agent_keys(tmp_path / "keys.json", NOW)

    assert [later.pseudonym("a-1", at) for at in (MAY, NOW)] == [None, None]
    assert later.pseudonym("a-2", MAY) == keys.pseudonym("a-2", MAY)
    assert later.hide(Case(id="c", subject="x", agent="a-1", closed_at=MAY)).agent is None


def test_keys_that_were_never_made_give_no_pseudonym(tmp_path: Path) -> None:
    assert kept_agent_keys(tmp_path / "keys.json").pseudonyms("a-1") == frozenset()
