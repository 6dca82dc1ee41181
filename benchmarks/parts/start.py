"""From the start of the service to its first answer, and what a worker holds in memory."""

from __future__ import annotations

from benchmarks.memory import maps_library
from benchmarks.plan import Found, Plan, Say
from benchmarks.service import running_service
from benchmarks.worlds import World, world_of

NAME = "start"
_TORCH = "libtorch"


def run(plan: Plan, say: Say) -> Found:
    """Start the service over indexes of the plan's sizes, several times each."""
    sizes = []
    for passages in plan.start_sizes:
        world = world_of(plan, passages, plan.cases, say)
        say(f"starting over {passages} passages, {plan.rounds} times")
        sizes.append({**world.facts, **_measured(plan, world)})
    return {"sizes": sizes}


def _measured(plan: Plan, world: World) -> Found:
    seconds, opened, used, torch = [], [], [], False
    for _ in range(plan.rounds):
        with running_service(world.var, plan) as service:
            seconds.append(round(service.wait_until_ready(), 3))
            opened += service.resident_mb()
            for number in range(plan.samples):
                service.ask(world.question(number))
            used += service.resident_mb()
            torch = torch or any(maps_library(worker, _TORCH) for worker in service.workers())
    return {
        "seconds_to_ready": seconds,
        "resident_mb_per_worker": {
            "ready": opened,
            f"after_{plan.samples}_suggestions": used,
            "most": max(*opened, *used),
        },
        "torch_loaded": torch,
    }
