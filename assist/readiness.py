"""Whether this process can answer, and everything else there is to watch about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from assist.callers import Callers
from assist.gate import Gate
from assist.metrics import WorkerState
from assist.services import EngineSource, Readiness


class WatchedEngine(EngineSource, Protocol):
    """An engine that also tells how old its snapshot is, and how far the store is ahead of it."""

    def watched(self) -> WorkerState:
        """Return what there is to watch."""
        ...


def readiness_of(engines: EngineSource, callers: Callers) -> Readiness:
    """Return whether questions can be answered: an engine is open, and callers can be told."""
    state, problem = engines.state(), callers.problem()
    if problem is None:
        return state
    status = "degraded" if state.status == "ok" else state.status
    return replace(state, status=status if callers.ready() else "starting", reasons=(*state.reasons, problem))


def watch_of(engines: WatchedEngine, callers: Callers, gate: Gate) -> Callable[[], WorkerState]:
    """Return what tells how this process is now."""

    def watch() -> WorkerState:
        at_work, waiting = gate.load()
        status = readiness_of(engines, callers).status
        return replace(engines.watched(), status=status, at_work=at_work, waiting=waiting)

    return watch
