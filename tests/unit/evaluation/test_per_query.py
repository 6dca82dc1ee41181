from __future__ import annotations

import csv
from pathlib import Path

import pytest

from evaluation.cells import harmless, original
from evaluation.metrics import METRICS
from evaluation.per_query import Outcome, PerQueryError, read_per_query, write_per_query


def _outcome(question: str, system: str = "stichwort", **changes: object) -> Outcome:
    fields: dict[str, object] = {
        "kind": "articles",
        "question": question,
        "group": question,
        "system": system,
        "metrics": dict.fromkeys(METRICS, 0.5),
        "first_item": "a",
        "confidence": 0.25,
        "first_relevant_rank": 2,
        "slices": {"language": "de"},
    }
    return Outcome(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@sum", "\tx", "\rx", "\nx", "＝1", "'=1"])
def test_no_cell_starts_what_a_spreadsheet_runs(text: str) -> None:
    assert harmless(text) == "'" + text
    assert original(harmless(text)) == text


def test_harmless_texts_stay_as_they_are() -> None:
    assert [harmless(text) for text in ("a=b", "", "rechnung-doppelt", "1")] == ["a=b", "", "rechnung-doppelt", "1"]


def test_every_text_column_is_neutralised(tmp_path: Path) -> None:
    bad = "=cmd()"
    write_per_query(
        tmp_path / "q.csv",
        [_outcome(bad, system=bad, kind=bad, group=bad, first_item=bad, slices={"language": bad, bad: "x"})],
    )
    with (tmp_path / "q.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    outcomes = (
        _outcome("=1", slices={"channel": "chat, phone", "note": 'a "quoted"\nline'}),
        _outcome("b", first_item=None, confidence=None, first_relevant_rank=None),
    )
    write_per_query(tmp_path / "q.csv", outcomes)
    assert read_per_query(tmp_path / "q.csv") == outcomes


def test_the_order_in_which_it_was_measured_does_not_show(tmp_path: Path) -> None:
    outcomes = [_outcome("a"), _outcome("b"), _outcome("a", system="cc"), _outcome("b", system="cc", kind="actions")]
    write_per_query(tmp_path / "one.csv", outcomes)
    write_per_query(tmp_path / "two.csv", outcomes[::-1])
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_a_damaged_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    write_per_query(path, [_outcome("a")])
    path.write_text(path.read_text(encoding="utf-8").replace("0.5", "half"), encoding="utf-8")
    with pytest.raises(PerQueryError, match=r"q\.csv, line 2: .*half"):
        read_per_query(path)


def test_a_file_without_a_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("kind,question\n", encoding="utf-8")
    with pytest.raises(PerQueryError, match="found no column group, system"):
        read_per_query(tmp_path / "q.csv")
