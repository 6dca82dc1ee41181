"""A state directory with a built index of any size, and questions to ask of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assist.settings import Settings, read_settings
from benchmarks.corpora import CASE_WORDS, write_service_corpus
from benchmarks.material import CaseTexts, case_texts, demo_corpus, read_passages
from benchmarks.plan import ROOT, Found, Plan, Say
from benchmarks.random_encoder import RandomEncoder
from evaluation.caching_encoder import CachingEncoder
from index.builder import build
from index.embedding_cache import EmbeddingCache
from index.encoders import open_encoder
from index.progress import SilentReporter

# No case of the index has the number of a question, whatever its size.
_QUESTIONS_FROM = 150_000
# Every answer is asked for as if at this time, so that the same question has the same answer.
AS_OF = "2026-11-01T12:00:00Z"
_WORLDS, _DONE = "worlds", "built.json"


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


def world_of(plan: Plan, passages: int, cases: int, say: Say) -> World:
    """Return an index of so many passages and solved cases beside the demo corpus's items.

    One that this run of the program built is used again. Vectors come from the benchmark's own cache and stay there;
    above ``real_up_to`` passages they are random, which size and start do not tell from real ones.
    """
    folder = plan.folder / _WORLDS / f"{passages}-{cases}"
    texts = case_texts(demo_corpus(ROOT))
    settings = read_settings(plan.environment, var=folder / "var")
    facts = _facts(folder, plan.run)
    if facts is None:
        say(f"building an index of {passages} passages and {cases} cases")
        facts = _built(plan, folder, settings, texts, (passages, cases))
    return World(settings=settings, texts=texts, facts=facts)


def remove_worlds(plan: Plan) -> None:
    """Remove all indexes that were built; vectors stay."""
    folder = plan.folder / _WORLDS
    if folder.exists():
        shutil.rmtree(folder)


def _built(plan: Plan, folder: Path, settings: Settings, texts: CaseTexts, size: tuple[int, int]) -> Found:
    if folder.exists():
        shutil.rmtree(folder)
    passages, cases = size
    demo = demo_corpus(ROOT)
    material = read_passages(plan.sections, passages, demo, plan.seed)
    corpus = write_service_corpus(folder / "corpus", demo, material.rows, texts, cases)
    with EmbeddingCache(plan.cache) as cache:
        true = open_encoder(plan.encoder, plan.models, threads=plan.threads)
        real = passages <= plan.real_up_to
        encoder = CachingEncoder(true, cache) if real else RandomEncoder(true, plan.seed)
        report = build(settings.index, encoder, corpus, SilentReporter())
    facts = {
        "passages": passages,
        "source": material.source,
        "vectors": "real" if real else "random",
        "records": dict(report.snapshot.counts),
    }
    (folder / _DONE).write_text(json.dumps({"run": plan.run, "facts": facts}), encoding="utf-8")
    return facts


def _facts(folder: Path, run: str) -> Found | None:
    """Return what is in an index that this run has built; ``None`` where it has built none."""
    done = folder / _DONE
    if not done.is_file():
        return None
    kept = json.loads(done.read_text(encoding="utf-8"))
    facts: Found = kept["facts"]
    return facts if kept["run"] == run else None
