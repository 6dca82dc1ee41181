"""The API keys as one process knows them: read every other second, so that asking never waits for the store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.api_keys import ApiKey
from corpus.store_errors import StoreError

_log = logging.getLogger(__name__)

ReadKeys = Callable[[], Sequence[ApiKey] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKeys:
    """The keys by id, expired and revoked ones too. ``required`` says whether a caller needs one.

    Keys are required from the first one on that was ever seen, used up or not: revoking the last key must not open
    the service to everybody.
    """

    by_id: Mapping[str, ApiKey]
    required: bool


class KeyRing:
    """Holds the keys of the store as last read. What is known goes on being known while the store is away."""

    def __init__(self, read: ReadKeys) -> None:
        self._read = read
        self._known: KnownKeys | None = None
        self._problem: str | None = "the API keys have not been read from the store yet"

    def known(self) -> KnownKeys | None:
        """Return the keys as last read; None as long as they never could be."""
        return self._known

    def problem(self) -> str | None:
        """Return why the keys may be out of date, in words that everybody may read; None when they are not."""
        return self._problem

    def refresh(self) -> None:
        """Read the keys once; a store that is away is logged, and changes nothing."""
        try:
            found = self._read()
        except StoreError as error:
            self._away(str(error))
        except Exception as error:  # whatever is wrong with the store, suggesting goes on
            self._away(f"unexpected {type(error).__name__}")
        else:
            self._keep(found)

    def _keep(self, found: Sequence[ApiKey] | None) -> None:
        was_required = self._known is not None and self._known.required
        if found is None and was_required:
            self._away("there is no store any more")
            return
        keys = found or ()
        self._known = KnownKeys(by_id={key.id: key for key in keys}, required=was_required or bool(keys))
        self._problem = None

    def _away(self, why: str) -> None:
        # Said once for each outage, not every other second.
        if self._known is None or self._problem is None:
            _log.error("the API keys cannot be read from the store: %s", why)
        goes_on = "none is known yet" if self._known is None else "those known go on, revoking waits"
        self._problem = f"the API keys cannot be read from the store; {goes_on}"
