"""The encoder, one text at a time, beside the same model in PyTorch with 32-bit numbers."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.material import case_texts, demo_corpus
from benchmarks.percentiles import percentiles, settled, timed
from benchmarks.plan import ROOT, Found, Plan, Say, service_variables
from benchmarks.programs import output_of
from index.encoder import Encoder
from index.encoders import open_encoder
from index.weights import ADAPTED, PACKAGED

NAME = "encoder"
WORDS = (10, 60, 100, 150)
THREADS = (1, 2)
# The goal is for both with as many threads.
COMPARED_THREADS = 2
_FOLDERS = {"packaged": ADAPTED, "plain": PACKAGED}


def run(plan: Plan, say: Say) -> Found:
    """Time texts of several lengths, each encoded alone, and compare the packaged model with its PyTorch twin."""
    texts = _texts(plan)
    served = {}
    vectors: dict[str, NDArray[np.float32]] = {}
    for threads in THREADS:
        say(f"encoder {plan.encoder}, {threads} threads")
        encoder = open_encoder(plan.encoder, plan.models, threads=threads)
        served[str(threads)] = {words: _timed(encoder, some, plan.rounds) for words, some in texts.items()}
        vectors = {words: encoder.encode(some, role="query") for words, some in texts.items()}
    return {"texts": plan.samples, "milliseconds": served, "pytorch": _pytorch(plan, texts, served, vectors, say)}


def _texts(plan: Plan) -> dict[str, list[str]]:
    written = case_texts(demo_corpus(ROOT))
    return {str(words): [written.text(number, words) for number in range(plan.samples)] for words in WORDS}


def _timed(encoder: Encoder, texts: Sequence[str], rounds: int) -> dict[str, float]:
    encoder.encode(texts[:3], role="query")
    settled()
    return percentiles(timed(lambda text: encoder.encode([text], role="query"), texts, rounds=rounds))


def _pytorch(
    plan: Plan, texts: dict[str, list[str]], served: dict[str, Any], vectors: dict[str, NDArray[np.float32]], say: Say
) -> Found:
    if plan.encoder not in _FOLDERS:
        return {"compared": False, "why": f"the encoder {plan.encoder} has no twin in PyTorch"}
    say(f"the same model in PyTorch, {COMPARED_THREADS} threads")
    with tempfile.TemporaryDirectory() as folder:
        job = {
            "model": str((plan.models / _FOLDERS[plan.encoder]).resolve()),
            "threads": COMPARED_THREADS,
            "rounds": plan.rounds,
            "texts": texts,
            "vectors": folder,
        }
        # PyTorch must not come into this process.
        command = [sys.executable, "-m", "benchmarks.pytorch"]
        milliseconds = json.loads(output_of(command, service_variables(plan), given=json.dumps(job)))
        cosines = [_cosines(vectors[words], Path(folder) / f"{words}.npy") for words in texts]
    every = np.concatenate(cosines)
    ours = served[str(COMPARED_THREADS)]
    return {
        "compared": True,
        "threads": COMPARED_THREADS,
        "milliseconds": milliseconds,
        "ratio": {words: round(ours[words]["p50"] / milliseconds[words]["p50"], 3) for words in texts},
        "cosine": {"mean": round(float(every.mean()), 5), "least": round(float(every.min()), 5)},
    }


def _cosines(vectors: NDArray[np.float32], file: Path) -> NDArray[np.float32]:
    others = np.load(file, allow_pickle=False)
    cosines: NDArray[np.float32] = np.einsum("td,td->t", vectors, others)
    return cosines
