"""How many suggestions a second the real service answers, beside what its encoder alone sustains on all cores."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.load import Answered, waiting_clients
from benchmarks.plan import Found, Plan, Say, cores
from benchmarks.service import running_service
from benchmarks.worlds import World, world_of
from corpus.models import Case
from index.encoder import Encoder
from index.encoders import open_encoder

NAME = "throughput"
BODIES = 500
_WARM_UP_CLIENTS, _WARM_UP_S = 4, 3.0


def run(plan: Plan, say: Say) -> Found:
    """Let ever more clients ask, each step for the seconds of the plan."""
    world = world_of(plan, plan.passages, plan.cases, say)
    say("the encoder alone on all cores")
    alone = _encoder_alone(plan, world)
    bodies = [json.dumps(world.question(number)) for number in range(BODIES)]
    with running_service(world.var, plan) as service:
        service.wait_until_ready()
        waiting_clients(service.port, bodies, _WARM_UP_CLIENTS, min(plan.seconds, _WARM_UP_S))
        steps = []
        for clients in plan.clients:
            say(f"{clients} clients for {plan.seconds:g} s")
            answered = waiting_clients(service.port, bodies, clients, plan.seconds)
            steps.append(_step(clients, answered, plan.seconds, best=max(alone.values())))
    return {**world.facts, "seconds": plan.seconds, "encoder_alone_per_second": alone, "steps": steps}


def _step(clients: int, answered: Answered, seconds: float, *, best: float) -> Found:
    rate = answered.rate(seconds)
    shares = {"per_second": round(rate, 2), "share_of_encoder": round(rate / best, 3)}
    return {"clients": clients, **shares, **answered.summary()}


def _encoder_alone(plan: Plan, world: World) -> dict[str, float]:
    """Return texts a second: each spread over the cores, and by one session of one thread a core, as a build does."""
    texts = [_known(world, number) for number in range(BODIES)]
    spread = open_encoder(plan.encoder, plan.models, threads=cores())
    single = open_encoder(plan.encoder, plan.models, threads=1)
    return {
        "spread": _rate(spread, texts, 1, plan.seconds),
        "one_thread_a_core": _rate(single, texts, cores(), plan.seconds),
    }


def _known(world: World, number: int) -> str:
    case = Case(id="", description=world.question(number)["case"]["description"], language="de")
    return world.settings.index.masking.search_text(case).text


def _rate(encoder: Encoder, texts: Sequence[str], workers: int, seconds: float) -> float:
    """Return texts encoded a second, by so many workers at once, for at least so many seconds."""
    encoder.encode(texts[:8], role="query")
    begin, done = time.perf_counter(), 0
    with ThreadPoolExecutor(workers) as pool:
        while time.perf_counter() - begin < seconds:
            if workers == 1:
                encoder.encode(texts, role="query")
            else:
                list(pool.map(lambda text: encoder.encode([text], role="query"), texts))
            done += len(texts)
    return round(done / (time.perf_counter() - begin), 2)
