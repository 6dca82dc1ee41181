from __future__ import annotations

from pathlib import Path

import ir_measures
import pytest

from evaluation.questions import Ranking, Run
from evaluation.runs import TrecFileError, read_qrels, read_run, write_qrels, write_run

RUN = Run(
    system="bm25",
    rankings={"q2": Ranking(ids=("b", "a"), scores=(0.5, 0.5)), "q1": Ranking(ids=("ä-1",), scores=(7.0,))},
)


def _written(folder: Path, text: str) -> Path:
    path = folder / "file.trec"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_run_is_written_as_trec_lines_with_minus_the_rank_as_score(tmp_path: Path) -> None:
    write_run(tmp_path / "run", RUN)
    expected = "q2 Q0 b 1 -1 bm25\nq2 Q0 a 2 -2 bm25\nq1 Q0 ä-1 1 -1 bm25\n"
    assert (tmp_path / "run").read_text(encoding="utf-8") == expected


def test_a_run_that_was_written_is_read_again_in_the_same_order(tmp_path: Path) -> None:
    write_run(tmp_path / "run", RUN)
    again = read_run(tmp_path / "run")
    assert again.system == "bm25"
    assert {question: ranking.ids for question, ranking in again.rankings.items()} == {"q2": ("b", "a"), "q1": ("ä-1",)}
    assert again.rankings["q2"].scores == (-1.0, -2.0)


def test_other_tools_read_what_is_written(tmp_path: Path) -> None:
    write_run(tmp_path / "run", RUN)
    write_qrels(tmp_path / "qrels", {"q2": frozenset(("a", "c"))})
    assert next(iter(ir_measures.read_trec_qrels(str(tmp_path / "qrels"))))[:3] == ("q2", "a", 1)
    assert [each.score for each in ir_measures.read_trec_run(str(tmp_path / "run"))] == [-1.0, -2.0, -1.0]


def test_items_of_another_tool_are_ordered_by_score_then_rank_then_id(tmp_path: Path) -> None:
    text = "q Q0 low 1 0.5 x\nq Q0 later 3 2e0 x\nq Q0 sooner 2 2.0 x\n\nq Q0 also 3 2.0 x\n"
    assert read_run(_written(tmp_path, text)).rankings["q"].ids == ("sooner", "also", "later", "low")


def test_a_run_can_be_renamed_and_an_empty_one_bears_the_name_of_its_file(tmp_path: Path) -> None:
    assert read_run(_written(tmp_path, "q Q0 a 1 1 x\n"), system="theirs").system == "theirs"
    assert read_run(_written(tmp_path, "")) == Run(system="file", rankings={})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q Q0 a 1 1 x\nq Q0 b 2 0\n", r"file\.trec:2: found 5 fields, expected 6"),
        ("q Q0 a 1 1 x\n\nq Q0 a 2 0 x\n", r"file\.trec:3: found item 'a' a second time for question 'q'"),
        ("q Q0 a 1 high x\n", r"file\.trec:1: found score 'high', expected a finite number"),
        ("q Q0 a 1 nan x\n", r"file\.trec:1: found score 'nan'"),
        ("q Q0 a one 1 x\n", r"file\.trec:1: found rank 'one', expected a whole number"),
        ("q Q0 a 1 1 x\nq Q0 b 2 0 y\n", r"file\.trec:2: found system 'y' after 'x'"),
    ],
)
def test_a_broken_line_of_a_run_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TrecFileError, match=message):
        read_run(_written(tmp_path, text))


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    (tmp_path / "run").write_bytes("q Q0 a 1 1 x\nq Q0 ü 2 0 x\n".encode("latin-1"))
    with pytest.raises(TrecFileError, match=r"run:2: found bytes that are not UTF-8"):
        read_run(tmp_path / "run")


def test_a_name_with_white_space_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(TrecFileError, match="found 'my system', expected a name without white space"):
        write_run(tmp_path / "run", Run(system="my system", rankings=RUN.rankings))
    assert not (tmp_path / "run").exists()


def test_judgements_are_written_in_order_and_read_again(tmp_path: Path) -> None:
    qrels = {"q2": frozenset(("b", "a")), "q1": frozenset(("c",))}
    write_qrels(tmp_path / "qrels", qrels)
    assert (tmp_path / "qrels").read_text(encoding="utf-8") == "q2 0 a 1\nq2 0 b 1\nq1 0 c 1\n"
    assert read_qrels(tmp_path / "qrels") == qrels


def test_items_judged_not_relevant_are_not_relevant(tmp_path: Path) -> None:
    assert read_qrels(_written(tmp_path, "q 0 a 2\nq 0 b 0\nnone 0 a -1\n")) == {"q": frozenset(("a",))}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q 0 a\n", r"file\.trec:1: found 3 fields, expected 4"),
        ("q 0 a yes\n", r"file\.trec:1: found relevance 'yes'"),
        ("q 0 a 1\nq 0 a 0\n", r"file\.trec:2: found item 'a' judged a second time"),
    ],
)
def test_a_broken_judgement_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TrecFileError, match=message):
        read_qrels(_written(tmp_path, text))
