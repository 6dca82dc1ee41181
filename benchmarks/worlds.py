"""A state directory with a built index of any size, and questions to ask of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assist.settings import Settings, read_settings
from benchmarks.corpora import CASE_WORDS, write_service_corpus
from benchmarks.material import CaseTexts, case_texts, demo_corpus, read_passages
from benchmarks.plan import ROOT, Found, Plan, Say
from evaluation.caching_encoder import CachingEncoder
from index.builder import build
from index.embedding_cache import EmbeddingCache
from index.encoders import open_encoder
from index.progress import SilentReporter

# No case of the index has the number of a question, whatever its size.
_QUESTIONS_FROM = 150_000
# Every answer is asked for as if at this time, so that the same question has the same answer.
AS_OF = "2026-11-01T12:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A built index with its settings; ``facts`` say what is in it."""

    settings: Settings
    texts: CaseTexts
    facts: Found

    @property
    def var(self) -> Path:
        """The state directory."""
        return self.settings.index.var

    def question(self, number: int) -> dict[str, Any]:
        """Return the body of a request in a case of a hundred words that the index does not hold."""
        text = self.texts.text(_QUESTIONS_FROM + number, CASE_WORDS)
        return {"case": {"description": text, "language": "de"}, "min_confidence": 0, "as_of": AS_OF}


@contextmanager
def built_world(plan: Plan, passages: int, cases: int, say: Say) -> Iterator[World]:
    """Build an index of so many passages and solved cases beside the demo corpus's items; it goes afterwards.

    Its vectors are taken from the benchmark's own cache and kept there.
    """
    folder = plan.folder / f"world-{passages}-{cases}"
    _remove(folder)
    demo = demo_corpus(ROOT)
    texts = case_texts(demo)
    material = read_passages(plan.sections, passages, demo, plan.seed)
    corpus = write_service_corpus(folder / "corpus", demo, material.rows, texts, cases)
    settings = read_settings(plan.environment, var=folder / "var")
    say(f"building an index of {passages} passages and {cases} cases")
    try:
        with EmbeddingCache(plan.cache) as cache:
            encoder = CachingEncoder(open_encoder(plan.encoder, plan.models, threads=plan.threads), cache)
            report = build(settings.index, encoder, corpus, SilentReporter())
        facts = {"passages": passages, "source": material.source, "records": dict(report.snapshot.counts)}
        yield World(settings=settings, texts=texts, facts=facts)
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
