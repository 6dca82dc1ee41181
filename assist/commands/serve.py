"""``python -m assist serve``: the API under gunicorn."""

from __future__ import annotations

import argparse
import os
import sys

from assist.settings import Settings

# Threads beyond those that work and wait: they refuse what is too much, answer probes, and read what is sent slowly.
SPARE_THREADS = 8
# What a stopping worker gives requests at work to finish.
GRACE_S = 25


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command: none."""


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Replace this process by gunicorn; it announces the address once the index is open. Ctrl-C ends it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execvpe(sys.executable, gunicorn_command(settings), serving_environment(settings))  # noqa: S606 - our own program


def gunicorn_command(settings: Settings) -> list[str]:
    """Return the command line that serves with these settings."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"{settings.host}:{settings.port}",
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
        "assist.wsgi:application()",
    ]


def serving_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the workers: what the command line set wins over the variables."""
    fixed = {
        "ASSIST_VAR": str(settings.index.var),
        "ASSIST_HOST": settings.host,
        "ASSIST_PORT": str(settings.port),
        # Native libraries bring thread pools of their own; one request must not take every core.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    return {**os.environ, **fixed}
