"""Feedback: what agents did with suggestions, checked against the signed ids and kept, each event once.

Writing waits for the store, suggesting must not: one event writes at a time, and once the store was found busy the
others are refused at once for a moment, so that no request thread is held up for nothing.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from assist.feedback_tally import FeedbackTally
from assist.gate import Gate
from assist.signing import SuggestionKey, SuggestionSigner, UnknownSuggestionError
from corpus.feedback import FeedbackEvent, FeedbackRow
from corpus.feedback_store import Counted, FeedbackConflictError, FeedbackStore
from corpus.followed import Followed
from corpus.store_errors import StoreAwayError, StoreBusyError
from corpus.times import format_time, now_utc
from corpus.wording import Problem, pointer

CLOCK_SKEW = timedelta(minutes=5)
"""So far ahead of ours the clock of a sender may be."""
BUSY_TIMEOUT_S = 0.5
BUSY_FOR_S = 2.0
_WAITING = 64
_DEADLINE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event as it was sent; ``key`` is the sender's own name of it."""

    key: str
    suggestion_id: str
    event: FeedbackEvent
    at: datetime
    reason: str | None = None
    text_length: int | None = None
    position: int | None = None

    @property
    def hash(self) -> str:
        """The hash of everything that was sent; another hash under the same key is another event."""
        sent = [self.suggestion_id, self.event, self.at.astimezone(UTC).isoformat()]
        values = [*sent, self.reason, self.text_length, self.position]
        return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode("utf-8")).hexdigest()


class FeedbackRefusedError(Exception):
    """Events that cannot be kept, so that none of their body was; ``problems`` point at them."""

    def __init__(self, problems: Sequence[Problem], *, conflict: bool = False) -> None:
        super().__init__(f"{len(problems)} events refused")
        self.problems = tuple(problems)
        self.conflict = conflict


class TakesFeedback(Protocol):
    """Keeps what agents did with suggestions."""

    def keep(self, told: Sequence[Told], *, api_key: str | None) -> Counted:
        """Keep all of the events or none, as ``FeedbackDesk`` promises."""
        ...


class FeedbackDesk:
    """Takes feedback in. Safe to share between threads.

    ``signer`` gives what reads suggestion ids, and may raise ``Unavailable`` where its secret cannot be had. ``tally``
    is told what is new.
    """

    def __init__(
        self,
        location: str,
        signer: Callable[[], SuggestionSigner],
        *,
        clock: Callable[[], datetime] = now_utc,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        gate: Gate | None = None,
        tally: FeedbackTally | None = None,
    ) -> None:
        self._signer = signer
        self._clock = clock
        self._followed = Followed(
            location,
            lambda: FeedbackStore.open(location, create=False, busy_timeout_s=busy_timeout_s, clock=clock),
        )
        self._gate = gate or Gate(at_work=1, waiting=_WAITING, deadline_s=_DEADLINE_S)
        self._busy_until = 0.0
        self._tally = tally

    def keep(self, told: Sequence[Told], *, api_key: str | None) -> Counted:
        """Keep all of the events or none; what was kept before is counted.

        Raises ``FeedbackRefusedError``, ``Unavailable`` where too many wait, and ``StoreAwayError`` while the store is
        busy or away: nothing was kept then.
        """
        rows = self._rows(told, api_key)
        self._check_busy()
        with self._gate.work(self._gate.now()):
            self._check_busy()
            try:
                counted = self._store().keep(rows)
            except FeedbackConflictError as error:
                raise FeedbackRefusedError([_conflict(place) for place in error.places], conflict=True) from None
            except StoreBusyError:
                self._busy_until = time.monotonic() + BUSY_FOR_S
                raise
        if self._tally is not None:
            self._tally.add((row.kind, row.event, row.agent) for row in counted.fresh)
        return counted

    def close(self) -> None:
        """Give back all connections."""
        self._followed.close()

    def _store(self) -> FeedbackStore:
        store = self._followed.store()
        if store is None:
            raise StoreAwayError("There is no store to keep feedback in. Import a corpus with `make reindex` first")
        return store

    def _check_busy(self) -> None:
        if time.monotonic() < self._busy_until:
            raise StoreBusyError("The store was found locked a moment ago and is left alone until it may be free again")

    def _rows(self, told: Sequence[Told], api_key: str | None) -> list[FeedbackRow]:
        signer = self._signer()
        latest = self._clock() + CLOCK_SKEW
        rows: list[FeedbackRow] = []
        problems: list[Problem] = []
        for place, each in enumerate(told):
            try:
                rows.append(_row(each, signer.read(each.suggestion_id), api_key))
            except UnknownSuggestionError:
                problems.append(_unknown(place))
            if each.at > latest:
                problems.append(_too_late(place, each.at, latest))
        if problems:
            raise FeedbackRefusedError(problems)
        return rows


def _row(told: Told, suggestion: SuggestionKey, api_key: str | None) -> FeedbackRow:
    asked_for = suggestion.asked_for
    return FeedbackRow(
        key=told.key,
        body_hash=told.hash,
        at=told.at,
        event=told.event,
        kind=suggestion.kind,
        item_id=suggestion.id,
        snapshot=suggestion.snapshot,
        rank=suggestion.rank,
        score=suggestion.score,
        confidence=suggestion.confidence,
        case_id=asked_for.case_id,
        channel=asked_for.channel,
        language=asked_for.language,
        agent=asked_for.agent,
        api_key=api_key,
        reason=told.reason,
        text_length=told.text_length,
        position=told.position,
    )


def _unknown(place: int) -> Problem:
    return Problem(
        pointer(["events", place, "suggestion_id"]),
        "found an id that this service did not issue, expected that of a suggestion: send it as it was received",
    )


def _too_late(place: int, at: datetime, latest: datetime) -> Problem:
    return Problem(
        pointer(["events", place, "at"]),
        f"found {format_time(at)}, which is in the future, expected a time up to {format_time(latest)}: set the clock "
        "of the sender",
    )


def _conflict(place: int) -> Problem:
    return Problem(
        pointer(["events", place]),
        "found a key that another event has, expected a new key for each event, and the very same event when it is "
        "sent again: give this one a key of its own",
    )
