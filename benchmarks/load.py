"""Load on a running service by several senders at a time."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import numpy as np

from benchmarks.percentiles import percentiles
from benchmarks.plan import ROOT, Found
from benchmarks.programs import ProgramError
from benchmarks.senders import Job

SENDERS = 2
# Time for the senders to start, so that all begin at once.
_LEAD_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back: ``(number, due, milliseconds, status)`` a request, and the answers kept by request number."""

    rows: Sequence[tuple[int, float, float, int]]
    kept: Mapping[int, Any]

    @property
    def statuses(self) -> dict[str, int]:
        """How many answers had each status; ``0`` stands for none at all."""
        return {str(status): count for status, count in sorted(Counter(row[3] for row in self.rows).items())}

    @property
    def errors(self) -> int:
        """How many requests were not answered with 200."""
        return sum(row[3] != HTTPStatus.OK for row in self.rows)

    def summary(self) -> Found:
        """Return percentiles of the good answers, statuses and errors."""
        good = [row[2] for row in self.rows if row[3] == HTTPStatus.OK]
        times = percentiles(good) if good else None
        return {"milliseconds": times, "statuses": self.statuses, "errors": self.errors}

    def rate(self, seconds: float) -> float:
        """Return how many good answers came a second within the first so many seconds."""
        within = [due + took / 1000 for _, due, took, status in self.rows if status == HTTPStatus.OK]
        return sum(moment <= seconds for moment in within) / seconds


def waiting_clients(port: int, bodies: Sequence[str], clients: int, seconds: float) -> Answered:
    """Let so many clients ask one question after the other."""
    senders = min(SENDERS, clients)
    shares = [clients // senders + (place < clients % senders) for place in range(senders)]
    begin = time.time() + _LEAD_S
    return _sent(
        [
            Job(port=port, bodies=bodies, begin=begin, clients=share, seconds=seconds, first=place, step=senders)
            for place, share in enumerate(shares)
        ]
    )


def steady_arrivals(port: int, bodies: Sequence[str], due: Sequence[float], keep: int) -> Answered:
    """Send a request at every due moment (seconds from the beginning), whoever is answered; keep so many answers."""
    begin = time.time() + _LEAD_S
    return _sent(
        [
            Job(
                port=port,
                bodies=bodies,
                begin=begin,
                due=due[place::SENDERS],
                first=place,
                step=SENDERS,
                keep=keep // SENDERS,
            )
            for place in range(SENDERS)
        ]
    )


def poisson_arrivals(rate: float, seconds: float, seed: int) -> list[float]:
    """Return the moments at which requests arrive that know nothing of each other: exponential gaps, ``rate`` a second.

    >>> moments = poisson_arrivals(50.0, 100.0, 7)
    >>> moments == sorted(moments) and 4_500 < len(moments) < 5_500
    True
    """
    chance = np.random.default_rng(seed)
    gaps = chance.exponential(1.0 / rate, size=max(16, round(2 * rate * seconds) + 100))
    moments = np.cumsum(gaps)
    due: list[float] = moments[moments < seconds].tolist()
    return due


def _sent(jobs: Sequence[Job]) -> Answered:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.senders"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in jobs
    ]
    for process, job in zip(running, jobs, strict=True):
        if process.stdin is not None:
            process.stdin.write(json.dumps(asdict(job)))
            process.stdin.close()
    told = [process.stdout.read() if process.stdout is not None else "" for process in running]
    if any(process.wait() for process in running):
        raise ProgramError("a sender of requests failed, and told why on stderr: measure again")
    found = [json.loads(each) for each in told]
    kept = {int(number): answer for each in found for number, answer in each["kept"].items()}
    return Answered(rows=[tuple(row) for each in found for row in each["rows"]], kept=kept)
