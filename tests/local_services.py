"""Services of an application that anybody on this machine may ask, whatever engine stands behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assist.callers import LocalCallers
from assist.erasing import ErasureRequest
from assist.feedback import Told
from assist.gate import Gate
from assist.metrics import WorkerState
from assist.prometheus import PrometheusMetrics
from assist.rate import RateLimiter
from assist.services import EngineSource, Services, VersionInfo
from assist.tokens import BrowserTokens
from corpus.feedback_store import Counted
from corpus.receipts import Receipt
from tests.memory_editing import MemoryEditing

PUBLIC = frozenset({"public"})


class ForgetfulDesk:
    """Takes all feedback for new, and keeps none of it."""

    def keep(self, told: Sequence[Told], *, api_key: str | None) -> Counted:
        return Counted(accepted=len(told), duplicates=0)


@dataclass
class FakeErasures:
    """Has always erased everything already."""

    asked: list[ErasureRequest] = field(default_factory=list)

    def erase(self, request: ErasureRequest, *, by: str | None) -> Receipt:
        self.asked.append(request)
        at = datetime(2026, 5, 4, tzinfo=UTC)
        return Receipt(id="0" * 16, at=at, by=by, what="case c-1", last_copy_gone_by=at, completed_at=at)

    def receipt(self, receipt_id: str) -> Receipt | None:
        return None


def local_services(engines: EngineSource, *, audiences: frozenset[str] = PUBLIC, **others: Any) -> Services:
    """Return services over ``engines`` without keys or limit; ``others`` take the place of single parts."""
    parts: dict[str, Any] = {
        "engines": engines,
        "version": VersionInfo(name="stichwort", version="1.2.3", encoder="fake-encoder"),
        "callers": LocalCallers(audiences),
        "tokens": BrowserTokens(lambda: b"t" * 32),
        "feedback": ForgetfulDesk(),
        "limiter": RateLimiter(0),
        "editing": MemoryEditing(),
        "erasures": FakeErasures(),
        "metrics": PrometheusMetrics(WorkerState, {"version": "1.2.3"}),
        "metrics_for": "key",
        "gate": Gate(deadline_s=60),  # a busy machine must not make a slow test look like a late request
    }
    return Services(**{**parts, **others})
