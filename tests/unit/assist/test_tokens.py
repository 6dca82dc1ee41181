"""Browser tokens: for one page, for minutes, and never for more than their key."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from assist.callers import Caller, NotAllowedError, NoValidKeyError
from assist.tokens import BrowserToken, BrowserTokens, TokenWish, grant

PAGE = "https://crm.example"
SECRET = b"s" * 32
NOW = datetime.now(UTC).replace(microsecond=0)
HOLDER = Caller(
    key_id="0a1b2c3d4e5f",
    scopes=frozenset({"suggest", "feedback", "manage"}),
    audiences=frozenset({"public", "level2"}),
    origins=frozenset({PAGE}),
)
TOKEN = BrowserToken(
    key_id="0a1b2c3d4e5f",
    origin=PAGE,
    scopes=frozenset({"suggest"}),
    audiences=frozenset({"public"}),
    expires_at=NOW + timedelta(days=1),  # later than any run of all tests ends
)


def tokens(secret: bytes = SECRET) -> BrowserTokens:
    return BrowserTokens(lambda: secret)


def change(caller: Caller, **parts: Any) -> Caller:
    fields = {name: getattr(caller, name) for name in Caller.__slots__}
    return Caller(**{**fields, **parts})


def signed(claims: dict[str, Any], secret: bytes = SECRET, algorithm: str | None = "HS256") -> str:
    return jwt.encode(claims, secret if algorithm else None, algorithm=algorithm)


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def test_a_token_says_what_it_was_made_of() -> None:
    assert tokens().read(tokens().sign(TOKEN)) == TOKEN


def test_by_default_a_token_has_all_of_its_key_but_managing_for_fifteen_minutes() -> None:
    token = grant(HOLDER, TokenWish(origin=PAGE), now=NOW)
    assert (token.scopes, token.audiences) == ({"suggest", "feedback"}, {"public", "level2"})
    assert token.expires_at == NOW + timedelta(minutes=15)


def test_a_token_may_have_less_than_its_key() -> None:
    wish = TokenWish(origin=PAGE, scopes=frozenset({"suggest"}), audiences=frozenset({"public"}), minutes=1)
    token = grant(HOLDER, wish, now=NOW)
    assert (token.scopes, token.audiences, token.expires_at) == ({"suggest"}, {"public"}, NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    "wish",
    [
        TokenWish(origin=PAGE, scopes=frozenset({"manage"})),
        TokenWish(origin=PAGE, scopes=frozenset({"suggest", "manage"})),
        TokenWish(origin=PAGE, scopes=frozenset()),
        TokenWish(origin=PAGE, audiences=frozenset({"public", "legal"})),
        TokenWish(origin="https://evil.example"),
    ],
)
def test_a_token_never_has_more_than_its_key(wish: TokenWish) -> None:
    with pytest.raises(NotAllowedError):
        grant(HOLDER, wish)


def test_a_key_that_only_manages_gives_no_tokens() -> None:
    with pytest.raises(NotAllowedError):
        grant(change(HOLDER, scopes=frozenset({"manage"})), TokenWish(origin=PAGE))


@pytest.mark.parametrize("caller", [change(HOLDER, key_id=None), change(HOLDER, by_token=True)])
def test_tokens_come_from_keys_not_from_tokens_nor_from_nobody(caller: Caller) -> None:
    with pytest.raises(NotAllowedError, match="holders of an API key"):
        grant(caller, TokenWish(origin=PAGE))


def test_a_page_of_the_settings_may_be_asked_for_too() -> None:
    own_none = change(HOLDER, origins=frozenset())
    assert grant(own_none, TokenWish(origin=PAGE), origins=frozenset({PAGE})).origin == PAGE


def test_no_token_outlives_its_key_or_fifteen_minutes() -> None:
    ending = change(HOLDER, expires_at=NOW + timedelta(minutes=2))
    assert grant(ending, TokenWish(origin=PAGE), now=NOW).expires_at == NOW + timedelta(minutes=2)
    assert grant(HOLDER, TokenWish(origin=PAGE, minutes=600), now=NOW).expires_at == NOW + timedelta(minutes=15)


def test_a_token_that_has_ended_is_refused() -> None:
    ended = tokens().sign(BrowserToken(**{**_fields(TOKEN), "expires_at": NOW - timedelta(seconds=1)}))
    with pytest.raises(NoValidKeyError):
        tokens().read(ended)


def _fields(token: BrowserToken) -> dict[str, Any]:
    return {name: getattr(token, name) for name in BrowserToken.__slots__}


def _unsigned() -> str:
    return signed(claims_of(tokens().sign(TOKEN)), algorithm=None)


def _changed(**claims: Any) -> str:
    head, _, tail = tokens().sign(TOKEN).split(".")
    body = json.dumps({**claims_of(tokens().sign(TOKEN)), **claims}).encode()
    return ".".join([head, base64.urlsafe_b64encode(body).rstrip(b"=").decode(), tail])


def _deep() -> str:
    head = base64.urlsafe_b64encode(b"[" * 4_000).rstrip(b"=").decode()
    return f"{head}.e30.x"


def _without(claim: str) -> str:
    claims = claims_of(tokens().sign(TOKEN))
    del claims[claim]
    return signed(claims)


@pytest.mark.parametrize(
    "forged",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "ä.ö.ü",
        "x" * 100_000,
        tokens(b"t" * 32).sign(TOKEN),
        _unsigned(),
        _changed(scopes=["suggest", "manage"]),
        _changed(exp=4_000_000_000),
        _deep(),
        signed(claims_of(tokens().sign(TOKEN)), algorithm="HS512", secret=b"s" * 64),
        signed({**claims_of(tokens().sign(TOKEN)), "aud": "another"}),
        signed({**claims_of(tokens().sign(TOKEN)), "iss": "another"}),
        *(_without(claim) for claim in ("exp", "sub", "aud", "iss")),
    ],
)
def test_what_was_not_signed_here_as_a_token_is_refused(forged: str) -> None:
    with pytest.raises(NoValidKeyError):
        tokens().read(forged)


def test_the_secret_is_fetched_at_first_use_only() -> None:
    fetched: list[int] = []

    def secret() -> bytes:
        fetched.append(1)
        return SECRET

    lazy = BrowserTokens(secret)
    assert fetched == []
    lazy.sign(TOKEN)
    assert fetched
