"""What every rival does with a job: index the documents, answer the questions one by one, tell how long that took.

Nothing but the standard library, so that it runs in any environment. A job is JSON on stdin: ``documents`` with ``id``,
``title``, ``text`` and ``language``, ``questions`` with ``id``, ``subject`` (may be empty) and ``text``, ``model`` (a
folder), ``threads``, ``depth``, ``encoder`` and ``family``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Protocol

from benchmarks.memory import resident_mb

_WARM_UP = 5


class Rival(Protocol):
    """A system that finds documents."""

    def build(self, documents: Sequence[Mapping[str, str]]) -> None:
        """Index documents, once."""

    def rank(self, question: Mapping[str, str], depth: int) -> list[str]:
        """Return the ids of the best documents, the best first."""


def whole_text(document: Mapping[str, str]) -> str:
    """Return title and text of a document as one."""
    return f"{document['title']}\n{document['text']}".strip()


def asked_text(question: Mapping[str, str]) -> str:
    """Return subject and text of a question as one."""
    return f"{question['subject']}\n{question['text']}".strip()


def main(make: Callable[[Mapping[str, Any]], Rival], libraries: Sequence[str]) -> int:
    """Do the job on stdin with the rival that ``make`` opens, and print what came of it as JSON on stdout."""
    job = json.load(sys.stdin)
    # What libraries print must not come between the lines of the answer.
    out, sys.stdout = sys.stdout, sys.stderr
    found = measured(make(job), job)
    found["libraries"] = {name: version(name) for name in libraries}
    json.dump(found, out)
    return 0


def measured(rival: Rival, job: Mapping[str, Any]) -> dict[str, Any]:
    """Return build time, time of each question, rankings and resident memory."""
    begin = time.perf_counter()
    rival.build(job["documents"])
    built = time.perf_counter() - begin
    for question in job["questions"][:_WARM_UP]:
        rival.rank(question, job["depth"])
    times, rankings = [], {}
    for question in job["questions"]:
        begin = time.perf_counter()
        rankings[question["id"]] = rival.rank(question, job["depth"])
        times.append((time.perf_counter() - begin) * 1000)
    return {
        "build_seconds": round(built, 3),
        "times": times,
        "rankings": rankings,
        "resident_mb": resident_mb(os.getpid()),
    }
