"""One suggestion of all kinds, end to end in one process, beside encoding its text alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from assist.app import create_app
from assist.bootstrap import Runtime, build_runtime
from assist.models import SUGGEST_KINDS
from assist.settings import Settings
from benchmarks.percentiles import Milliseconds, by_stage, percentiles, settled, timed
from benchmarks.plan import Found, Plan, Say
from benchmarks.service import READY_WITHIN_S, ServiceError
from benchmarks.worlds import World, world_of
from corpus.models import Case
from index.encoders import open_encoder

NAME = "suggest"
_WARM_UP = 20

_Ask = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One suggestion: the milliseconds of the whole and of encoding its text alone, and what was answered."""

    whole: float
    alone: float
    answer: dict[str, Any]


def run(plan: Plan, say: Say) -> Found:
    """Ask the application of the service, without a network between, and encode each text alone in turn."""
    world = world_of(plan, plan.passages, plan.cases, say)
    with _running(world.settings) as runtime:
        say(f"asking for {plan.samples} suggestions, {plan.rounds} rounds")
        measured = _measured(plan, world, runtime)
    with _running(replace(world.settings, recent_encodings=plan.samples)) as runtime:
        say("asking again for what was just asked")
        return {**world.facts, **measured, "again_milliseconds": _asked_again(plan, world, runtime)}


@contextmanager
def _running(settings: Settings) -> Iterator[Runtime]:
    runtime = build_runtime(settings)
    runtime.start()
    try:
        _wait_until_ready(runtime)
        yield runtime
    finally:
        runtime.stop()


def _measured(plan: Plan, world: World, runtime: Runtime) -> Found:
    ask = _asking(runtime)
    # One of its own: what the service encodes with is busy with what is measured.
    encoder = open_encoder(plan.encoder, plan.models, threads=plan.threads)
    bodies = [world.question(number) for number in range(plan.samples)]
    texts = [_known(world, body["case"]["description"]) for body in bodies]
    for body, text in zip(bodies[:_WARM_UP], texts, strict=False):
        ask(body)
        encoder.encode([text], role="query")
    settled()
    asked = []
    for _ in range(plan.rounds):
        for body, text in zip(bodies, texts, strict=True):
            begin = time.perf_counter()
            encoder.encode([text], role="query")
            between = time.perf_counter()
            answer = ask(body)
            end = time.perf_counter()
            asked.append(_Asked((end - between) * 1000, (between - begin) * 1000, answer))
    return _summed(asked)


def _asked_again(plan: Plan, world: World, runtime: Runtime) -> Milliseconds:
    """Return how long suggestions take in cases whose encodings the service remembers."""
    ask = _asking(runtime)
    bodies = [world.question(number) for number in range(plan.samples)]
    for body in bodies:
        ask(body)
    settled()
    return percentiles(timed(ask, bodies))


def _asking(runtime: Runtime) -> _Ask:
    """Return what asks the application and gives its answer; it raises ``ServiceError`` where there is none."""
    client = create_app(runtime.services).test_client()

    def ask(body: dict[str, Any]) -> dict[str, Any]:
        reply = client.post("/v1/suggest", json=body)
        if reply.status_code != HTTPStatus.OK:
            raise ServiceError(f"a suggestion was refused with {reply.status_code}: {reply.get_data(as_text=True)}")
        answer: dict[str, Any] = reply.get_json()
        return answer

    return ask


def _summed(asked: Sequence[_Asked]) -> Found:
    service, encoding = percentiles([each.whole for each in asked]), percentiles([each.alone for each in asked])
    shown = [sum(bool(each.answer[kind]) for kind in SUGGEST_KINDS) for each in asked]
    stages = by_stage(each.answer["timings_ms"] for each in asked)
    return {
        "milliseconds": {"whole": service, "encoding_alone": encoding},
        "stages": stages,
        "ratio": round(service["p50"] / encoding["p50"], 3),
        "ratio_to_own_encoding": round(service["p50"] / stages["encode"]["p50"], 3),
        "p95_over_p50": round(service["p95"] / service["p50"], 3),
        "kinds_shown": round(sum(shown) / len(shown), 2),
    }


def _known(world: World, description: str) -> str:
    """Return what the service encodes of a case."""
    return world.settings.index.masking.search_text(Case(id="", description=description, language="de")).text


def _wait_until_ready(runtime: Runtime) -> None:
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end:
        if runtime.live.engine() is not None:
            return
        time.sleep(0.05)
    raise ServiceError(f"the index did not open: {'; '.join(runtime.live.state().reasons)}")
