"""Corpus folders of any size: the demo corpus, with as many more articles and solved cases as are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.material import CaseTexts, Row
from corpus.codec import to_json
from corpus.folder import Corpus
from corpus.models import Case, Use

CASE_WORDS = 100
_CHANGED = "Diese Fassung gilt ab sofort."


def articles_of(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return an article for each passage."""
    return [
        {"id": f"s-{number:07d}", "title": title or "Abschnitt", "body": text, "language": "de", "format": "text"}
        for number, (title, text) in enumerate(rows)
    ]


def changed(rows: Sequence[Row], every: int) -> list[Row]:
    """Return the passages, every so-many-th of them with another text."""
    return [(title, f"{_CHANGED} {text}" if number % every == 0 else text) for number, (title, text) in enumerate(rows)]


def write_articles(folder: Path, rows: Sequence[Row]) -> Path:
    """Write a corpus folder of articles alone, one for each passage, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "articles.jsonl", articles_of(rows))
    return folder


def write_service_corpus(folder: Path, demo: Corpus, rows: Sequence[Row], texts: CaseTexts, cases: int) -> Path:
    """Write a corpus folder of all kinds and return it.

    It holds the demo corpus's articles, templates and actions, an article for each passage, and ``cases`` solved cases
    of a hundred words that used what the demo case did that they begin like.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "articles.jsonl", [*map(to_json, demo.articles), *articles_of(rows)])
    _write(folder / "templates.jsonl", map(to_json, demo.templates))
    _write(folder / "actions.jsonl", map(to_json, demo.actions))
    _write(folder / "cases.jsonl", (to_json(_solved(texts, number)) for number in range(cases)))
    return folder


def _solved(texts: CaseTexts, number: int) -> Case:
    like = texts.case(number)
    return replace(
        like,
        id=f"k-{number:07d}",
        subject=None,
        description=texts.text(number, CASE_WORDS),
        messages=(),
        articles=_known_at_once(like.articles),
        templates=_known_at_once(like.templates),
        actions=_known_at_once(like.actions),
    )


def _known_at_once(uses: Iterable[Use]) -> tuple[Use, ...]:
    return tuple(Use(id=use.id) for use in uses)


def _write(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
