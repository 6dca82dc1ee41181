"""Judged sets: questions with the items that are known to answer them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus.models import Article, Case


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuery:
    """A case, the actions done in it, when it was asked, and the ids of the items that are right for it."""

    case: Case
    relevant: frozenset[str]
    done: tuple[str, ...] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedArticles:
    """Articles and the questions they answer. ``family`` is the set's name before the first underscore."""

    name: str
    family: str
    articles: Sequence[Article]
    queries: Sequence[JudgedQuery]


def read_beir(folder: Path) -> JudgedArticles:
    """Read a BEIR folder (``corpus.jsonl[.gz]``, ``queries.jsonl``, ``qrels/test.tsv``).

    ``mail_<family>_…`` sets belong to the family whose articles they ask for. Queries without a judgement are left out.
    """
    articles = [
        Article(id=row["_id"], title=row.get("title") or "", body=row["text"], language=row["language"], format="text")
        for row in _rows(_either(folder / "corpus.jsonl"))
    ]
    relevant = _read_qrels(folder / "qrels" / "test.tsv")
    queries = [
        JudgedQuery(case=_case(row), relevant=frozenset(relevant[row["_id"]]))
        for row in _rows(_either(folder / "queries.jsonl"))
        if row["_id"] in relevant
    ]
    ordered = sorted(articles, key=lambda article: article.id)
    return JudgedArticles(name=folder.name, family=family_of(folder.name), articles=ordered, queries=queries)


def read_problems(file: Path) -> JudgedArticles:
    """Read a file of problems (``{id, title, article, mails[{form, subject, text}]}``): mails ask for their article."""
    rows = list(_rows(file))
    articles = [
        Article(id=row["id"], title=row["title"], body=row["article"], language="de", format="text") for row in rows
    ]
    queries = [
        JudgedQuery(
            case=Case(id=f"{row['id']}-{number}", subject=mail.get("subject") or None, description=mail["text"]),
            relevant=frozenset({row["id"]}),
        )
        for row in rows
        for number, mail in enumerate(row["mails"])
    ]
    ordered = sorted(articles, key=lambda article: article.id)
    return JudgedArticles(name=f"problems_{file.stem}", family="problems", articles=ordered, queries=queries)


def family_of(name: str) -> str:
    """Return the family of a set: its name before the first underscore, or after ``mail_``."""
    parts = name.split("_")
    return parts[1] if parts[0] == "mail" and len(parts) > 1 else parts[0]


def _case(row: Mapping[str, Any]) -> Case:
    return Case(
        id=row["_id"], subject=row.get("subject") or None, description=row["text"], language=row.get("language")
    )


def _read_qrels(path: Path) -> dict[str, set[str]]:
    relevant: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        if int(score) > 0:
            relevant.setdefault(query, set()).add(document)
    return relevant


def _either(plain: Path) -> Path:
    return plain if plain.exists() else plain.with_name(plain.name + ".gz")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
