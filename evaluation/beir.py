"""BEIR folders: questions, and the articles that answer them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.findings import Findings
from corpus.json_rows import Row, find_file, read_rows
from corpus.models import Article, Case
from evaluation.item_ids import encode_id
from evaluation.judged import family_of, group_near, language_of, slices_of
from evaluation.qrels import Qrels, read_qrels
from evaluation.questions import JudgedSet, Question

_CORPUS, _QUERIES, _QRELS = "corpus.jsonl", "queries.jsonl", "qrels/test.tsv"


def read_beir(folder: Path) -> JudgedSet:
    """Read ``corpus.jsonl[.gz]``, ``queries.jsonl[.gz]`` and ``qrels/test.tsv``.

    Ids that the corpus contract forbids are encoded (``evaluation.item_ids``), in records and judgements alike.
    Queries without an article that is right are dropped and counted, as are judgements of unknown ids. Raises
    ``corpus.findings.CorpusErrors`` with all faults of all three files.
    """
    findings = Findings()
    documents = {row.text("_id"): row for row in _rows(folder, _CORPUS, findings)}
    queries = {row.text("_id"): row for row in _rows(folder, _QUERIES, findings)}
    articles = {raw: _article(raw, row) for raw, row in documents.items()}
    cases = {raw: _case(raw, row) for raw, row in queries.items()}
    qrels = _judgements(folder, cases, articles, findings)
    findings.raise_if_any()
    questions = group_near(
        [
            _question(cases[raw], row, [articles[each] for each in qrels.relevant[raw]])
            for raw, row in queries.items()
            if raw in qrels.relevant
        ]
    )
    if not questions:
        raise ValueError(f"{folder.name}: found no query with an article that is right, expected at least one")
    return JudgedSet(
        name=folder.name,
        family=family_of(folder.name),
        source="beir",
        kind="articles",
        records={"articles": sorted(articles.values(), key=lambda article: article.id)},
        questions=questions,
        split={"by": "qrels", "encoded_ids": sum(encode_id(raw) != raw for raw in (*articles, *cases))},
        dropped={
            "queries without a judgement": len(cases) - len(questions),
            "judgements of unknown queries": qrels.unknown_queries,
            "judgements of unknown documents": qrels.unknown_documents,
        },
    )


def _rows(folder: Path, name: str, findings: Findings) -> Iterator[Row]:
    path = find_file(folder, name, findings)
    if path is not None:
        yield from read_rows(path, f"{folder.name}/{path.name}", findings, unique="_id")


def _judgements(folder: Path, cases: dict[str, Case], articles: dict[str, Article], findings: Findings) -> Qrels:
    path, file = folder / _QRELS, f"{folder.name}/{_QRELS}"
    if not path.is_file():
        findings.add(file, None, "", "found no file of this name, expected the judgements")
        return Qrels()
    return read_qrels(path, file, findings, queries=cases, documents=articles)


def _article(raw: str, row: Row) -> Article:
    return Article(
        id=encode_id(raw),
        title=row.optional("title") or "",
        body=row.text("text", blank=True),
        language=row.language(required=True) or "",
        format="text",
    )


def _case(raw: str, row: Row) -> Case:
    return Case(
        id=encode_id(raw),
        subject=row.optional("subject"),
        description=row.text("text"),
        language=row.language(required=False),
    )


def _question(case: Case, row: Row, relevant: Sequence[Article]) -> Question:
    return Question(
        id=case.id,
        case=case,
        relevant=frozenset(article.id for article in relevant),
        group=case.id,
        slices=slices_of(
            case,
            form=row.optional("form"),
            language=language_of(case.language, (article.language for article in relevant)),
        ),
    )
