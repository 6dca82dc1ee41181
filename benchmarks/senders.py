"""``python -m benchmarks.senders``: send requests for suggestions and tell how long each took.

A program of its own with nothing but the standard library, so that what sends takes little from what answers, and
several can send at a time. It reads a job (see ``Job``) as JSON from stdin and prints one list
``[number, due, milliseconds, status]`` a request, then the answers that were to be kept.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

REFUSED = 0
"""Stands for the status of a request to which no whole answer came."""
_NO_ANSWER = (REFUSED, b"", 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What one sender does: from the time ``begin`` on (seconds since the epoch), send ``bodies`` in turn.

    With ``due`` each request is sent when it is due (seconds after ``begin``), whether the earlier ones are answered or
    not, and its time counts from then; without, so many ``clients`` wait for each answer for so many ``seconds``.
    Requests have the numbers ``first``, ``first + step``, …, which choose their bodies; ``keep`` answers are kept.
    """

    port: int
    bodies: Sequence[str]
    begin: float
    due: Sequence[float] = ()
    clients: int = 0
    seconds: float = 0.0
    first: int = 0
    step: int = 1
    keep: int = 0


@dataclass(slots=True)
class Log:
    """What one sender saw."""

    rows: list[tuple[int, float, float, int]] = field(default_factory=list)
    kept: dict[int, Any] = field(default_factory=dict)


async def send(job: Job) -> Log:
    """Do a job."""
    log = Log()
    await asyncio.sleep(max(0.0, job.begin - time.time()))
    begin = time.perf_counter()
    if job.due:
        running = []
        for place, due in enumerate(job.due):
            await asyncio.sleep(max(0.0, begin + due - time.perf_counter()))
            running.append(asyncio.create_task(_one(job, log, job.first + place * job.step, begin, begin + due)))
        await asyncio.gather(*running)
    else:
        await asyncio.gather(*(_client(job, log, place, begin) for place in range(job.clients)))
    return log


async def _client(job: Job, log: Log, place: int, begin: float) -> None:
    number = job.first + place * job.step
    while time.perf_counter() < begin + job.seconds:
        wait = await _one(job, log, number, begin, time.perf_counter())
        # Whoever is refused comes back when the service asked for it, as a client should.
        await asyncio.sleep(min(wait, max(0.0, begin + job.seconds - time.perf_counter())))
        number += job.clients * job.step


async def _one(job: Job, log: Log, number: int, begin: float, due: float) -> float:
    """Send one request and log it; return after how many seconds the service wants to be asked again."""
    status, answer, wait = await _ask(job.port, job.bodies[number % len(job.bodies)].encode("utf-8"))
    log.rows.append((number, due - begin, (time.perf_counter() - due) * 1000, status))
    if status == 200 and len(log.kept) < job.keep:
        log.kept[number] = json.loads(answer)
    return wait


async def _ask(port: int, body: bytes) -> tuple[int, bytes, float]:
    """Return status and body of the answer, and the seconds of its ``Retry-After``."""
    head = (
        "POST /v1/suggest HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return _NO_ANSWER
    try:
        writer.write(head.encode("ascii") + body)
        await writer.drain()
        got = await reader.read(-1)
    except OSError:
        return _NO_ANSWER
    finally:
        writer.close()
    return _parsed(got)


def _parsed(got: bytes) -> tuple[int, bytes, float]:
    head, _, body = got.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if fields.get("content-length") != str(len(body)):
        return _NO_ANSWER
    return int(first.split()[1]), body, float(fields.get("retry-after", "0"))


def main() -> int:
    """Do the job on stdin."""
    log = asyncio.run(send(Job(**json.load(sys.stdin))))
    json.dump({"rows": log.rows, "kept": log.kept}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
