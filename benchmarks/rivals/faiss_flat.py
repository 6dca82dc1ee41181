"""sentence-transformers in PyTorch over a flat FAISS index, as their documentation shows."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import faiss
import torch
from sentence_transformers import SentenceTransformer

from benchmarks.rivals.job import asked_text, main, whole_text


@dataclass(slots=True)
class FaissFlat:
    """Whole documents by the model's own prompts, nearest by inner product."""

    model: SentenceTransformer
    _ids: list[str] = field(default_factory=list)
    _index: list[Any] = field(default_factory=list)

    def build(self, documents: Sequence[Mapping[str, str]]) -> None:
        """Encode in batches of the library's default size and index."""
        self._ids = [each["id"] for each in documents]
        vectors = self.model.encode_document(
            [whole_text(each) for each in documents], normalize_embeddings=True, show_progress_bar=False
        )
        index: Any = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        self._index = [index]

    def rank(self, question: Mapping[str, str], depth: int) -> list[str]:
        """Return the ids of the nearest documents."""
        vector = self.model.encode_query([asked_text(question)], normalize_embeddings=True, show_progress_bar=False)
        _, rows = self._index[0].search(vector, min(depth, len(self._ids)))
        return [self._ids[row] for row in rows[0].tolist() if row >= 0]


def _open(job: Mapping[str, Any]) -> FaissFlat:
    torch.set_num_threads(job["threads"])
    faiss.omp_set_num_threads(job["threads"])
    return FaissFlat(SentenceTransformer(job["model"], device="cpu", model_kwargs={"use_safetensors": True}))


if __name__ == "__main__":
    sys.exit(main(_open, ("sentence-transformers", "torch", "faiss-cpu")))
