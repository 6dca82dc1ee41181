"""The API keys in the store, for the command line."""

from __future__ import annotations

from assist.settings import Settings
from corpus.api_keys import ApiKey
from corpus.key_store import KeyStore, StoredKeys
from corpus.times import now_utc


def active_keys(settings: Settings) -> int:
    """Return how many keys of the store may be used now."""
    return sum(key.state(now_utc()) == "active" for key in stored_keys(settings))


def stored_keys(settings: Settings) -> tuple[ApiKey, ...]:
    """Return all keys of the store, oldest first; none where there is no store yet."""
    stored = StoredKeys(settings.index.database)
    try:
        return stored() or ()
    finally:
        stored.close()


def open_keys(settings: Settings, *, create: bool, busy_timeout_s: float) -> KeyStore:
    """Open the keys of the store to change them; with ``create`` a store that is not there yet is made."""
    return KeyStore.open(settings.index.database, create=create, busy_timeout_s=busy_timeout_s)
