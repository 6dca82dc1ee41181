"""Callers by API key or browser token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from assist.callers import Caller, LocalCallers, NotAllowedError, NoValidKeyError, Shown
from assist.keyring import KeyRing
from assist.origins import host_of
from assist.services import Unavailable
from assist.tokens import NEVER_BY_TOKEN, BrowserToken, BrowserTokens
from corpus.api_keys import ApiKey, parse_key, proves
from corpus.times import now_utc

RETRY_S = 2
# One answer to every key that is not valid, whatever the reason: nobody learns from it which keys there are.
NO_KEY = (
    "Found no API key, expected one as `Authorization: Bearer sw_…`; create it with `python -m assist keys create`."
)
BAD_KEY = (
    "The API key or token is unknown, expired or revoked; `python -m assist keys list` shows the keys that there are, "
    "and a token is renewed with `POST /v1/tokens`."
)
WRONG_PAGE = (
    "The API key or token is not for the page that sends it (Origin); a key names its pages with --origins, "
    "a token is for the one page that it was asked for."
)


class KeyedCallers:
    """Knows callers by their keys; without any key, programs on this machine may ask if ``local`` lets them.

    ``origins`` are pages that may use every key, beside its own.
    """

    def __init__(
        self,
        ring: KeyRing,
        tokens: BrowserTokens,
        *,
        local: LocalCallers | None = None,
        origins: frozenset[str] = frozenset(),
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._ring = ring
        self._tokens = tokens
        self._local = local
        self._origins = origins
        self._clock = clock

    def identify(self, shown: Shown) -> Caller:
        """Return the caller, as ``Callers`` promises."""
        known = self._ring.known()
        if known is None:
            raise Unavailable("The API keys cannot be read from the store yet", retry_after_s=RETRY_S)
        if self._local is not None and not known.required:
            return self._local.identify(shown)
        if shown.credential is None:
            raise NoValidKeyError(NO_KEY)
        key_text = parse_key(shown.credential)
        if key_text is None:
            return self._by_token(shown, self._read(shown.credential))
        key = known.by_id.get(key_text.id)
        if not proves(key_text, key) or key is None or not self._is_active(key):
            raise NoValidKeyError(BAD_KEY)
        return self._by_key(shown, key)

    def origins(self) -> frozenset[str]:
        """Return the pages of the settings and of every active key."""
        known = self._ring.known()
        keys = () if known is None else known.by_id.values()
        return self._origins.union(*(key.origins for key in keys if self._is_active(key)))

    def problem(self) -> str | None:
        """Return why the keys may be out of date."""
        return self._ring.problem()

    def ready(self) -> bool:
        """Return whether the keys have been read."""
        return self._ring.known() is not None

    def _by_key(self, shown: Shown, key: ApiKey) -> Caller:
        origins = key.origins | self._origins
        # A key without pages is a server's; what such a server passes on of its own callers' headers does not matter.
        if key.origins and shown.origin is not None and not shown.same_origin and shown.origin not in origins:
            raise NotAllowedError(WRONG_PAGE)
        return Caller(
            key_id=key.id,
            scopes=key.scopes,
            audiences=key.audiences,
            origins=origins,
            expires_at=key.expires_at,
        )

    def _by_token(self, shown: Shown, token: BrowserToken) -> Caller:
        known = self._ring.known()
        key = None if known is None else known.by_id.get(token.key_id)
        if key is None or not self._is_active(key):
            raise NoValidKeyError(BAD_KEY)
        own_page = shown.same_origin and shown.host == host_of(token.origin)
        if shown.origin != token.origin and not (shown.origin is None and own_page):
            raise NotAllowedError(WRONG_PAGE)
        return Caller(
            key_id=key.id,
            scopes=(token.scopes & key.scopes) - NEVER_BY_TOKEN,
            audiences=token.audiences & key.audiences,
            origins=frozenset({token.origin}),
            expires_at=token.expires_at,
            by_token=True,
        )

    def _read(self, credential: str) -> BrowserToken:
        try:
            return self._tokens.read(credential)
        except NoValidKeyError as error:
            raise NoValidKeyError(BAD_KEY) from error

    def _is_active(self, key: ApiKey) -> bool:
        return key.state(self._clock()) == "active"
