"""``python -m assist serve``: the API under gunicorn."""

from __future__ import annotations

import argparse
import os
import sys

from assist.loopback import host_in_url, is_loopback
from assist.metrics import METRICS_FOLDER
from assist.metrics_files import begin_anew, folder_of
from assist.settings import Settings
from index.settings import SettingsError

# Threads beyond those that work and wait: they refuse what is too much, answer probes, and read what is sent slowly.
SPARE_THREADS = 8
# What a stopping worker gives requests at work to finish.
GRACE_S = 25


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command: none."""


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Replace this process by gunicorn; it announces the address once the index is open. Ctrl-C ends it."""
    check_binding(settings)
    begin_anew(folder_of(settings.index.var, settings.port))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execvpe(sys.executable, gunicorn_command(settings), serving_environment(settings))  # noqa: S606 - our own program


def check_binding(settings: Settings) -> None:
    """Raise ``SettingsError`` when others could reach the service and no key says who may ask."""
    if is_loopback(settings.host):
        return
    # Imported by need: nothing else that happens before gunicorn takes over needs the store.
    from assist.stored_keys import active_keys

    if active_keys(settings) == 0:
        raise SettingsError(
            f"ASSIST_HOST: found {settings.host!r}, but the store has no active API key, and without one the service "
            "binds to loopback only. Create one with `python -m assist keys create --name NAME`, or set "
            "ASSIST_HOST=127.0.0.1"
        )


def gunicorn_command(settings: Settings) -> list[str]:
    """Return the command line that serves with these settings."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"{host_in_url(settings.host)}:{settings.port}",
        "--workers",
        str(settings.workers),
        "--worker-class",
        "assist.worker.ProblemWorker",
        "--threads",
        str(settings.request_threads + settings.queue + SPARE_THREADS),
        "--no-control-socket",
        "--graceful-timeout",
        str(GRACE_S),
        "--log-level",
        "warning",
        "--config",
        "python:assist.arbiter",
        "assist.wsgi:application()",
    ]


def serving_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the workers: what the command line set wins over the variables."""
    fixed = {
        "ASSIST_VAR": str(settings.index.var),
        "ASSIST_HOST": settings.host,
        "ASSIST_PORT": str(settings.port),
        METRICS_FOLDER: str(folder_of(settings.index.var, settings.port)),
        "ASSIST_DESK": "on" if settings.desk else "off",
        **{f"ASSIST_COMPANY_{part.upper()}": value for part, value in settings.company.items()},
        # Native libraries bring thread pools of their own; one request must not take every core.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    # The C library would keep freed memory apart for each of many threads: 50 MB more of a worker, and no faster.
    return {"MALLOC_ARENA_MAX": "4", **os.environ, **fixed}
