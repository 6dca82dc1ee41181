"""Feedback as figures that anybody may watch: each lot is counted once ten agents stand behind it, and not before.

A counter that is read every few seconds would tell what the only agent of a night shift did. So the events of each
kind are held back, in the memory of the worker, until they come from ten agents or more, and then counted together.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from corpus.feedback import FeedbackEvent, FeedbackKind
from corpus.privacy.agent_figures import AgentFigure, shown_figure

Publish = Callable[[FeedbackKind, FeedbackEvent, int], None]
# Kind, event, and the pseudonym of whoever it was, as far as that is known.
TakenEvent = tuple[FeedbackKind, FeedbackEvent, str | None]
_NOTHING = AgentFigure(0.0, frozenset())


class FeedbackTally:
    """Holds counts back until enough agents stand behind them. Safe to share between threads.

    Events of unknown agents count, and do not help a lot to be told: they may all be of one.
    """

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._lock = threading.Lock()
        self._held: dict[tuple[FeedbackKind, FeedbackEvent], AgentFigure] = {}

    def add(self, events: Iterable[TakenEvent]) -> None:
        """Count events, and tell every lot that has become large enough."""
        with self._lock:
            for kind, event, who in events:
                held = self._held.get((kind, event), _NOTHING)
                known = frozenset() if who is None else frozenset({who})
                self._held[kind, event] = AgentFigure(held.value + 1, held.agents | known)
            large = {key: value for key, held in self._held.items() if (value := shown_figure(held)) is not None}
            for key in large:
                del self._held[key]
        for (kind, event), number in large.items():
            self._publish(kind, event, round(number))
