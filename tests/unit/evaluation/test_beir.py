from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from corpus.findings import CorpusErrors
from evaluation.beir import read_beir

Rows = Sequence[dict[str, Any]]
WriteBeir = Callable[..., Path]

DOCUMENTS: Rows = (
    {"_id": "d1", "title": "Kündigung", "text": "So kündigen Sie.", "language": "de"},
    {"_id": "d0", "title": "", "text": "Activate your eSIM.", "language": "en"},
)
QUERIES: Rows = (
    {"_id": "q1", "text": "wie kündige ich", "language": "de"},
    {"_id": "q2", "text": "eSIM einrichten", "language": "de-AT", "subject": "Neues Handy", "form": "note"},
    {"_id": "q3", "text": "niemand hat geurteilt", "language": "de"},
)
JUDGED = (("q1", "d1", "1"), ("q2", "d0", "2"))


@pytest.fixture
def write_beir(tmp_path: Path) -> WriteBeir:
    def write(
        documents: Rows = DOCUMENTS,
        queries: Rows = QUERIES,
        judged: Sequence[Sequence[str]] = JUDGED,
        name: str = "ab_c",
    ) -> Path:
        folder = tmp_path / name
        (folder / "qrels").mkdir(parents=True)
        for file, rows in (("corpus.jsonl", documents), ("queries.jsonl", queries)):
            (folder / file).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        table = [("query-id", "corpus-id", "score"), *judged]
        text = "".join("\t".join(row) + "\n" for row in table)
        (folder / "qrels" / "test.tsv").write_text(text, encoding="utf-8")
        return folder

    return write


def _refused(folder: Path) -> str:
    with pytest.raises(CorpusErrors) as caught:
        read_beir(folder)
    return str(caught.value)


def test_a_folder_becomes_questions_about_articles(write_beir: WriteBeir) -> None:
    judged = read_beir(write_beir())

    assert (judged.name, judged.family, judged.source, judged.kind) == ("ab_c", "ab", "beir", "articles")
    assert [article.id for article in judged.records["articles"]] == ["d0", "d1"]
    assert [(question.id, set(question.relevant)) for question in judged.questions] == [("q1", {"d1"}), ("q2", {"d0"})]
    second = judged.questions[1]
    assert (second.case.subject, second.case.description) == ("Neues Handy", "eSIM einrichten")
    assert second.case.language == "de-AT"
    assert second.slices == {"form": "note", "language": "de>en", "length": "short"}
    assert judged.questions[0].slices == {"language": "de", "length": "short"}


def test_mail_sets_belong_to_the_family_they_ask(write_beir: WriteBeir) -> None:
    assert read_beir(write_beir(name="mail_cwa_de")).family == "cwa"


def test_length_is_told_by_words(write_beir: WriteBeir) -> None:
    lengths = {11: "short", 12: "medium", 59: "medium", 60: "long"}
    queries = [{"_id": f"q{n}", "text": " ".join(f"w{n}x{i}" for i in range(n)), "language": "de"} for n in lengths]
    judged = read_beir(write_beir(queries=queries, judged=[(row["_id"], "d1", "1") for row in queries]))
    assert [question.slices["length"] for question in judged.questions] == list(lengths.values())


def test_near_duplicate_questions_are_one_group(write_beir: WriteBeir) -> None:
    texts = ["wo ist mein paket", "wie kündige ich", "Wo ist denn mein Paket?"]
    queries = [{"_id": f"q{n}", "text": text, "language": "de"} for n, text in enumerate(texts)]
    judged = read_beir(write_beir(queries=queries, judged=[(row["_id"], "d1", "1") for row in queries]))
    assert [question.group for question in judged.questions] == ["q0", "q1", "q0"]


def test_what_is_not_judged_or_not_known_is_dropped_and_counted(write_beir: WriteBeir) -> None:
    judged = read_beir(
        write_beir(judged=[*JUDGED, ("q1", "gone", "1"), ("lost", "d1", "1"), ("q3", "d1", "0"), ("q1", "d0", "-1")])
    )
    assert [question.id for question in judged.questions] == ["q1", "q2"]
    assert judged.questions[0].relevant == {"d1"}
    assert judged.dropped == {
        "queries without a judgement": 1,
        "judgements of unknown queries": 1,
        "judgements of unknown documents": 1,
    }


def test_forbidden_ids_are_encoded_in_records_and_judgements(write_beir: WriteBeir) -> None:
    documents = [{"_id": "a/b?", "title": "t", "text": "x", "language": "de"}]
    judged = read_beir(write_beir(documents, judged=[("q1", "a/b?", "1")]))
    assert judged.records["articles"][0].id == "a~2Fb~3F"
    assert judged.questions[0].relevant == {"a~2Fb~3F"}
    assert judged.split["encoded_ids"] == 1


def test_packed_files_are_read_too(write_beir: WriteBeir) -> None:
    folder = write_beir()
    plain = read_beir(folder)
    for name in ("corpus.jsonl", "queries.jsonl"):
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
        (folder / name).unlink()
    assert read_beir(folder) == plain


def test_all_faults_are_told_at_once_with_file_line_and_key(write_beir: WriteBeir) -> None:
    told = _refused(
        write_beir(
            documents=[*DOCUMENTS, {"_id": "d1", "text": "again", "language": "de"}, {"_id": "d3", "text": "x"}],
            queries=[
                {"_id": 7, "text": "x"},
                {"_id": "q2", "text": " "},
                {"_id": "q3", "text": "x", "language": "Deutsch"},
            ],
            judged=[("q2", "d1"), ("q3", "d1", "yes"), ("q3", "d0", "1"), ("q3", "d0", "1")],
        )
    )
    assert 'ab_c/corpus.jsonl:3: /_id: found "d1", which line 1 has already, expected each once' in told
    assert "ab_c/corpus.jsonl:4: /language: found no such key, expected a text that is not blank" in told
    assert "ab_c/queries.jsonl:1: /_id: found 7, expected a text" in told
    assert 'ab_c/queries.jsonl:2: /text: found " ", expected a text that is not blank' in told
    assert 'ab_c/queries.jsonl:3: /language: found "Deutsch", expected a BCP-47' in told
    assert "ab_c/qrels/test.tsv:2: found 2 fields, expected query-id, corpus-id, score" in told
    assert 'ab_c/qrels/test.tsv:3: found the score "yes", expected a whole number' in told
    assert 'ab_c/qrels/test.tsv:5: found "q3" with "d0", which line 4 has already' in told


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(write_beir: WriteBeir, missing: str) -> None:
    folder = write_beir()
    (folder / missing).unlink()
    assert f"ab_c/{missing}: found no file of this name" in _refused(folder)


def test_two_versions_of_a_file_are_refused(write_beir: WriteBeir) -> None:
    folder = write_beir()
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress((folder / "corpus.jsonl").read_bytes()))
    assert "ab_c/corpus.jsonl: found beside corpus.jsonl.gz, expected one of the two" in _refused(folder)


def test_judgements_without_a_header_are_refused_rather_than_losing_the_first(write_beir: WriteBeir) -> None:
    folder = write_beir()
    (folder / "qrels" / "test.tsv").write_text("q1\td1\t1\nq2\td0\t1\n", encoding="utf-8")
    assert "ab_c/qrels/test.tsv:1: found" in _refused(folder)


def test_a_line_that_is_no_object_is_told(write_beir: WriteBeir) -> None:
    folder = write_beir()
    (folder / "queries.jsonl").write_text('[1]\n{"_id": \n', encoding="utf-8")
    told = _refused(folder)
    assert "ab_c/queries.jsonl:1: found a list, expected an object" in told
    assert "ab_c/queries.jsonl:2: column 9: found the end, expected a JSON value" in told


def test_a_set_without_any_judged_query_is_refused(write_beir: WriteBeir) -> None:
    with pytest.raises(ValueError, match="ab_c: found no query with an article that is right"):
        read_beir(write_beir(judged=[("q1", "gone", "1")]))
