"""A running service whose encoder is changed: no request fails, and no answer mixes the vectors of two encoders.

    python -m tests.security.encoder_change --requests 2000

Clients ask two workers without pause while the operator, by commands alone, builds with an encoder of another
dimension, puts an own encoder to use, goes back a snapshot, and restarts the workers. Every answer is then held against
that of a single process over the same snapshot with the encoder that built it: an answer out of vectors of two encoders
would have other scores. The encoders are quick ones of the kinds that are shipped and fitted.
"""

from __future__ import annotations

import argparse
import functools
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assist.api.convert import to_suggest_request
from assist.api.serialise import suggestions_json
from assist.models import SUGGEST_KINDS
from assist.opening import encoder_for, suggester_parts, up_to_date
from assist.schemas import SuggestBody
from assist.settings import Settings
from assist.signing import SuggestionSigner, load_secret
from assist.suggest import Suggester
from index.embedding_cache import EmbeddingCache
from index.own_encoder import encoders_folder, use_own_encoder
from index.settings import IndexSettings
from index.snapshot import current, rollback
from index.snapshot_verify import load_verified
from index.weights import ADAPTED
from tests.conftest import small_corpus, write_folder
from tests.security.wire import ROOT, WAIT, Wired, request
from tests.tiny_encoder import write_tiny_encoder

REQUESTS = 2_000
CLIENTS = 3
WORKERS = 2
_SERVING = re.compile(r'^stichwort_snapshot_built_time_seconds\{pid="(\d+)"', re.MULTILINE)
OWN = "own-1"
AS_OF = "2026-11-01T12:00:00Z"
CLOSE = 1e-5
TEXTS = (
    "Mein Internet geht nicht, die Lampe blinkt rot.",
    "Warum wurde die Rechnung doppelt abgebucht?",
    "Ich möchte den Vertrag zum Monatsende kündigen.",
    "How do I activate my eSIM?",
)


@dataclass
class Heard:
    """What clients got: the first fault of each kind, how many there were, and each different answer once."""

    requests: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    mixed: int = 0
    step: str = ""
    longest_s: dict[str, float] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_snapshot: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, text: str, status: int, body: dict[str, Any], snapshots: set[str], took_s: float) -> None:
        """Count one answer."""
        with self.lock:
            self.requests += 1
            self.longest_s[self.step] = round(max(self.longest_s.get(self.step, 0.0), took_s), 2)
            if status != 200:
                self.failed[f"{status} {body.get('detail')}"] += 1
                return
            self.mixed += len(snapshots) != 1
            self.by_snapshot[body["snapshot"]] += 1
            told = _told(body)
            self.answers[json.dumps([text, told])] = {"text": text, **told}

    def fail(self, why: str) -> None:
        """Count a request without an answer."""
        with self.lock:
            self.requests += 1
            self.failed[why] += 1


class World:
    """A state with a service, and what an operator does to it; ``setting`` is what ``ASSIST_ENCODER`` says."""

    def __init__(self, root: Path) -> None:
        self.models, self.var = root / "models", root / "var"
        write_tiny_encoder(self.models / ADAPTED, seed=1)
        write_tiny_encoder(encoders_folder(self.settings("packaged")) / OWN, seed=2)
        self.corpus = write_folder(root / "corpus", small_corpus())
        self.build("toy")
        self.service = Wired(root, self.corpus, ASSIST_WORKERS=str(WORKERS), ASSIST_MODELS=str(self.models))

    def wait_until_ready(self) -> None:
        """Return once every worker serves: the first one that does answers for the others when it is asked."""
        self.service.wait_until_ready()
        self._wait_for(lambda now: len(now) == WORKERS)

    def settings(self, encoder: str) -> IndexSettings:
        """Return the settings with which an index is built or opened."""
        return IndexSettings(var=self.var, models=self.models, encoder=encoder, threads=1)

    def build(self, encoder: str) -> None:
        """Build the index with an encoder, as ``make reindex`` does."""
        variables = {**os.environ, "ASSIST_ENCODER": encoder, "ASSIST_MODELS": str(self.models), "ASSIST_THREADS": "1"}
        command = [sys.executable, "-m", "index", "build", "--var", str(self.var), "--corpus", str(self.corpus)]
        subprocess.run(command, cwd=ROOT, env=variables, check=True, capture_output=True)

    def build_with_own(self) -> None:
        """Put the own encoder to use, as ``make fit-encoder`` does, and build."""
        use_own_encoder(self.settings("packaged"), OWN)
        self.build("packaged")

    def restart_workers(self) -> None:
        """Restart all workers at once; who asks meanwhile waits for the new ones."""
        before = self._workers()
        self.service.process.send_signal(signal.SIGHUP)
        self._wait_for(lambda now: len(now) == WORKERS and not now & before)

    def replace_workers(self) -> None:
        """Replace the workers one by one, each once the next one serves."""
        for _ in range(WORKERS):
            before = self._workers()
            self.service.process.send_signal(signal.SIGTTIN)
            self._wait_for(lambda now: len(now) == WORKERS + 1)
            self.service.process.send_signal(signal.SIGTTOU)
            self._wait_for(lambda now, before=before: len(now) == WORKERS and now != before)

    def _wait_for(self, holds: Callable[[set[str]], bool]) -> None:
        end = time.monotonic() + WAIT
        while not holds(now := self._workers()):
            if time.monotonic() > end:
                raise TimeoutError(f"the workers that serve are still {now}")
            time.sleep(0.2)

    def _workers(self) -> set[str]:
        """Return the processes that serve a snapshot, as the service itself tells."""
        (reply,) = self.service.send(request("GET", "/metrics"))
        return set(_SERVING.findall(reply.body.decode("utf-8")))

    def reference(self, snapshot: str) -> Suggester:
        """Return one suggester over a snapshot, with the encoder that built it."""
        settings = Settings(index=self.settings("toy"))
        verified = load_verified(self.var, snapshot)
        encoder = encoder_for(verified, settings)
        with EmbeddingCache(settings.index.embedding_cache) as cache:
            return Suggester(up_to_date(verified, encoder, settings, cache), suggester_parts(settings, encoder))


def change(world: World, requests: int) -> dict[str, Any]:
    """Change the encoder in every way while clients ask, and return what they got."""
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("an encoder of another dimension", lambda: world.build("packaged")),
        ("an own encoder", world.build_with_own),
        ("back to the snapshot before", lambda: rollback(world.var)),
        ("workers replaced one by one", world.replace_workers),
        ("workers restarted at once", world.restart_workers),
    )
    heard, done = Heard(), threading.Event()
    signer = SuggestionSigner(load_secret(world.var))
    clients = [
        threading.Thread(target=_ask, args=(world.service.port, each, heard, done, signer)) for each in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        for number, (name, step) in enumerate(steps, start=1):
            heard.step = name
            step()
            _serves(heard, current(world.var) or "", at_least=requests * number // len(steps))
    finally:
        done.set()
        for client in clients:
            client.join()
    return {
        "requests": heard.requests,
        "failed": dict(heard.failed),
        "longest_s": heard.longest_s,
        "of_more_than_one_snapshot": heard.mixed,
        "different_answers": len(heard.answers),
        "unlike_a_single_process": _unlike(world, heard),
        "by_snapshot": {name: heard.by_snapshot[name] for name in sorted(heard.by_snapshot)},
        "encoders": sorted({answer["encoder"] for answer in heard.answers.values()}),
    }


def _serves(heard: Heard, snapshot: str, at_least: int) -> None:
    """Wait until so many requests were made and the snapshot answers."""
    end = time.monotonic() + WAIT
    before = heard.by_snapshot[snapshot]
    while heard.requests < at_least or heard.by_snapshot[snapshot] - before < 20 * CLIENTS:
        if time.monotonic() > end:
            raise TimeoutError(f"snapshot {snapshot} never served: {heard.by_snapshot}, {heard.failed}")
        time.sleep(0.05)


def _ask(port: int, part: int, heard: Heard, done: threading.Event, signer: SuggestionSigner) -> None:
    number = part
    while not done.is_set():
        number += 1
        text = TEXTS[number % len(TEXTS)]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            begin = time.monotonic()
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/v1/suggest", json.dumps(_question(text)), headers)
            answer = connection.getresponse()
            body = json.loads(answer.read())
            heard.add(text, answer.status, body, set(_snapshots(body, signer)), time.monotonic() - begin)
        except (OSError, http.client.HTTPException) as error:
            heard.fail(type(error).__name__)
        finally:
            connection.close()


def _question(text: str) -> dict[str, Any]:
    return {"case": {"description": text}, "min_confidence": 0, "as_of": AS_OF}


def _snapshots(body: dict[str, Any], signer: SuggestionSigner) -> Iterator[str]:
    yield body.get("snapshot", "")
    for kind in SUGGEST_KINDS:
        for item in body.get(kind, ()):
            yield signer.read(item["suggestion_id"]).snapshot


def _told(body: dict[str, Any]) -> dict[str, Any]:
    """Return of an answer what depends on vectors."""
    items = {kind: [(item["id"], item["score"], item["confidence"]) for item in body[kind]] for kind in SUGGEST_KINDS}
    return {"snapshot": body["snapshot"], "encoder": body["model"]["encoder"], "items": items}


def _unlike(world: World, heard: Heard) -> int:
    """Return how many of the different answers are not those of a single process over the same snapshot."""
    reference = functools.cache(world.reference)
    unlike = 0
    for answer in heard.answers.values():
        asked = to_suggest_request(SuggestBody.model_validate(_question(answer["text"])), frozenset({"public"}))
        expected = _told(suggestions_json(reference(answer["snapshot"]).suggest(asked)))
        unlike += not _alike(answer, expected)
    return unlike


def _alike(answer: dict[str, Any], expected: dict[str, Any]) -> bool:
    if answer["encoder"] != expected["encoder"]:
        return False
    for kind in SUGGEST_KINDS:
        found, wanted = answer["items"][kind], expected["items"][kind]
        if [item[0] for item in found] != [item[0] for item in wanted]:
            return False
        pairs = zip(found, wanted, strict=True)
        if any(abs(one - other) > CLOSE for a, b in pairs for one, other in zip(a[1:], b[1:], strict=True)):
            return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Change the encoder under load and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.encoder_change", description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS, help=f"how many requests at least ({REQUESTS})")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        try:
            world.wait_until_ready()
            print(json.dumps(change(world, options.requests), indent=2))
        finally:
            world.service.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
