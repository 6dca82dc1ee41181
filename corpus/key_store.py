"""The API keys in the store of record: issued, listed, revoked, and read again and again by who serves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from corpus.api_keys import ApiKey, KeyText, Scope, new_key_text
from corpus.database import file_identity, reading, sqlite_file, writing
from corpus.opened import OpenDatabase
from corpus.store_errors import StoreError
from corpus.tables import api_keys


class UnknownKeyError(StoreError):
    """There is no key of this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWish:
    """What a new key is to be; ``docs/keys.md`` says what each part means."""

    name: str
    scopes: frozenset[Scope]
    audiences: frozenset[str]
    origins: frozenset[str] = frozenset()
    expires_at: datetime | None = None


class KeyStore(OpenDatabase):
    """Keeps the API keys beside the records. Every method is one transaction and may raise ``StoreError``."""

    def issue(self, wish: KeyWish) -> tuple[ApiKey, KeyText]:
        """Keep a new key and return it with its secret, which cannot be had a second time."""
        text = new_key_text()
        key = ApiKey(
            id=text.id,
            name=wish.name,
            secret_hash=text.secret_hash,
            scopes=wish.scopes,
            audiences=wish.audiences,
            origins=wish.origins,
            created_at=self._clock(),
            expires_at=wish.expires_at,
        )
        with writing(self._engine) as connection:
            connection.execute(insert(api_keys), _values(key))
        return key, text

    def all_keys(self) -> tuple[ApiKey, ...]:
        """Return all keys, also expired and revoked ones, oldest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id))
            return tuple(_key(row) for row in rows)

    def revoke(self, key_id: str) -> ApiKey:
        """Revoke a key for good and return it; one that is revoked already keeps its time.

        Raises ``UnknownKeyError``.
        """
        with writing(self._engine) as connection:
            key = _read_one(connection, key_id)
            if key.revoked_at is None:
                key = replace(key, revoked_at=self._clock())
                changed = update(api_keys).where(api_keys.c.id == key_id).values(revoked_at=key.revoked_at)
                connection.execute(changed)
            return key


class StoredKeys:
    """Reads the keys of a store that may come to be, go away or be replaced by a backup while somebody serves."""

    def __init__(self, location: str) -> None:
        self._location = location
        self._file = sqlite_file(location)
        self._store: KeyStore | None = None
        self._opened: tuple[int, int] | None = None

    def __call__(self) -> tuple[ApiKey, ...] | None:
        """Return all keys, or None where there is no store (yet); raise ``StoreError`` when it cannot be read."""
        found = file_identity(self._file)
        if self._file is not None and found is None:
            self.close()
            return None
        if self._store is None or found != self._opened:
            self.close()
            self._store, self._opened = KeyStore.open(self._location, create=False), found
        return self._store.all_keys()

    def close(self) -> None:
        """Give back all connections; the next call opens the store again."""
        if self._store is not None:
            self._store.close()
        self._store = None


def _read_one(connection: Connection, key_id: str) -> ApiKey:
    row = connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one_or_none()
    if row is None:
        raise UnknownKeyError(
            f"Found no key with the id {key_id!r}; expected one that `python -m assist keys list` shows. "
            "The id is the part between sw_ and the next underscore"
        )
    return _key(row)


def _values(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "secret_hash": key.secret_hash,
        "scopes": sorted(key.scopes),
        "audiences": sorted(key.audiences),
        "origins": sorted(key.origins),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
    }


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        secret_hash=row.secret_hash,
        scopes=frozenset(row.scopes),
        audiences=frozenset(row.audiences),
        origins=frozenset(row.origins),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
