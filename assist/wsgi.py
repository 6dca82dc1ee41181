"""The WSGI application that gunicorn's workers load, one runtime each."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from assist.app import create_app
from assist.bootstrap import build_runtime
from assist.settings import Settings, read_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def application() -> WSGIApplication:
    """Build the application of one worker and begin to open its index; called after the fork."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = read_settings(os.environ)
    runtime = build_runtime(settings, on_ready=lambda snapshot: _announce(settings, snapshot))
    runtime.live.start()
    return create_app(runtime.services)


def _announce(settings: Settings, snapshot: str) -> None:
    address = f"http://{settings.host}:{settings.port}"
    print(f"Stichwort serves snapshot {snapshot} at {address} (try it: {address}/docs). Ctrl-C ends it.", flush=True)
    print("No keys are set up: only programs on this machine can ask.", flush=True)
