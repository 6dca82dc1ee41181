"""The real service in processes of its own, started as an operator would."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from benchmarks.memory import children, resident_mb
from benchmarks.plan import ROOT, Plan, service_variables

READY_WITHIN_S = 300.0
_STOP_WITHIN_S = 60.0
_LOOK_EVERY_S = 0.02
_RECOVERED_WITHIN_S, _ASK_AGAIN_S = 30.0, 0.2


class ServiceError(RuntimeError):
    """The service did not start or does not answer as expected; the message says what it told."""


class Service:
    """A running service over a state directory; what it says goes to a file."""

    def __init__(self, var: Path, plan: Plan, said: Path) -> None:
        self._said = said
        self.port = _free_port()
        self._begun = time.perf_counter()
        command = [sys.executable, "-m", "assist", "serve", "--var", str(var.resolve()), "--port", str(self.port)]
        with said.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command, cwd=ROOT, env=service_variables(plan), stdout=log, stderr=log
            )

    def wait_until_ready(self) -> float:
        """Return the seconds from the start of the process to the first 200 of ``/readyz``."""
        while (passed := time.perf_counter() - self._begun) < READY_WITHIN_S:
            if self._process.poll() is not None:
                raise ServiceError(f"the service ended with {self._process.returncode}: {self._told()}")
            if self._is_ready():
                return passed
            time.sleep(_LOOK_EVERY_S)
        raise ServiceError(f"the service was not ready after {READY_WITHIN_S:.0f} s: {self._told()}")

    def ask(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a request for suggestions, asked again while it is refused for overload.

        Raises ``ServiceError`` for any other answer than 200, or when the overload lasts.
        """
        end = time.monotonic() + _RECOVERED_WITHIN_S
        while True:
            try:
                return self._answer(body)
            except urllib.error.HTTPError as error:
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > end:
                    raise ServiceError(f"a suggestion was refused ({error}): {self._told()}") from error
                time.sleep(_ASK_AGAIN_S)
            except (OSError, ValueError) as error:
                raise ServiceError(f"a suggestion came to nothing ({error}): {self._told()}") from error

    def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/suggest",
            data=json.dumps(body).encode("utf-8"),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310 - our own address
            answer: dict[str, Any] = json.load(reply)
        return answer

    def workers(self) -> list[int]:
        """Return the worker processes."""
        return children(self._process.pid)

    def resident_mb(self) -> list[float]:
        """Return the resident memory of each worker, in megabytes."""
        return [resident_mb(worker) for worker in self.workers()]

    def stop(self) -> None:
        """Ask the service to end, and wait until it has."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as reply:
                return bool(reply.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    def _told(self) -> str:
        return self._said.read_text(encoding="utf-8", errors="replace")[-2_000:].strip() or "it said nothing"


@contextmanager
def running_service(var: Path, plan: Plan) -> Iterator[Service]:
    """Start a service, and stop it afterwards; it may not be ready yet."""
    with tempfile.TemporaryDirectory() as folder:
        service = Service(var, plan, Path(folder) / "said.txt")
        try:
            yield service
        finally:
            service.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
