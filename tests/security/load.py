"""More requests than the service can answer, and what becomes of them.

    python -m tests.security.load --seconds 10 --encoder packaged

measures on a free machine what reliability test R13 asks for, and prints it with the goals beside it. The service is
built over the demo corpus. Requests are sent when they are due, whether the earlier ones were answered or not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.security.wire import ROOT, Reply, Wired, ask, replies, request

FACTOR = 5
LEAST = 60.0  # a second: a machine that is busy with other things may be able to do next to nothing
CLIENTS = 8
COMPARED = 100
CASE_WORDS = (
    "Guten Tag, seit gestern Abend geht mein Internet nicht mehr, die Lampe an der Box blinkt rot. Ich habe sie schon "
    "zweimal vom Strom getrennt, ohne Erfolg. Ausserdem wurde meine letzte Rechnung doppelt abgebucht, bitte erstatten "
    "Sie mir den Betrag. Wenn das nicht bald geht, kündige ich den Vertrag zum Monatsende. "
)


@dataclass(frozen=True)
class Sent:
    """One request: when it was due, how long it took, and what came back (``status`` 0: nothing but a refusal).

    ``told`` is what a 200 suggests, for comparing.
    """

    due: float
    took: float
    status: int
    retry_after: bool = False
    broken: str = ""
    number: int = 0
    told: str = ""


@dataclass
class Load:
    """What came of a time under load; times in seconds."""

    suggest: list[Sent] = field(default_factory=list)
    health: list[Sent] = field(default_factory=list)

    def took(self, status: int) -> list[float]:
        """Return how long the answers of one status took, ascending."""
        return sorted(sent.took for sent in self.suggest if sent.status == status)


def question(number: int) -> bytes:
    """Return a request for suggestions in a case of a hundred words that no other request has."""
    text = f"Vorgang {number}. {CASE_WORDS * 2}"
    return ask({"case": {"description": text, "language": "de"}, "min_confidence": 0})


def share(values: Sequence[float], part: float) -> float:
    """Return the value that a part (0 to 1) of ascending values does not exceed; 0 for none."""
    return values[min(len(values) - 1, round(part * (len(values) - 1)))] if values else 0.0


async def capacity(port: int, seconds: float) -> float:
    """Return how many suggestions a second the service answers to a few clients that wait for each answer."""
    end = time.perf_counter() + seconds
    answered = 0

    async def client(number: int) -> None:
        nonlocal answered
        while time.perf_counter() < end:
            number += CLIENTS
            sent = await _send(port, question(number), time.perf_counter())
            answered += sent.status == 200  # not in one line with the wait, before which Python would read the sum

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return answered / seconds


async def press(port: int, rate: float, seconds: float) -> Load:
    """Send so many requests a second, each when it is due, and ask five times a second whether it is alive."""
    load = Load()
    begin = time.perf_counter()
    await asyncio.gather(
        _stream(port, load.suggest, [begin + number / rate for number in range(int(rate * seconds))], question),
        _stream(
            port,
            load.health,
            [begin + number / 5 for number in range(int(5 * seconds))],
            lambda _: request("GET", "/healthz"),
        ),
    )
    return load


async def _stream(port: int, results: list[Sent], due: Sequence[float], data: Any) -> None:
    running = []
    for number, moment in enumerate(due):
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        running.append(asyncio.create_task(_send(port, data(number), time.perf_counter(), number)))
    results += await asyncio.gather(*running)


async def _send(port: int, data: bytes, due: float, number: int = 0) -> Sent:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        return Sent(
            due, time.perf_counter() - due, 0, broken="" if isinstance(error, ConnectionRefusedError) else str(error)
        )
    try:
        writer.write(data)
        await writer.drain()
        got = await reader.read(-1)
    except OSError as error:
        return Sent(due, time.perf_counter() - due, -1, broken=repr(error))
    finally:
        writer.close()
    return replace(_sent(due, got), number=number)


def _sent(due: float, got: bytes) -> Sent:
    took = time.perf_counter() - due
    found: list[Reply] = replies(got)
    if len(found) != 1 or len(found[0].body) != int(found[0].headers.get("content-length", "-1")):
        return Sent(due, took, -1, broken=f"found {len(found)} whole answers in {len(got)} bytes")
    status = found[0].status
    return Sent(due, took, status, retry_after="retry-after" in found[0].headers, told=_told(found[0]))


def _told(reply: Reply) -> str:
    if reply.status != 200:
        return ""
    answer = reply.json
    kept = ("snapshot", "language", "articles", "templates", "actions", "similar_cases", "abstained", "warnings")
    return json.dumps({name: answer[name] for name in kept if name in answer}, sort_keys=True)


async def differing(port: int, load: Load) -> tuple[int, int]:
    """Ask some of what was answered under load again, one after the other; return how many, and how many differ."""
    answered = [sent for sent in load.suggest if sent.told]
    again = answered[:: max(1, len(answered) // COMPARED)]
    alone = [await _send(port, question(sent.number), time.perf_counter()) for sent in again]
    return len(again), sum(one.told != other.told for one, other in zip(again, alone, strict=True))


async def recovery(port: int, seconds: float) -> float:
    """Return the seconds until one request after the other is answered with 200 again, ten in a row."""
    begin = time.perf_counter()
    row = 0
    while row < 10 and time.perf_counter() - begin < seconds:
        row = row + 1 if (await _send(port, question(0), time.perf_counter())).status == 200 else 0
    return time.perf_counter() - begin if row == 10 else float("inf")


def measure(service: Wired, seconds: float) -> dict[str, Any]:
    """Return the figures of R13."""
    asyncio.run(capacity(service.port, 2.0))  # the first requests of a worker are slow
    able = asyncio.run(capacity(service.port, 3.0))
    load = asyncio.run(press(service.port, max(FACTOR * able, LEAST), seconds))
    recovered = asyncio.run(recovery(service.port, 30.0))
    compared, different = asyncio.run(differing(service.port, load))
    shed, accepted, alive = load.took(503), load.took(200), sorted(sent.took for sent in load.health)
    return {
        "capacity_per_s": round(able, 1),
        "sent": len(load.suggest),
        "statuses": dict(Counter(sent.status for sent in load.suggest)),
        "health_statuses": dict(Counter(sent.status for sent in load.health)),
        "shed_without_retry_after": sum(not sent.retry_after for sent in load.suggest if sent.status == 503),
        "shed_ms": {"p50": _ms(shed, 0.5), "p95": _ms(shed, 0.95), "p99": _ms(shed, 0.99), "goal": 50},
        "accepted_ms": {"p50": _ms(accepted, 0.5), "p99": _ms(accepted, 0.99), "goal": 1_000},
        "alive_ms": {"p50": _ms(alive, 0.5), "p99": _ms(alive, 0.99), "goal": 100},
        "answers": {"compared": compared, "different_from_unloaded": different, "goal": 0},
        "recovered_s": {"found": round(recovered, 2), "goal": 5},
    }


def _ms(values: Sequence[float], part: float) -> float:
    return round(1_000 * share(values, part), 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.load", description="Measure R13.")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the load lasts (60)")
    parser.add_argument("--encoder", default="packaged", help="packaged (needs the weights) or toy")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        service = Wired(Path(folder), ROOT / "corpus" / "demo", encoder=options.encoder)
        try:
            service.wait_until_ready()
            print(json.dumps({"encoder": options.encoder, **measure(service, options.seconds)}, indent=2))
        finally:
            service.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
