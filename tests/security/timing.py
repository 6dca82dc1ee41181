"""Whether the time of an answer tells a hidden id from an unknown one.

    python -m tests.security.timing --rounds 5000

asks the real application, in turn and in random order, for records that the caller may not see and for ids that never
were, and prints the medians with a permutation test of their difference: a small p would say that they can be told.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from corpus.folder import read_corpus
from corpus.models import KINDS
from tests.conftest import small_corpus, write_folder
from tests.security.toy_service import Indexer, application

HIDDEN, UNKNOWN = "nur-fuer-andere", "nirgends-sonst1"  # of the same length
PERMUTATIONS = 2_000


def measure(client: FlaskClient, rounds: int) -> dict[str, Any]:
    """Return medians in microseconds, and how often chance alone makes as large a difference."""
    chance = random.Random(7)
    took: dict[str, list[float]] = {HIDDEN: [], UNKNOWN: []}
    for number in range(rounds + rounds // 10):
        for name in chance.sample((HIDDEN, UNKNOWN), 2):
            began = time.perf_counter_ns()
            status = client.get(f"/v1/articles/{name}").status_code
            ended = time.perf_counter_ns()
            assert status == 404
            if number >= rounds // 10:  # the first ones are slow
                took[name].append((ended - began) / 1_000)
    hidden, unknown = took[HIDDEN], took[UNKNOWN]
    return {
        "rounds": rounds,
        "hidden_median_us": round(statistics.median(hidden), 2),
        "unknown_median_us": round(statistics.median(unknown), 2),
        "difference_us": round(statistics.median(hidden) - statistics.median(unknown), 3),
        "p": round(_p_value(hidden, unknown, chance), 4),
    }


def _p_value(hidden: Sequence[float], unknown: Sequence[float], chance: random.Random) -> float:
    """Return the two-sided p of the median of the paired differences, by flipping their signs."""
    pairs = [one - other for one, other in zip(hidden, unknown, strict=True)]
    found = abs(statistics.median(pairs))
    larger = sum(
        abs(statistics.median(pair if chance.getrandbits(1) else -pair for pair in pairs)) >= found
        for _ in range(PERMUTATIONS)
    )
    return (larger + 1) / (PERMUTATIONS + 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.timing", description="Can hidden ids be told?")
    parser.add_argument("--rounds", type=int, default=5_000, help="requests for each of the two ids (5000)")
    options = parser.parse_args(arguments)
    rows = small_corpus()
    hidden = {**rows["articles"][0], "id": HIDDEN, "audience": ["second_level"]}
    rows["articles"] = [*rows["articles"], hidden]
    with tempfile.TemporaryDirectory() as folder:
        corpus = read_corpus(write_folder(Path(folder) / "corpus", rows))
        engine = Indexer(Path(folder)).suggester({kind: getattr(corpus, kind) for kind in KINDS})
        print(json.dumps(measure(application(engine).test_client(), options.rounds), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
