"""Building an index by the command: whole, and again after one article in a hundred changed."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpora import changed, write_articles
from benchmarks.material import Row, demo_corpus, read_passages
from benchmarks.plan import ROOT, Found, Plan, Say, cores, service_variables
from benchmarks.programs import output_of
from index.encoders import open_encoder

NAME = "build"
CHANGED_EVERY = 100
_ENCODED = 1_000


def run(plan: Plan, say: Say) -> Found:
    """Build an index of the plan's passages, each an article of its own, then change 1 % and build again."""
    material = read_passages(plan.sections, plan.passages, demo_corpus(ROOT), plan.seed)
    folder = plan.folder / "build"
    _remove(folder)
    try:
        say(f"the encoder over {min(_ENCODED, plan.passages)} passages at once, before and after")
        before = _batch_rate(plan, material.rows)
        say(f"building an index of {plan.passages} passages")
        full = _build(plan, folder, write_articles(folder / "corpus", material.rows))
        after = _batch_rate(plan, material.rows)
        say("building it again, one passage in a hundred changed")
        part = _build(plan, folder, write_articles(folder / "corpus", changed(material.rows, CHANGED_EVERY)))
    finally:
        _remove(folder)
    rate = plan.passages / full["seconds"]
    # A build takes minutes, in which the pace of a machine may change: the rate of a moment would be that of another.
    batch = (before + after) / 2
    return {
        "passages": plan.passages,
        "source": material.source,
        "encoder_batch_per_second": round(batch, 2),
        "encoder_before_and_after": [round(before, 2), round(after, 2)],
        "full": {**full, "passages_per_second": round(rate, 2)},
        "changed": {**part, "share_of_articles": 1 / CHANGED_EVERY},
        "share_of_encoder": round(rate / batch, 3),
        "share_of_full": round(part["seconds"] / full["seconds"], 3),
    }


def _batch_rate(plan: Plan, rows: Sequence[Row]) -> float:
    """Return how many of these passages the encoder takes a second, given many at once, on all cores."""
    encoder = open_encoder(plan.encoder, plan.models, threads=cores(), many=True)
    texts = [f"{title}\n{text}" for title, text in rows[:_ENCODED]]
    encoder.encode(texts[:8], role="passage")
    begin = time.perf_counter()
    encoder.encode(texts, role="passage")
    return len(texts) / (time.perf_counter() - begin)


def _build(plan: Plan, folder: Path, corpus: Path) -> dict[str, Any]:
    # Titles of documentation are no questions: the check that asks them must not refuse the index.
    command = [sys.executable, "-m", "index", "build", "--var", str((folder / "var").resolve())]
    begin = time.perf_counter()
    told = output_of([*command, "--corpus", str(corpus.resolve()), "--force", "--json"], service_variables(plan))
    seconds = time.perf_counter() - begin
    return {"seconds": round(seconds, 2), "imported": json.loads(told)["imported"]}


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
