"""``python -m assist acceptance``: figures of ten agents on, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assist import __main__ as command
from corpus.feedback import FeedbackRow
from corpus.feedback_store import FeedbackStore

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    rows = [
        FeedbackRow(
            key=f"{item}-{agent}",
            body_hash="h",
            at=NOW,
            event="sent" if agent % 2 else "dismissed",
            reason=None if agent % 2 else "veraltet",
            kind="articles",
            item_id=item,
            snapshot="s",
            rank=1,
            score=1.0,
            confidence=0.5,
            case_id=f"c{agent}",
            channel="email",
            language="de",
            agent=f"2026Q4-{agent:04d}",
        )
        for item, agents in (("rechnung", 20), ("selten", 3))
        for agent in range(agents)
    ]
    with FeedbackStore.open(tmp_path / "stichwort.db") as store:
        store.keep(rows)
    return tmp_path


def told(var: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = command.main(["acceptance", "--var", str(var), *arguments])
    return code, capsys.readouterr().out


def test_shares_come_with_their_intervals(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = told(var, capsys, "--json")
    articles = json.loads(out)["kinds"]["articles"]

    assert code == 0
    assert [item["id"] for item in articles["items"]] == ["rechnung"]
    item = articles["items"][0]
    assert (item["shown"], item["sent"], item["dismissed"]) == (20, 10, 10)
    assert item["sent_share"] == {"share": 0.5, "ci95": [0.2993, 0.7007]}
    assert item["helpful_share"] is None
    assert item["reasons"] == {"veraltet": 10}
    assert articles["hidden_rows"] == 1


def test_the_table_names_no_agent_and_no_small_item(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = told(var, capsys)

    assert code == 0
    assert "rechnung" in out
    assert "50.0% (29.9% to 70.1%)" in out
    assert "veraltet 10" in out
    assert "1 rows of fewer than 10 agents are in no figure" in out
    assert "selten" not in out
    assert "2026Q4" not in out


def test_it_counts_by_whole_months(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from_its_middle = told(var, capsys, "--json", "--since", "2026-11-20")
    later = told(var, capsys, "--json", "--since", "2026-12")

    assert json.loads(from_its_middle[1])["since"] == "2026-11-01T00:00:00Z"
    assert json.loads(from_its_middle[1])["kinds"]["articles"]["total"]["shown"] == 20
    assert json.loads(later[1])["kinds"]["articles"]["total"]["shown"] == 0


@pytest.mark.parametrize("since", ["gestern", "2026-13", "2026"])
def test_a_month_that_is_none_is_refused(var: Path, capsys: pytest.CaptureFixture[str], since: str) -> None:
    arguments: Sequence[str] = ("acceptance", "--var", str(var), "--since", since)
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)

    assert ended.value.code == 2
    assert "expected a month such as 2026-11" in capsys.readouterr().err


def test_without_a_store_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["acceptance", "--var", str(tmp_path)]) == 1
    assert "Import a corpus first" in capsys.readouterr().err
