"""The door: who is asking, may they, and not too often. Checked before a view or a body is looked at."""

from __future__ import annotations

import math
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, g, request

from assist.api.scopes import METRICS, needed_scopes
from assist.callers import Caller, NotAllowedError, NoValidKeyError, Shown
from assist.errors import ProblemError
from assist.loopback import is_loopback
from assist.origins import host_of
from assist.services import Services
from corpus.api_keys import Scope

KEY_HEADER = "X-API-Key"
# What a proxy adds to a request that it passes on. One on this machine makes every caller look like a local one.
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
_REALM = 'Bearer realm="stichwort"'


def register_access(app: Flask, services: Services) -> None:
    """Let a request reach its view only when its caller may do what it asks."""

    @app.before_request
    def check() -> None:
        # Unknown paths and preflights tell nothing that the published document does not.
        if request.url_rule is None or request.method == "OPTIONS":
            return
        needed = needed_scopes(request.method, request.url_rule.rule)
        if needed:
            if request.url_rule.rule == METRICS and _may_watch(services):
                return
            g.caller = _identify(services)
            _check_rate(services, g.caller)
            _check_scope(g.caller, needed)


def current_caller() -> Caller:
    """Return who asks; only for views that are not free to all."""
    caller: Caller = g.caller
    return caller


def caller_or_none() -> Caller | None:
    """Return who asks, as far as that is known."""
    caller: Caller | None = g.get("caller")
    return caller


def not_allowed(detail: str) -> ProblemError:
    """Return the answer to a caller who is known but may not do this."""
    return ProblemError(HTTPStatus.FORBIDDEN, detail)


def _may_watch(services: Services) -> bool:
    """Return whether figures may be read without a key; with one of the scope they may be in any case."""
    return services.metrics_for == "open" or (services.metrics_for == "loopback" and _is_local())


def _identify(services: Services) -> Caller:
    shown = _shown()
    try:
        return services.callers.identify(shown)
    except NoValidKeyError as error:
        # RFC 6750, section 3.1: no error code for a request that showed nothing.
        challenge = _REALM if shown.credential is None else f'{_REALM}, error="invalid_token"'
        raise ProblemError(HTTPStatus.UNAUTHORIZED, str(error), headers={"WWW-Authenticate": challenge}) from None
    except NotAllowedError as error:
        raise not_allowed(str(error)) from None


def _check_rate(services: Services, caller: Caller) -> None:
    wait = 0.0 if caller.key_id is None else services.limiter.wait_s(caller.key_id)
    if wait > 0:
        raise ProblemError(
            HTTPStatus.TOO_MANY_REQUESTS,
            "This API key has used up its requests of the last minute; send the next one after Retry-After, "
            "or have ASSIST_RATE_LIMIT raised.",
            headers={"Retry-After": str(math.ceil(wait))},
        )


def _check_scope(caller: Caller, needed: frozenset[Scope]) -> None:
    if caller.scopes & needed:
        return
    wanted = " or ".join(sorted(needed))
    raise ProblemError(
        HTTPStatus.FORBIDDEN,
        f"The API key has the scopes {', '.join(sorted(caller.scopes)) or 'of nothing'}, expected {wanted}; "
        "use another key, or create one with that scope.",
        headers={"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{" ".join(sorted(needed))}"'},
    )


def _shown() -> Shown:
    origin = request.headers.get("Origin")
    if origin is None:
        same_origin = request.headers.get("Sec-Fetch-Site") == "same-origin"
    else:
        same_origin = host_of(origin) == request.host
    return Shown(
        credential=_credential(),
        origin=origin,
        same_origin=same_origin,
        host=request.host,
        local=_is_local(),
    )


def _credential() -> str | None:
    scheme, _, value = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    return request.headers.get(KEY_HEADER)


def _is_local() -> bool:
    # The address alone is not enough: a web page elsewhere can point a name of its own at 127.0.0.1 (DNS rebinding).
    if any(header in request.headers for header in PASSED_ON):
        return False
    try:
        name = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return False
    from_here = not request.remote_addr or is_loopback(request.remote_addr)  # no address: a socket file
    return from_here and is_loopback(name)
