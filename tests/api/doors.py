"""Keys of every kind, and the door that knows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from assist.callers import LocalCallers
from assist.keyed import KeyedCallers
from assist.keyring import KeyRing
from assist.tokens import BrowserToken, BrowserTokens
from corpus.api_keys import SCOPES, ApiKey, KeyText, new_key_text

PUBLIC = frozenset({"public"})
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PAGE, OTHER_PAGE, HOUSE_PAGE = "https://crm.example", "https://evil.example", "https://haus.example"
QUESTION = {"case": {"subject": "Rechnung"}}


class Door:
    """Keys by name, and who they tell the callers to be."""

    def __init__(self) -> None:
        self.texts: dict[str, KeyText] = {}
        self.keys: dict[str, ApiKey] = {}
        self.away: Exception | None = None
        for scope in SCOPES:
            self.add(scope, frozenset({scope}))
        self.add("expired", frozenset(SCOPES), expires_at=NOW - timedelta(seconds=1))
        self.add("revoked", frozenset(SCOPES), revoked_at=NOW - timedelta(days=1))
        self.add("level2", frozenset({"suggest"}), audiences=frozenset({"public", "level2"}))
        self.add("page", frozenset({"suggest", "manage"}), origins=frozenset({PAGE}))
        self.ring = KeyRing(self.read)
        self.ring.refresh()
        self.tokens = BrowserTokens(lambda: b"t" * 32)
        self.origins = frozenset({HOUSE_PAGE})
        self.callers = KeyedCallers(
            self.ring, self.tokens, local=LocalCallers(PUBLIC), origins=self.origins, clock=lambda: NOW
        )

    def add(self, name: str, scopes: frozenset[Any], **parts: Any) -> None:
        text = new_key_text()
        given = {"audiences": PUBLIC, "created_at": NOW - timedelta(days=2), **parts}
        self.texts[name] = text
        self.keys[name] = ApiKey(id=text.id, name=name, secret_hash=text.secret_hash, scopes=scopes, **given)

    def revoke(self, name: str) -> None:
        self.keys[name] = replace(self.keys[name], revoked_at=NOW)
        self.ring.refresh()

    def headers(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.texts[name]}"}

    def token(self, name: str = "page", **parts: Any) -> dict[str, str]:
        said = {
            "key_id": self.keys[name].id,
            "origin": PAGE,
            "scopes": frozenset({"suggest"}),
            "audiences": PUBLIC,
            "expires_at": datetime.now(UTC) + timedelta(minutes=5),
        }
        return {"Authorization": f"Bearer {self.tokens.sign(BrowserToken(**{**said, **parts}))}", "Origin": PAGE}

    def read(self) -> list[ApiKey]:
        if self.away is not None:
            raise self.away
        return list(self.keys.values())
