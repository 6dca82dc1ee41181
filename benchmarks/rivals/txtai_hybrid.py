"""txtai's hybrid search, dense and BM25 at equal weights, as its documentation shows."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from txtai import Embeddings

from benchmarks.rivals.job import asked_text, main, whole_text


@dataclass(slots=True)
class TxtaiHybrid:
    """An embeddings database with ``hybrid=True``; the prompts are those that the model defines."""

    embeddings: Any

    def build(self, documents: Sequence[Mapping[str, str]]) -> None:
        """Index title and text of each document."""
        self.embeddings.index((each["id"], whole_text(each), None) for each in documents)

    def rank(self, question: Mapping[str, str], depth: int) -> list[str]:
        """Return the ids of the best documents."""
        return [str(found) for found, _ in self.embeddings.search(asked_text(question), depth)]


def _open(job: Mapping[str, Any]) -> TxtaiHybrid:
    torch.set_num_threads(job["threads"])
    return TxtaiHybrid(Embeddings(path=job["model"], hybrid=True, gpu=False))


if __name__ == "__main__":
    sys.exit(main(_open, ("txtai", "torch", "faiss-cpu")))
