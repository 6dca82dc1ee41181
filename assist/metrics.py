"""What is counted while the service answers, for whoever watches it: numbers, never a word of a case or of a person."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from assist.models import Suggestions, SuggestKind
from assist.unavailable import Unavailable
from corpus.feedback import FeedbackEvent, FeedbackKind

ReadyStatus = Literal["ok", "degraded", "starting"]
RefusedFor = Literal["full", "late"]
MetricsFor = Literal["loopback", "key", "open"]

READY_STATUSES: tuple[ReadyStatus, ...] = ("ok", "degraded", "starting")
METRICS_FOR: tuple[MetricsFor, ...] = ("loopback", "key", "open")
REFUSED_FOR: tuple[RefusedFor, ...] = ("full", "late")
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""By this variable the client library knows, when it is first imported, that several processes count together."""
NOT_COUNTED = "Nothing is counted in this process, so there are no figures to show"
RETRY_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """How one worker is now.

    ``built_at`` is when its snapshot was built, ``changed`` how many records changed since; ``store_away`` tells that
    the store cannot be followed. ``at_work`` and ``waiting`` count requests.
    """

    status: ReadyStatus = "starting"
    snapshot: str | None = None
    encoder: str | None = None
    built_at: datetime | None = None
    changed: int = 0
    store_away: bool = False
    at_work: int = 0
    waiting: int = 0


Watch = Callable[[], WorkerState]


class Metrics(Protocol):
    """Counts what happens. Safe to share between threads; no method may make a request fail."""

    def answered(self, *, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count a request: ``endpoint`` is a route or ``other``, ``method`` an HTTP method or ``other``."""

    def suggested(self, asked: Collection[SuggestKind], found: Suggestions, seconds: float) -> None:
        """Count what was suggested; ``seconds`` is what all stages took together."""

    def waited(self, seconds: float) -> None:
        """Count how long a request waited for its turn."""

    def refused(self, reason: RefusedFor) -> None:
        """Count a request that was refused because there is too much to do."""

    def took_feedback(self, kind: FeedbackKind, event: FeedbackEvent, number: int) -> None:
        """Count feedback events, of ten agents or more together."""

    def refresh(self) -> None:
        """Look how the worker is now."""

    def page(self) -> bytes:
        """Return the figures of all workers in Prometheus's text format; raises ``Unavailable`` without any."""
        ...


class NoMetrics:
    """Counts nothing: for programs that do not serve, and where no place is to be had for figures."""

    def __init__(self, why: str = NOT_COUNTED) -> None:
        self._why = why

    def answered(self, *, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Do nothing."""

    def suggested(self, asked: Collection[SuggestKind], found: Suggestions, seconds: float) -> None:
        """Do nothing."""

    def waited(self, seconds: float) -> None:
        """Do nothing."""

    def refused(self, reason: RefusedFor) -> None:
        """Do nothing."""

    def took_feedback(self, kind: FeedbackKind, event: FeedbackEvent, number: int) -> None:
        """Do nothing."""

    def refresh(self) -> None:
        """Do nothing."""

    def page(self) -> bytes:
        """Raise ``Unavailable``: there is nothing to show."""
        raise Unavailable(self._why, retry_after_s=RETRY_S)
