"""The WSGI application that gunicorn's workers load, one runtime each."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from assist.logs import set_up_logging
from assist.loopback import host_in_url
from assist.settings import Settings, read_settings
from index.read_ahead import ReadAhead

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from assist.bootstrap import Runtime
    from assist.keyring import KeyRing


class Application:
    """The application of one worker; it answers from the beginning, and tells while it cannot answer questions."""

    def __init__(self, answer: WSGIApplication, runtime: Runtime) -> None:
        self._answer, self._runtime = answer, runtime

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self._answer(environ, start_response)

    def opening(self) -> bool:
        """Return whether the first attempt at opening an index is still under way."""
        return self._runtime.live.opening()


def application() -> Application:
    """Build the application of one worker and begin to open its index; called after the fork."""
    settings = read_settings(os.environ)
    set_up_logging(settings.log)
    ahead = ReadAhead(settings.for_requests().index)
    ahead.begin()
    # Imported now, for that takes as long as reading what will serve, and each has a core.
    from assist.app import create_app
    from assist.bootstrap import build_runtime

    runtime = build_runtime(settings, ahead=ahead, on_ready=lambda snapshot: announce(settings, runtime.keys, snapshot))
    runtime.start()
    return Application(create_app(runtime.services), runtime)


def announce(settings: Settings, keys: KeyRing, snapshot: str) -> None:
    """Print where the service, and the desk if there is one, can be reached, and by whom."""
    address = f"http://{host_in_url(settings.host)}:{settings.port}"
    print(f"Stichwort serves snapshot {snapshot} at {address} (try it: {address}/docs). Ctrl-C ends it.", flush=True)
    if settings.desk:
        print(f"The agent desk: {address}/desk", flush=True)
    print(_who_may_ask(keys), flush=True)


def _who_may_ask(keys: KeyRing) -> str:
    known = keys.known()
    if known is None:
        return "API keys cannot be read from the store yet: nobody can ask until they can."
    if known.required:
        return "API keys are set up: callers need one."
    return "No keys are set up: only programs on this machine can ask."
