"""How long masking takes, on mails of the length that customers write."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from importlib import resources

from corpus.privacy.masker import mask
from corpus.text import normalise

WORDS = 200
_ROUNDS = 20


def mails() -> tuple[str, ...]:
    """Return the words of the demo cases, in mails of 200 words each."""
    lines = resources.files("corpus").joinpath("demo/cases.jsonl").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines for text in _texts(json.loads(line)) for word in normalise(text).split(" ")]
    return tuple(" ".join(words[start : start + WORDS]) for start in range(0, len(words) - WORDS + 1, WORDS))


def milliseconds() -> tuple[float, float]:
    """Return median and 95th percentile of the milliseconds of processor time that masking one mail takes."""
    texts = mails()
    took = sorted(_took(text) for _ in range(_ROUNDS) for text in texts)
    return statistics.median(took), took[round(0.95 * (len(took) - 1))]


def _took(text: str) -> float:
    began = time.thread_time()
    mask(text)
    return (time.thread_time() - began) * 1_000


def _texts(case: dict[str, object]) -> Iterator[str]:
    yield from (value for value in (case.get("subject"), case.get("description")) if isinstance(value, str))
    messages = case.get("messages")
    for message in messages if isinstance(messages, list) else ():
        yield str(message["text"])
