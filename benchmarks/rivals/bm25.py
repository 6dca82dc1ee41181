"""BM25 alone, as the documentation of bm25s shows: stop words and a Snowball stemmer of the documents' language."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import bm25s
import Stemmer

from benchmarks.rivals.job import asked_text, main, whole_text

_SNOWBALL = {"de": "german", "en": "english"}


@dataclass(slots=True)
class Bm25:
    """bm25s with its defaults."""

    language: str
    _ids: list[str] = field(default_factory=list)
    _index: Any = field(default_factory=bm25s.BM25)

    def build(self, documents: Sequence[Mapping[str, str]]) -> None:
        """Index title and text of each document."""
        self._ids = [each["id"] for each in documents]
        self._index.index(self._tokens([whole_text(each) for each in documents]), show_progress=False)

    def rank(self, question: Mapping[str, str], depth: int) -> list[str]:
        """Return the ids of documents that share a word with the question."""
        tokens = self._tokens([asked_text(question)])
        rows, scores = self._index.retrieve(tokens, k=min(depth, len(self._ids)), show_progress=False)
        return [self._ids[row] for row, score in zip(rows[0].tolist(), scores[0].tolist(), strict=True) if score > 0]

    def _tokens(self, texts: Sequence[str]) -> Any:
        stemmer = Stemmer.Stemmer(_SNOWBALL[self.language])
        return bm25s.tokenize(list(texts), stopwords=self.language, stemmer=stemmer, show_progress=False)


def _open(job: Mapping[str, Any]) -> Bm25:
    return Bm25(job["documents"][0]["language"])


if __name__ == "__main__":
    sys.exit(main(_open, ("bm25s",)))
