"""Offers that customers declined, as feedback told: held in memory, so that suggesting never waits for the store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from corpus.declined import Declined
from corpus.store_errors import StoreError
from corpus.times import now_utc

REMEMBERED = timedelta(days=90)
"""So long an offer that was declined in a case is not made again in it."""
ANEW = timedelta(hours=1)
"""So often everything is read again: what was erased meanwhile, or goes with a restored backup, is forgotten."""
# What was received before is committed by then, even if its transaction had to wait, or a clock is a little behind.
_OVERLAP = timedelta(seconds=60)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)

DeclinedOffers = Callable[[str, datetime], frozenset[str]]
ReadDeclined = Callable[[datetime, datetime], Sequence[Declined]]
_ByCase = Mapping[str, Mapping[str, datetime]]


def none_declined(case_id: str, as_of: datetime) -> frozenset[str]:
    """Return nothing, for whoever remembers no offers."""
    return frozenset()


class DeclinedMemory:
    """Holds what the store knew of declined offers when it was last read; while it is away, what is known goes on."""

    def __init__(
        self,
        read: ReadDeclined,
        *,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._read = read
        self._clock = clock
        self._by_case: _ByCase = {}
        self._whole_at: datetime | None = None
        self._read_until: datetime | None = None
        self._problem: str | None = None

    def declined(self, case_id: str, as_of: datetime) -> frozenset[str]:
        """Return the ids of what was declined in a case up to a time, and not longer before it than is remembered."""
        told = self._by_case.get(case_id, {})
        return frozenset(each for each, at in told.items() if timedelta(0) <= as_of - at <= REMEMBERED)

    def refresh(self) -> None:
        """Read what is new, everything at times; a store that is away is logged once, and changes nothing."""
        now = self._clock()
        whole = self._whole_at is None or self._read_until is None or now - self._whole_at >= ANEW
        begin = now - REMEMBERED if whole or self._read_until is None else self._read_until - _OVERLAP
        try:
            found = self._read(begin, now + _OVERLAP)
        except StoreError as error:
            self._away(str(error))
        except Exception as error:  # whatever is wrong with the store, suggesting goes on
            self._away(f"unexpected {type(error).__name__}")
        else:
            if whole or found:
                self._by_case = _merged({} if whole else self._by_case, found)
            self._whole_at = now if whole else self._whole_at
            self._read_until, self._problem = now, None

    def _away(self, why: str) -> None:
        if why != self._problem:
            _log.warning("declined offers cannot be read from the store, those known go on: %s", why)
        self._problem = why


def _merged(known: _ByCase, found: Sequence[Declined]) -> _ByCase:
    """Return what is known with what was found; readers hold the old one, which never changes."""
    merged = dict(known)
    for each in found:
        told = merged.get(each.case_id, {})
        if each.at > told.get(each.action_id, _LONG_AGO):
            merged[each.case_id] = {**told, each.action_id: each.at}
    return merged
