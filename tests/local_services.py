"""Services of an application that anybody on this machine may ask, whatever engine stands behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assist.callers import LocalCallers
from assist.feedback import Told
from assist.gate import Gate
from assist.rate import RateLimiter
from assist.services import EngineSource, Services, VersionInfo
from assist.tokens import BrowserTokens
from corpus.feedback_store import Counted
from tests.memory_editing import MemoryEditing

PUBLIC = frozenset({"public"})


class ForgetfulDesk:
    """Takes all feedback for new, and keeps none of it."""

    def keep(self, told: Sequence[Told], *, api_key: str | None) -> Counted:
        return Counted(accepted=len(told), duplicates=0)


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
        "gate": Gate(deadline_s=60),  # a busy machine must not make a slow test look like a late request
    }
    return Services(**{**parts, **others})
