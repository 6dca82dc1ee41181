"""Agents at work: clients that ask for suggestions all week, and tell what they did with some of them."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

QUESTIONS = (
    "Mein Internet geht nicht, die Lampe blinkt rot.",
    "Warum wurde die Rechnung zweimal abgebucht?",
    "Ich möchte den Vertrag zum Monatsende kündigen.",
    "Wie aktiviere ich meine eSIM auf dem neuen Telefon?",
    "Was kostet der Tarif Funk L im Monat?",
)
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """One answer; ``body`` is None where there is none."""

    status: int
    headers: dict[str, str]
    body: Any


def call(port: int, method: str, path: str, body: object = None, **headers: str) -> Reply:
    """Send one request over a connection of its own, so that any worker may answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        data = None if body is None else json.dumps(body)
        connection.request(
            method, path, data, {**JSON, **{name.replace("_", "-"): text for name, text in headers.items()}}
        )
        answer = connection.getresponse()
        text = answer.read()
        return Reply(answer.status, dict(answer.getheaders()), json.loads(text) if text else None)
    finally:
        connection.close()


@dataclass
class Traffic:
    """Clients in threads of their own, from ``start`` to ``stop``; what they met is counted."""

    port: int
    clients: int = 2
    statuses: Counter[str] = field(default_factory=Counter)
    snapshots: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    sent: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(self.clients)]

    def start(self) -> None:
        """Begin to ask."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask no more; returns when every answer has come."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    @property
    def failed(self) -> int:
        """How many requests were not answered with 200."""
        return sum(number for status, number in self.statuses.items() if status != "200")

    def _work(self, client: int) -> None:
        number = client
        while not self._stopped.is_set():
            self._ask(number)
            number += self.clients

    def _ask(self, number: int) -> None:
        case = {"id": f"live-{number}", "description": QUESTIONS[number % len(QUESTIONS)], "language": "de"}
        agent = {"agent": {"id": f"agent-{number % 12}"}}
        began = time.perf_counter()
        try:
            reply = call(self.port, "POST", "/v1/suggest", {"case": case, "context": agent, "min_confidence": 0})
        except (OSError, http.client.HTTPException) as error:
            self._count(type(error).__name__, None, time.perf_counter() - began)
            return
        self._count(str(reply.status), reply.body, time.perf_counter() - began)
        if reply.status == 200 and number % 7 == 0:
            self._tell(number, reply.body["articles"][:1])

    def _tell(self, number: int, articles: list[dict[str, Any]]) -> None:
        at = datetime.now(UTC).isoformat()
        events = [
            {"key": f"{event}-{number}", "suggestion_id": article["suggestion_id"], "event": event, "at": at}
            for article in articles
            for event in ("shown", "sent")
        ]
        if not events:
            return
        # A build holds the store for moments: 503 asks to send the same again, and nothing is lost.
        for _ in range(20):
            reply = call(self.port, "POST", "/v1/feedback", {"events": events})
            if reply.status != 503:
                break
            time.sleep(0.5)
        with self._lock:
            self.statuses[str(reply.status)] += 1
            self.sent += len(events)

    def _count(self, status: str, body: Any, seconds: float) -> None:
        with self._lock:
            self.statuses[status] += 1
            self.seconds.append(seconds)
            if body is not None:
                self.snapshots[str(body.get("snapshot"))] += 1
