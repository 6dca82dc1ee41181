"""The commands as a person runs them, with the toy encoder: output and exit codes; a process where it matters."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from index.locks import WriterLock
from tests.commands import run_here, run_process
from tests.conftest import WriteCorpus, small_corpus


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def corpus(write_corpus: WriteCorpus) -> Path:
    return write_corpus(small_corpus())


def test_check_reads_only_and_build_does_what_check_said(var: Path, corpus: Path) -> None:
    checked = run_here(var, "index", "check", "--corpus", str(corpus))
    assert checked.returncode == 0, checked.stderr
    assert "articles: 5 new" in checked.stdout
    assert not var.exists()
    built = run_process(var, "index", "build", "--corpus", str(corpus), "--json")
    assert built.returncode == 0, built.stderr
    assert json.loads(built.stdout)["imported"]["articles"]["new"] == 5
    assert "articles: 0 new" in run_here(var, "index", "check", "--corpus", str(corpus)).stdout


def test_check_tells_how_many_cases_say_what_was_used_and_how_many_show_it(
    var: Path, write_corpus: WriteCorpus
) -> None:
    rows = small_corpus()
    rows["articles"][0]["url"] = "https://hilfe.example/rechnung"
    rows["cases"][0]["articles"] = []
    rows["cases"][0]["messages"] = [{"role": "agent", "text": "Siehe https://hilfe.example/rechnung"}]
    corpus = write_corpus(rows)
    printed = run_here(var, "index", "check", "--corpus", str(corpus)).stdout
    assert "articles: 5 of 6 cases (83.3%) given, 1 of 6 cases (16.7%) recovered" in printed
    assert "actions: 6 of 6 cases (100.0%) given, 0 of 6 cases (0.0%) recovered" in printed
    told = json.loads(run_here(var, "index", "check", "--corpus", str(corpus), "--json").stdout)
    assert told["labels"]["articles"] == {"cases": 6, "given": 5, "recovered": 1}
    off = run_here(var, "index", "check", "--corpus", str(corpus), "--json", ASSIST_RECOVER_LABELS="off")
    assert json.loads(off.stdout)["labels"]["articles"]["recovered"] == 0


def test_bad_rows_are_all_named_with_file_and_line_and_nothing_is_written(var: Path, corpus: Path) -> None:
    with (corpus / "articles.jsonl").open("a", encoding="utf-8") as lines:
        lines.write('{"id": "a b", "title": "x", "body": "y", "language": "de"}\n{"id": "z", "colour": 1}\n')
    built = run_here(var, "index", "build", "--corpus", str(corpus))
    assert built.returncode == 1
    assert "articles.jsonl:6" in built.stderr
    assert "articles.jsonl:7" in built.stderr
    assert "colour" in built.stderr
    assert not var.exists()


def test_a_second_writer_is_refused_and_told_who_writes(var: Path, corpus: Path) -> None:
    with WriterLock(var):
        refused = run_process(var, "index", "build", "--corpus", str(corpus))
    assert refused.returncode == 3
    assert str(os.getpid()) in refused.stderr


def test_wrong_usage_and_bad_settings_exit_with_2(var: Path, corpus: Path) -> None:
    assert run_here(var, "index", "build", "--nonsense").returncode == 2
    refused = run_here(var, "index", "build", "--corpus", str(corpus), ASSIST_THREADS="many")
    assert refused.returncode == 2
    assert "ASSIST_THREADS" in refused.stderr


def test_rollback_without_an_earlier_snapshot_says_so(var: Path, corpus: Path) -> None:
    run_here(var, "index", "build", "--corpus", str(corpus))
    refused = run_here(var, "index", "rollback")
    assert refused.returncode == 1
    assert "go back" in refused.stderr


def test_suggest_prints_one_answer_a_line_in_the_form_of_the_rest_answer(
    var: Path, corpus: Path, tmp_path: Path
) -> None:
    run_here(var, "index", "build", "--corpus", str(corpus))
    cases = tmp_path / "new.jsonl"
    cases.write_text(
        '{"id": "n1", "description": "Rechnung doppelt abgebucht"}\n{"id": "n2", "description": "Lampe blinkt rot"}\n',
        encoding="utf-8",
    )
    printed = run_process(var, "assist", "suggest", "--cases", str(cases), "--min-confidence", "0")
    assert printed.returncode == 0, printed.stderr
    answers = [json.loads(line) for line in printed.stdout.splitlines()]
    assert [answer["case"] for answer in answers] == ["n1", "n2"]
    assert answers[0]["articles"][0]["id"] == "rechnung-doppelt"
    assert answers[1]["articles"][0]["id"] == "stoerung"


def test_suggest_without_a_snapshot_says_how_to_build_one(var: Path, tmp_path: Path) -> None:
    cases = tmp_path / "new.jsonl"
    cases.write_text('{"id": "n1", "description": "x"}\n', encoding="utf-8")
    refused = run_here(var, "assist", "suggest", "--cases", str(cases))
    assert refused.returncode == 1
    assert "make reindex" in refused.stderr
