"""A steady load: requests arrive by chance at a given rate, whether the earlier ones were answered or not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from assist.models import SUGGEST_KINDS
from benchmarks.load import poisson_arrivals, steady_arrivals, waiting_clients
from benchmarks.parts.throughput import BODIES
from benchmarks.plan import Found, Plan, Say
from benchmarks.service import Service, running_service
from benchmarks.worlds import World, world_of

NAME = "sustained"
COMPARED = 200
TOLERANCE = 1e-5
_WARM_UP_CLIENTS, _WARM_UP_S = 4, 10.0

Item = tuple[str, float]


def run(plan: Plan, say: Say) -> Found:
    """Keep up the rate of the plan; then ask some of the same questions again, one at a time."""
    load = plan.sustained
    if load is None:
        raise ValueError("found no rate for the part sustained, expected --sustained RATE SECONDS: add it")
    world = world_of(plan, plan.passages, plan.cases, say)
    with running_service(world.var, plan) as service:
        service.wait_until_ready()
        bodies = [json.dumps(world.question(number)) for number in range(BODIES)]
        waiting_clients(service.port, bodies, _WARM_UP_CLIENTS, min(load.seconds, _WARM_UP_S))
        before = service.resident_mb()
        say(f"{load.rate:g} requests a second for {load.seconds:g} s")
        due = poisson_arrivals(load.rate, load.seconds, plan.seed)
        answered = steady_arrivals(service.port, bodies, due, COMPARED)
        after = service.resident_mb()
        return {
            **world.facts,
            "rate": load.rate,
            "seconds": load.seconds,
            "sent": len(due),
            **answered.summary(),
            "resident_mb": {"before": before, "after": after},
            "answers": _compared(world, service, answered.kept),
        }


def _compared(world: World, service: Service, kept: Mapping[int, Any]) -> Found:
    """Return how many answers were compared with those of the same service when it is free, and how many differ."""
    different = [
        number
        for number, loaded in kept.items()
        if not same_answer(loaded, service.ask(world.question(number % BODIES)))
    ]
    return {"compared": len(kept), "different": len(different), "tolerance": TOLERANCE}


def same_answer(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two answers suggest the same items in the same order, with scores within a hundred-thousandth."""
    return all(_same_items(_items(one, kind), _items(other, kind)) for kind in SUGGEST_KINDS)


def _items(answer: Mapping[str, Any], kind: str) -> list[Item]:
    return [(item["id"], float(item["score"])) for item in answer.get(kind) or ()]


def _same_items(some: list[Item], others: list[Item]) -> bool:
    return [each[0] for each in some] == [each[0] for each in others] and all(
        abs(one[1] - other[1]) <= TOLERANCE for one, other in zip(some, others, strict=True)
    )
