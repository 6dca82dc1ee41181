"""API keys: who may ask, for what, and for which audiences. Of the secret only its hash is kept.

A key reads ``sw_<id>_<secret>``: the id names it in lists and logs, the secret (256 random bits) proves it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

Scope = Literal["suggest", "feedback", "manage"]
KeyState = Literal["active", "expired", "revoked"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

_ID_BYTES = 6
_SECRET_BYTES = 32
_KEY = re.compile(rf"sw_([0-9a-f]{{{2 * _ID_BYTES}}})_([0-9a-f]{{{2 * _SECRET_BYTES}}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One key as the store knows it; ``secret_hash`` is the SHA-256 of its secret (32 bytes).

    ``origins`` are the web pages that may use it, as browsers name them; none for a key that only servers use.
    """

    id: str
    name: str
    secret_hash: bytes = field(repr=False)
    scopes: frozenset[Scope]
    audiences: frozenset[str]
    origins: frozenset[str] = frozenset()
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def state(self, now: datetime) -> KeyState:
        """Return whether the key may be used at ``now``, and if not, why."""
        if self.revoked_at is not None and self.revoked_at <= now:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


@dataclass(frozen=True, slots=True)
class KeyText:
    """What a caller shows: the two parts of a key."""

    id: str
    secret: bytes = field(repr=False)

    def __str__(self) -> str:
        """Return the key as its holder sends it."""
        return f"sw_{self.id}_{self.secret.hex()}"

    @property
    def secret_hash(self) -> bytes:
        """The SHA-256 of the secret; with 256 random bits nothing slower is needed."""
        return hashlib.sha256(self.secret).digest()


def new_key_text() -> KeyText:
    """Return a key that nobody else has."""
    return KeyText(secrets.token_hex(_ID_BYTES), secrets.token_bytes(_SECRET_BYTES))


def parse_key(text: str) -> KeyText | None:
    """Return the parts of a key, or None where the text is none."""
    match = _KEY.fullmatch(text)
    return None if match is None else KeyText(match[1], bytes.fromhex(match[2]))


def proves(shown: KeyText, key: ApiKey | None) -> bool:
    """Return whether the secret shown is that of the key; takes as long where there is no such key."""
    expected = bytes(hashlib.sha256().digest_size) if key is None else key.secret_hash
    return hmac.compare_digest(shown.secret_hash, expected) and key is not None
