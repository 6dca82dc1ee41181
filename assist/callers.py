"""Who is asking: what a request shows of itself, and what its caller may do and see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from corpus.api_keys import SCOPES, Scope

LOCAL_ONLY = (
    "No API key is set up, so only programs on this machine may ask, at an address such as 127.0.0.1; "
    "create a key with `python -m assist keys create` to ask from elsewhere."
)


class NoValidKeyError(Exception):
    """A request without a key that is valid now; ``str(error)`` is for the caller."""


class NotAllowedError(Exception):
    """The caller is known but may not do this; ``str(error)`` is for the caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a request shows of where it comes from.

    ``credential`` is the key or token sent with it. ``origin`` is the web page that a browser names; ``same_origin``
    tells that this page came from this service, at ``host``. ``local`` tells that the request came from this machine.
    """

    credential: str | None = field(default=None, repr=False)
    origin: str | None = None
    same_origin: bool = False
    host: str = ""
    local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks; ``key_id`` is None for programs on this machine, as long as no key is set up.

    ``origins`` are the web pages that the key or token is for; ``expires_at`` is when it ends.
    """

    key_id: str | None
    scopes: frozenset[Scope]
    audiences: frozenset[str]
    origins: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    by_token: bool = False


class Callers(Protocol):
    """Tells who is asking."""

    def identify(self, shown: Shown) -> Caller:
        """Return the caller.

        Raises ``NoValidKeyError``, ``NotAllowedError`` for a web page that the key is not for, and ``Unavailable``
        while the keys are not known yet.
        """
        ...

    def origins(self) -> frozenset[str]:
        """Return every web page that some caller may ask from."""
        ...

    def problem(self) -> str | None:
        """Return what is wrong with knowing the callers, for readiness; None when nothing is."""
        ...

    def ready(self) -> bool:
        """Return whether callers can be told at all."""
        ...


class LocalCallers:
    """Lets every program on this machine do everything: the development mode, without keys."""

    def __init__(self, audiences: frozenset[str], origins: frozenset[str] = frozenset()) -> None:
        self._caller = Caller(key_id=None, scopes=frozenset(SCOPES), audiences=audiences, origins=origins)

    def identify(self, shown: Shown) -> Caller:
        """Return the one caller; a request from elsewhere, or under another name than this machine's, is refused."""
        if not shown.local:
            raise NoValidKeyError(LOCAL_ONLY)
        return self._caller

    def origins(self) -> frozenset[str]:
        """Return the pages that the settings name."""
        return self._caller.origins

    def problem(self) -> str | None:
        """Return None: there is nothing that could go wrong."""
        return None

    def ready(self) -> bool:
        """Return True."""
        return True
