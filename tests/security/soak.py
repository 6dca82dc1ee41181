"""A service that answers for long and swaps often: what it holds on to.

    python -m tests.security.soak --requests 100000 --swaps 20

measures what reliability tests R3 and R18 ask for and prints it: requests that failed and answers made of more than one
snapshot while snapshots are built and swapped, and memory, threads and open files of the workers after a warm-up and at
the end. The encoder is the toy, so that the time goes into requests.
"""

from __future__ import annotations

import argparse
import http.client
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from assist.models import SUGGEST_KINDS
from assist.signing import SuggestionSigner, load_secret
from benchmarks.hardware import fields
from benchmarks.memory import children
from index.builder import build
from index.encoders.toy import ToyEncoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from tests.security.wire import ROOT, Wired

REQUESTS = 100_000
SWAPS = 20
CLIENTS = 2
# The first rounds fill caches, arenas of the allocator and the pool of threads.
WARM_UP = 0.2
PROBLEMS = (
    "Mein Internet geht nicht, die Lampe blinkt rot.",
    "Warum wurde die Rechnung zweimal abgebucht?",
    "Ich möchte den Vertrag zum Monatsende kündigen.",
    "Wie aktiviere ich meine eSIM auf dem neuen Telefon?",
)


@dataclass(frozen=True)
class Held:
    """What the processes of a service hold: resident memory, threads and open files, in sum."""

    rss_kib: int
    threads: int
    files: int


@dataclass
class Answers:
    """What came back: how often each status, of which snapshots, and how many answers were made of several."""

    statuses: Counter[int] = field(default_factory=Counter)
    snapshots: set[str] = field(default_factory=set)
    mixed: int = 0

    def add(self, other: Answers) -> None:
        """Count what another client got."""
        self.statuses += other.statuses
        self.snapshots |= other.snapshots
        self.mixed += other.mixed


def held(process: int) -> Held:
    """Return what a process and its children hold, out of ``/proc``."""
    every = list(_family(process))
    status = [fields(Path(f"/proc/{each}/status")) for each in every]
    return Held(
        rss_kib=sum(int(each["VmRSS"].split()[0]) for each in status),
        threads=sum(int(each["Threads"]) for each in status),
        files=sum(len(list(Path(f"/proc/{each}/fd").iterdir())) for each in every),
    )


def _family(process: int) -> Iterator[int]:
    yield process
    for child in children(process):
        yield from _family(child)


def soak(service: Wired, corpus: Path, requests: int, swaps: int) -> dict[str, Any]:
    """Ask so many times, build and swap so often meanwhile, and return what came back and what was held."""
    each = requests // swaps
    settings = IndexSettings(var=service.var, models=ROOT / "models", encoder="toy")
    signer = SuggestionSigner(load_secret(service.var))
    answers = Answers()
    rows: list[Held] = []
    for swap in range(swaps):
        _edit(corpus, swap)
        with ThreadPoolExecutor(CLIENTS) as pool:
            asked = pool.map(lambda part: _ask(service.port, part, each, signer), range(CLIENTS))
            build(settings, ToyEncoder(), corpus, SilentReporter())
            for found in asked:
                answers.add(found)
        rows.append(held(service.process.pid))
    warm = rows[max(0, round(WARM_UP * swaps) - 1)]
    return {
        "requests": sum(answers.statuses.values()),
        "failed": sum(count for status, count in answers.statuses.items() if status != HTTPStatus.OK),
        "of_more_than_one_snapshot": answers.mixed,
        "statuses": dict(answers.statuses),
        "snapshots_served": len(answers.snapshots),
        "after_warm_up": asdict(warm),
        "at_the_end": asdict(rows[-1]),
        "rss_growth": {"found": round(rows[-1].rss_kib / warm.rss_kib - 1, 4), "goal": 0.05},
        "rss_mib": [round(row.rss_kib / 1024) for row in rows],
    }


def _edit(corpus: Path, number: int) -> None:
    file = corpus / "articles.jsonl"
    first, *others = file.read_text(encoding="utf-8").splitlines()
    changed = {**json.loads(first), "summary": f"Ausgabe {number}"}
    file.write_text("\n".join([json.dumps(changed, ensure_ascii=False), *others]) + "\n", encoding="utf-8")


def _ask(port: int, part: int, number: int, signer: SuggestionSigner) -> Answers:
    found = Answers()
    for row in range(part, number, CLIENTS):
        case = {"description": f"{PROBLEMS[row % len(PROBLEMS)]} Vorgang {row}.", "language": "de"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/v1/suggest", json.dumps({"case": case, "min_confidence": 0}), headers)
            answer = connection.getresponse()
            body = json.loads(answer.read())
            found.statuses[answer.status] += 1
            served = {body.get("snapshot", ""), *_snapshots_of_items(body, signer)}
            found.snapshots |= served
            found.mixed += len(served) > 1
        finally:
            connection.close()
    return found


def _snapshots_of_items(body: dict[str, Any], signer: SuggestionSigner) -> Iterator[str]:
    """Yield the snapshot that every suggestion of an answer says to come from."""
    for kind in SUGGEST_KINDS:
        for item in body.get(kind, ()):
            yield signer.read(item["suggestion_id"]).snapshot


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.soak", description="Measure R3 and R18.")
    parser.add_argument("--requests", type=int, default=REQUESTS, help=f"how many requests ({REQUESTS})")
    parser.add_argument("--swaps", type=int, default=SWAPS, help=f"how many swaps between them ({SWAPS})")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        shutil.copytree(ROOT / "corpus" / "demo", corpus)
        service = Wired(Path(folder), corpus)
        try:
            service.wait_until_ready()
            print(json.dumps(soak(service, corpus, options.requests, options.swaps), indent=2))
        finally:
            service.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
