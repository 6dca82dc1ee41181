"""Judged sets in the form in which rivals are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.folder import Corpus
from corpus.models import Article
from evaluation.beir import read_beir
from evaluation.metrics import measure
from evaluation.questions import Question, Ranking, Run

METRICS = ("nDCG@10", "P@1")
DEPTH = 10

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSet:
    """Documents, questions, and the ids that are right for each question."""

    name: str
    family: str
    documents: Rows
    questions: Rows
    relevant: Mapping[str, frozenset[str]]

    def scores(self, system: str, rankings: Mapping[str, Sequence[str]]) -> dict[str, float]:
        """Return how good a system's answers are, from 0 to 1."""
        run = Run(
            system=system,
            rankings={
                key: Ranking(ids=tuple(ids), scores=tuple(-float(rank) for rank in range(len(ids))))
                for key, ids in rankings.items()
            },
        )
        means = measure(self.relevant, run, METRICS).means
        return {metric: round(means[metric], 4) for metric in METRICS}


def beir_set(folder: Path, most: int, seed: int) -> AskedSet:
    """Read a BEIR folder; of more questions than ``most`` a sample is asked."""
    judged = read_beir(folder)
    chosen = _sample(judged.questions, most, seed)
    return AskedSet(
        name=judged.name,
        family=judged.family,
        documents=_documents(record for record in judged.records["articles"] if isinstance(record, Article)),
        questions=[
            {"id": each.id, "subject": each.case.subject or "", "text": each.case.description or ""} for each in chosen
        ],
        relevant={each.id: each.relevant for each in chosen},
    )


def demo_set(demo: Corpus, most: int) -> AskedSet:
    """Return the demo corpus's German articles, each asked for by its title: to see that everything works."""
    articles = [article for article in demo.articles if article.language == "de"]
    questions = [{"id": each.id, "subject": "", "text": each.title} for each in articles[:most]]
    return AskedSet(
        name="demo-titles",
        family="demo",
        documents=_documents(articles),
        questions=questions,
        relevant={each["id"]: frozenset({each["id"]}) for each in questions},
    )


def _documents(articles: Iterable[Article]) -> list[dict[str, str]]:
    return [{"id": each.id, "title": each.title, "text": each.body, "language": each.language} for each in articles]


def _sample(questions: Sequence[Question], most: int, seed: int) -> Sequence[Question]:
    if len(questions) <= most:
        return questions
    rows = np.random.default_rng(seed).permutation(len(questions))[:most].tolist()
    return [questions[row] for row in sorted(rows)]
