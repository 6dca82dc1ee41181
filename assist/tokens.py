"""Browser tokens: what the holder of a key hands to a web page, so that the key itself never gets there.

A token is a JSON Web Token (RFC 7519) signed with HS256. It is bound to one origin and ends after minutes; it names
its key, and is worth nothing once that is revoked or has expired.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import jwt

from assist.callers import Caller, NotAllowedError, NoValidKeyError
from corpus.api_keys import Scope
from corpus.times import now_utc

MAX_MINUTES = 15
MAX_CHARACTERS = 8_000
NEVER_BY_TOKEN: frozenset[Scope] = frozenset({"manage"})

NameT = TypeVar("NameT", bound=str)

_ALGORITHM = "HS256"
_ISSUER = "stichwort"
_AUDIENCE = "stichwort:browser"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenWish:
    """What a holder asks of a token; None takes all that the key has."""

    origin: str
    scopes: frozenset[Scope] | None = None
    audiences: frozenset[str] | None = None
    minutes: int = MAX_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserToken:
    """What a token says."""

    key_id: str
    origin: str
    scopes: frozenset[Scope]
    audiences: frozenset[str]
    expires_at: datetime


def grant(
    caller: Caller, wish: TokenWish, *, origins: frozenset[str] = frozenset(), now: datetime | None = None
) -> BrowserToken:
    """Return the token that the holder of a key may have; ``origins`` may be asked for beside those of the key.

    Raises ``NotAllowedError`` for whatever the key itself does not have.
    """
    if caller.key_id is None or caller.by_token:
        raise NotAllowedError("Tokens are given to holders of an API key only; send the key itself, from a server.")
    _check_origin(wish.origin, caller.origins | origins)
    allowed = caller.scopes - NEVER_BY_TOKEN
    scopes = _within("scopes", wish.scopes, allowed)
    audiences = _within("audiences", wish.audiences, caller.audiences)
    expires = (now or now_utc()) + timedelta(minutes=min(wish.minutes, MAX_MINUTES))
    if caller.expires_at is not None:
        expires = min(expires, caller.expires_at)
    return BrowserToken(
        key_id=caller.key_id,
        origin=wish.origin,
        scopes=scopes,
        audiences=audiences,
        expires_at=expires.replace(microsecond=0),  # a token tells whole seconds
    )


class BrowserTokens:
    """Signs and reads tokens with a secret of their own, which is fetched at first use."""

    def __init__(self, secret: Callable[[], bytes]) -> None:
        self._secret = secret

    def sign(self, token: BrowserToken) -> str:
        """Return the token as its holder sends it."""
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": token.key_id,
            "exp": int(token.expires_at.timestamp()),
            "origin": token.origin,
            "scopes": sorted(token.scopes),
            "audiences": sorted(token.audiences),
        }
        return jwt.encode(claims, self._secret(), algorithm=_ALGORITHM)

    def read(self, text: str) -> BrowserToken:
        """Return what a token says; raise ``NoValidKeyError`` when it was not signed here or has ended."""
        if len(text) > MAX_CHARACTERS or not text.isascii():
            raise NoValidKeyError("not a token")
        try:
            claims = jwt.decode(
                text,
                self._secret(),
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                issuer=_ISSUER,
                options={"require": ["exp", "sub", "aud", "iss"]},
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:  # the header is read before it is proved
            raise NoValidKeyError("not a token that is valid now") from error
        return BrowserToken(
            key_id=claims["sub"],
            origin=claims["origin"],
            scopes=frozenset(claims["scopes"]),
            audiences=frozenset(claims["audiences"]),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )


def _check_origin(wished: str, allowed: frozenset[str]) -> None:
    if wished not in allowed:
        raise NotAllowedError(
            "The token's origin is none that this key may be used from; ask for one of its origins, or create a key "
            "with --origins naming that page."
        )


def _within(what: str, wished: frozenset[NameT] | None, allowed: frozenset[NameT]) -> frozenset[NameT]:
    found = allowed if wished is None else wished
    if not found or not found <= allowed:
        raise NotAllowedError(f"The token may have no more {what} than its key, which are: {_words(allowed)}.")
    return found


def _words(names: frozenset[NameT]) -> str:
    return ", ".join(sorted(names)) or "none that a token can carry"
