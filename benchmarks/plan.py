"""What is measured, on what, and how often."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

Found = dict[str, Any]
"""What a part found: strings, numbers, lists and mappings, as JSON holds them."""

Say = Callable[[str], None]
"""Tells how far a part is."""

# What the settings of this shell may change; whatever else they say, no store but the benchmark's own is opened.
_TUNING = (
    "ASSIST_THREADS",
    "ASSIST_WORKERS",
    "ASSIST_REQUEST_THREADS",
    "ASSIST_QUEUE",
    "ASSIST_DEADLINE_MS",
    "ASSIST_MASKING",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sustained:
    """A load of so many requests a second, for so many seconds."""

    rate: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What every part needs to know.

    ``sizes`` are passages in the search part, whose vectors are real up to ``real_up_to`` of them and random beyond.
    The service is measured over ``passages`` and ``cases``, its start at ``start_sizes``. ``samples`` texts are asked
    ``rounds`` times; each of the ``clients`` steps lasts ``seconds``. ``sections`` and ``data`` are open data that may
    be absent; without sections texts are made. ``run`` tells what this run of the program built from what is left over.
    """

    encoder: str = "packaged"
    models: Path = ROOT / "models"
    var: Path = ROOT / "var"
    sections: Path | None = ROOT / "../shared/data/scale/win32_de_sections.jsonl.gz"
    data: Path = ROOT / "../shared/data/beir"
    sizes: tuple[int, ...] = (1_000, 10_000, 60_000, 100_000, 200_000)
    real_up_to: int = 100_000
    passages: int = 10_000
    cases: int = 10_000
    start_sizes: tuple[int, ...] = (10_000, 100_000)
    samples: int = 200
    rounds: int = 3
    seconds: float = 20.0
    clients: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    sustained: Sustained | None = None
    sets: tuple[str, ...] = ("alchemy_title_de", "cwa_title_de2de", "mail_cwa_de")
    questions: int = 300
    rivals_python: Path = ROOT / ".venv-bench/bin/python"
    quick: bool = False
    seed: int = 7
    run: str = ""

    @property
    def folder(self) -> Path:
        """Where the benchmark keeps vectors and builds its indexes."""
        return self.var / "bench"

    @property
    def cache(self) -> Path:
        """The file that keeps vectors from one run to the next, so that a large corpus is encoded once."""
        return self.folder / "embeddings.sqlite"

    @property
    def threads(self) -> int:
        """Threads that encoding may use; the requests of a service share as many."""
        return int(self.environment.get("ASSIST_THREADS", "2"))

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which the service is started, beyond those of any program."""
        return {
            **{name: os.environ[name] for name in _TUNING if os.environ.get(name)},
            "ASSIST_ENCODER": self.encoder,
            "ASSIST_MODELS": str(self.models),
            "ASSIST_RATE_LIMIT": "0",
            # Texts come again in the rounds of a part, and it is the encoding of new ones that is measured.
            "ASSIST_RECENT_ENCODINGS": "0",
        }

    def facts(self) -> Found:
        """Return what of the plan belongs into every results file."""
        return {
            "encoder": self.encoder,
            "quick": self.quick,
            "samples": self.samples,
            "rounds": self.rounds,
            "seed": self.seed,
            "settings": {name: value for name, value in self.environment.items() if name != "ASSIST_MODELS"},
        }


def quick(plan: Plan) -> Plan:
    """Return a plan that runs everything once in well under a minute, with the toy encoder, to see that it works."""
    return replace(
        plan,
        encoder="toy",
        sections=None,
        sizes=(200, 400),
        real_up_to=200,
        passages=200,
        cases=60,
        start_sizes=(200,),
        samples=8,
        rounds=1,
        seconds=1.0,
        clients=(1, 4),
        sustained=Sustained(rate=20.0, seconds=2.0),
        sets=(),
        questions=20,
        quick=True,
    )


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def service_variables(plan: Plan, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return a whole environment for a program of the service: this one without any other ``ASSIST_`` setting."""
    return {**{name: value for name, value in base.items() if not name.startswith("ASSIST_")}, **plan.environment}


def say(line: str) -> None:
    """Print a line of progress on stderr at once."""
    print(line, file=sys.stderr, flush=True)
