"""How long an answer takes as served: encoder and all."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np

from assist.models import SuggestRequest
from assist.suggest import Suggester
from evaluation.bench import Bench
from evaluation.questions import Question
from evaluation.results import Latency
from evaluation.system import Update, counted


def measure_latency(bench: Bench, *, sample: int = 50, seed: int = 7, update: Update | None = None) -> Latency:
    """Time the suggester with its own encoder on a seeded sample of questions, asked as a caller asks by default.

    Wall time in milliseconds of one process and one request at a time. The first answer warms up and is not counted.
    Raises ``ValueError`` for a set without questions.
    """
    asked = _sample(bench.judged.questions, sample, seed)
    if not asked:
        raise ValueError(f"{bench.judged.name} has no questions to time: leave latency out")
    suggester = Suggester(bench.snapshot, replace(bench.parts, encoder=bench.encoder))
    _timed(suggester, asked[0])
    times = np.array([_timed(suggester, question) for question in counted(asked, update)])
    p50, p95, p99 = np.percentile(times, [50, 95, 99]).tolist()
    return Latency(n=len(asked), p50=p50, p95=p95, p99=p99)


def _sample(questions: Sequence[Question], size: int, seed: int) -> Sequence[Question]:
    if len(questions) <= size:
        return questions
    return random.Random(seed).sample(list(questions), size)  # noqa: S311 - no secret


def _timed(suggester: Suggester, question: Question) -> float:
    request = SuggestRequest(case=question.case, actions_done=question.done, as_of=question.as_of)
    begin = perf_counter()
    suggester.suggest(request)
    return (perf_counter() - begin) * 1000
