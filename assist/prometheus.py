"""Figures for Prometheus, kept by its own client library; of several workers, whichever is asked tells those of all.

Under ``python -m assist serve`` each worker keeps its figures in files that the others can read
(``assist.metrics_files``); elsewhere they stay in memory. What counts up outlives the worker that counted it, what
tells how a worker is now goes with it. Every label has few values, known beforehand.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from assist.metrics import READY_STATUSES, REFUSED_FOR, RefusedFor, Watch
from assist.models import SUGGEST_KINDS, Suggestions, SuggestKind
from assist.process_facts import StateFacts, resident_bytes
from corpus.feedback import FeedbackEvent, FeedbackKind

PREFIX = "stichwort_"
Mode = Literal["livesum", "livemax", "liveall"]
STAGES = (
    "wait",
    "understand",
    "encode",
    "history",
    "articles",
    "templates",
    "actions",
    "similar_cases",
    "present",
    "whole",
)
_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0)


class PrometheusMetrics:
    """Counts into one registry of its own; ``watch`` tells how the worker is, ``build`` what runs, by label.

    ``folder`` is where all workers keep their figures; without it there is this process alone.
    """

    def __init__(self, watch: Watch, build: dict[str, str], folder: Path | None = None) -> None:
        self._watch, self._folder = watch, folder
        self._registry, self._own = CollectorRegistry(), CollectorRegistry()
        self._own.register(StateFacts(watch, build))
        self._requests = self._counter("requests", "Requests answered", "endpoint", "method", "status")
        self._request_seconds = self._histogram("request_seconds", "Time to answer a request", "endpoint")
        self._refused = self._counter("refused", "Requests refused, being too many or too late", "reason")
        self._stages = self._histogram("suggest_stage_seconds", "Time of one stage of suggesting", "stage")
        self._asked = self._counter("asked", "Times that suggestions of a kind were asked for", "kind")
        self._shown = self._counter("suggestions", "Suggestions shown", "kind")
        self._abstained = self._counter("abstentions", "Times that nothing of a kind was shown", "kind")
        self._feedback = self._counter("feedback_events", "Feedback of ten agents or more together", "kind", "event")
        self._start_at_zero()
        self._states = self._gauge("workers", "Workers by readiness", "livesum", "status")
        self._at_work = self._gauge("at_work", "Requests at work", "livesum")
        self._waiting = self._gauge("waiting", "Requests that wait for their turn", "livesum")
        self._changed = self._gauge("delta_records", "Records changed since the snapshot was built", "livemax")
        self._store_away = self._gauge("store_away", "1 while a worker cannot follow the store", "livemax")
        self._resident = self._gauge("process_resident_bytes", "Resident memory of each worker", "liveall")
        self._started = self._gauge("process_start_time_seconds", "When each worker started", "liveall")
        self._started.set(time.time())
        self._built: Gauge | None = None
        self._refreshing = threading.Lock()
        self.refresh()

    def answered(self, *, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(endpoint, method, str(status)).inc()
        self._request_seconds.labels(endpoint).observe(seconds)

    def suggested(self, asked: Collection[SuggestKind], found: Suggestions, seconds: float) -> None:
        """Count what was asked for, shown and held back, and the time of each stage."""
        shown = {
            "articles": found.articles,
            "templates": found.templates,
            "actions": found.actions,
            "similar_cases": found.similar_cases,
        }
        for kind in asked:
            self._asked.labels(kind).inc()
            self._shown.labels(kind).inc(len(shown[kind] or ()))
        for kind in found.abstained:
            self._abstained.labels(kind).inc()
        for stage, spent in found.timings_ms.items():
            if stage in STAGES:
                self._stages.labels(stage).observe(spent / 1000)
        self._stages.labels("whole").observe(seconds)

    def waited(self, seconds: float) -> None:
        """Count how long a request waited for its turn."""
        self._stages.labels("wait").observe(seconds)

    def refused(self, reason: RefusedFor) -> None:
        """Count a request that was refused."""
        self._refused.labels(reason).inc()

    def took_feedback(self, kind: FeedbackKind, event: FeedbackEvent, number: int) -> None:
        """Count feedback events."""
        self._feedback.labels(kind, event).inc(number)

    def refresh(self) -> None:
        """Look how the worker is now."""
        with self._refreshing:
            state = self._watch()
            for status in READY_STATUSES:
                self._states.labels(status).set(1 if state.status == status else 0)
            self._at_work.set(state.at_work)
            self._waiting.set(state.waiting)
            self._changed.set(state.changed)
            self._store_away.set(int(state.store_away))
            self._resident.set(resident_bytes())
            if state.built_at is not None:
                self._snapshot_built().set(state.built_at.timestamp())

    def page(self) -> bytes:
        """Return the figures of all workers, and what the one that answers serves."""
        self.refresh()
        if self._folder is None:
            return generate_latest(self._registry) + generate_latest(self._own)
        every = CollectorRegistry()
        MultiProcessCollector(every, path=str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(every) + generate_latest(self._own)

    def _start_at_zero(self) -> None:
        # A rate can be told of what counts from nought; of what appears with its first event it cannot.
        for reason in REFUSED_FOR:
            self._refused.labels(reason)
        for stage in STAGES:
            self._stages.labels(stage)
        for kind in SUGGEST_KINDS:
            for counter in (self._asked, self._shown, self._abstained):
                counter.labels(kind)

    def _snapshot_built(self) -> Gauge:
        # Made at need: a gauge is 0 from its beginning, which would be the oldest of all snapshots.
        if self._built is None:
            text = "When the snapshot that each worker serves was built"
            self._built = self._gauge("snapshot_built_time_seconds", text, "liveall")
        return self._built

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(PREFIX + name, text, labels, registry=self._registry)

    def _histogram(self, name: str, text: str, *labels: str) -> Histogram:
        return Histogram(PREFIX + name, text, labels, registry=self._registry, buckets=_BUCKETS)

    def _gauge(self, name: str, text: str, mode: Mode, *labels: str) -> Gauge:
        return Gauge(PREFIX + name, text, labels, registry=self._registry, multiprocess_mode=mode)
