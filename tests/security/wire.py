"""A service under gunicorn, and clients that speak to it over bare sockets: what no HTTP library would send."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.builder import build
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings

ROOT = Path(__file__).parents[2]
WAIT = 120.0


@dataclass(frozen=True)
class Reply:
    """One answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Wired:
    """A running service over a corpus folder; everything that it says on stdout and stderr goes to a file."""

    def __init__(self, folder: Path, corpus: Path, *, encoder: str = "toy", **environment: str) -> None:
        self.var = folder / "var"
        self.said = folder / "said.txt"
        if not self.var.exists():
            settings = IndexSettings(var=self.var, models=ROOT / "models", encoder=encoder)
            build(settings, open_encoder(encoder, settings.models), corpus, SilentReporter())
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        command = [sys.executable, "-m", "assist", "serve", "--var", str(self.var), "--port", str(self.port)]
        variables = {**os.environ, "ASSIST_ENCODER": encoder, **environment}
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=said, stderr=said)

    def wait_until_ready(self) -> None:
        """Return once it can answer."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            try:
                if self.send(request("GET", "/readyz"))[0].status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        pytest.fail(f"not ready after {WAIT} s: {self.said.read_text(encoding='utf-8')}")

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT)

    def send(self, data: bytes, *, end: bool = False) -> list[Reply]:
        """Send bytes, then nothing more, and return every answer until the service closes the connection.

        With ``end`` the service is told that no more will come.
        """
        with self.connect() as wire:
            try:
                wire.sendall(data)
                if end:
                    wire.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it may have answered and closed before it had read everything
            return replies(received(wire))

    def stop(self) -> int:
        """Ask it to end and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT)


def request(method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    """Return a request that asks for the connection to be closed after it."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    if body and not any(header.lower().startswith(("content-length", "transfer-encoding")) for header in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def ask(body: Any, *headers: str) -> bytes:
    """Return a request for suggestions."""
    return request("POST", "/v1/suggest", json.dumps(body).encode("utf-8"), "Content-Type: application/json", *headers)


def received(wire: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    got = bytearray()
    while True:
        try:
            part = wire.recv(65_536)
        except ConnectionResetError:
            return bytes(got)
        if not part:
            return bytes(got)
        got += part


def replies(data: bytes) -> list[Reply]:
    """Return the answers in what was received; every one must have a length."""
    found = []
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", len(rest)))
        found.append(Reply(int(first.split()[1]), headers, rest[:length]))
        data = rest[length:]
    return found
