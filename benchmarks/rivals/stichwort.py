"""Stichwort itself: its index and its suggester, with nothing known of solved cases."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assist.models import SuggestRequest
from assist.scorer import scorer_without, shipped_scorer
from assist.suggest import Suggester
from benchmarks.rivals.job import main
from corpus.language import LanguageIdentifier
from corpus.models import Article, Case
from evaluation.workbench import Workbench
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.encoders import open_encoder
from index.progress import SilentReporter


@dataclass(slots=True)
class Stichwort:
    """The suggester, asked for articles and told not to abstain; its scorer never saw the family of the set."""

    encoder: Encoder
    family: str
    _suggester: list[Suggester] = field(default_factory=list)

    def build(self, documents: Sequence[Mapping[str, str]]) -> None:
        """Index documents as articles, in memory."""
        articles = [
            Article(id=each["id"], title=each["title"], body=each["text"], language=each["language"], format="text")
            for each in sorted(documents, key=lambda each: each["id"])
        ]
        with tempfile.TemporaryDirectory() as folder, EmbeddingCache(Path(folder) / "embeddings.sqlite") as cache:
            bench = Workbench(
                encoder=self.encoder,
                cache=cache,
                identifier=LanguageIdentifier.load(),
                reporter=SilentReporter(),
                scorer=shipped_scorer(scorer_without(self.family)),
            )
            self._suggester.append(bench.open({"articles": articles})[1])

    def rank(self, question: Mapping[str, str], depth: int) -> list[str]:
        """Return the ids of the articles suggested."""
        case = Case(id="", subject=question["subject"] or None, description=question["text"])
        request = SuggestRequest(case=case, limits={"articles": depth}, min_confidence=0.0)
        return [each.id for each in self._suggester[-1].suggest(request).articles or ()]


def _open(job: Mapping[str, Any]) -> Stichwort:
    model = Path(job["model"])
    return Stichwort(open_encoder(job["encoder"], model.parent, threads=job["threads"]), job["family"])


if __name__ == "__main__":
    sys.exit(main(_open, ("onnxruntime", "faiss-cpu")))
