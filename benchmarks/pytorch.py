"""``python -m benchmarks.pytorch``: time a model in PyTorch, in a process of its own.

Reads ``{"model", "threads", "rounds", "texts": {WORDS: [text]}, "vectors": folder}`` from stdin, prints the percentiles
of each length and writes its vectors as ``WORDS.npy``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from benchmarks.percentiles import percentiles, settled, timed
from index.encoders.sentence_transformer import SentenceTransformerEncoder


def main() -> int:
    """Do one job."""
    job = json.load(sys.stdin)
    encoder = SentenceTransformerEncoder(job["model"], threads=job["threads"])
    found = {}
    for words, texts in job["texts"].items():
        vectors = encoder.encode(texts, role="query")
        np.save(Path(job["vectors"]) / f"{words}.npy", vectors, allow_pickle=False)
        settled()
        found[words] = percentiles(
            timed(lambda text: encoder.encode([text], role="query"), texts, rounds=job["rounds"])
        )
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
