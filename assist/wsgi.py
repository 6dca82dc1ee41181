"""The WSGI application that gunicorn's workers load, one runtime each."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from assist.app import create_app
from assist.bootstrap import build_runtime
from assist.keyring import KeyRing
from assist.loopback import host_in_url
from assist.settings import Settings, read_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def application() -> WSGIApplication:
    """Build the application of one worker and begin to open its index; called after the fork."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = read_settings(os.environ)
    runtime = build_runtime(settings, on_ready=lambda snapshot: announce(settings, runtime.keys, snapshot))
    runtime.start()
    return create_app(runtime.services)


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
