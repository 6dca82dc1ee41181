"""Haystack's hybrid retrieval: BM25 and dense, joined by reciprocal ranks, as its tutorial shows."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.rivals.job import asked_text, main, whole_text

_QUERY, _PASSAGE = "query: ", "passage: "


@dataclass(slots=True)
class HaystackHybrid:
    """Two retrievers over an in-memory store; the prompts of the model's family are given as prefixes."""

    model: str
    _pipeline: list[Any] = field(default_factory=list)

    def build(self, documents: Sequence[Mapping[str, str]]) -> None:
        """Encode and store title and text of each document."""
        store = InMemoryDocumentStore()
        embedder = SentenceTransformersDocumentEmbedder(
            model=self.model, prefix=_PASSAGE, normalize_embeddings=True, progress_bar=False
        )
        kept = [Document(content=whole_text(each), meta={"key": each["id"]}) for each in documents]
        store.write_documents(embedder.run(documents=kept)["documents"])
        pipeline = Pipeline()
        text_embedder = SentenceTransformersTextEmbedder(
            model=self.model, prefix=_QUERY, normalize_embeddings=True, progress_bar=False
        )
        pipeline.add_component("text_embedder", text_embedder)
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(store))
        pipeline.add_component("bm25", InMemoryBM25Retriever(store))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        pipeline.connect("text_embedder", "dense")
        pipeline.connect("bm25", "joiner")
        pipeline.connect("dense", "joiner")
        self._pipeline = [pipeline]

    def rank(self, question: Mapping[str, str], depth: int) -> list[str]:
        """Return the ids of the best documents."""
        text = asked_text(question)
        answer = self._pipeline[0].run(
            {"text_embedder": {"text": text}, "bm25": {"query": text, "top_k": depth}, "dense": {"top_k": depth}}
        )
        return [document.meta["key"] for document in answer["joiner"]["documents"][:depth]]


def _open(job: Mapping[str, Any]) -> HaystackHybrid:
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    torch.set_num_threads(job["threads"])
    return HaystackHybrid(job["model"])


if __name__ == "__main__":
    sys.exit(main(_open, ("haystack-ai", "sentence-transformers-haystack", "torch")))
