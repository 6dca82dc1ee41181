"""How cases are found by what customers write: encoders, centring, and what of a case is encoded, side by side.

Centring subtracts from a query the mean vector of many customers' messages of its form: what all of them share (a
greeting, a complaint, a plea) is not the problem. A view is what of a case is encoded: all of it, its subject, its
body, or several of these as the mean of their vectors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from corpus.casetext import CaseText, clean
from corpus.models import Case
from corpus.subject import clean_subject
from corpus.training_problems import TrainingProblem
from evaluation.bench import Asked, Bench, open_bench
from evaluation.bootstrap import Interval, intervals
from evaluation.caching_encoder import CachingEncoder
from evaluation.metrics import measure, qrels_of
from evaluation.questions import JudgedSet
from evaluation.systems import CONTENT_BASELINES, OURS, Systems, run_systems
from evaluation.workbench import Workbench
from index.encoder import Encoder
from index.fitting.customers import message_text, with_relatives

Vector = NDArray[np.float32]
Means = Mapping[str, Vector]

METRICS = ("nDCG@10", "P@1")
# So many messages of a form give its mean to two digits; more change nothing but the time it takes.
MESSAGES_PER_FORM = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One system on one set in one setting: means and their 95 % intervals by metric, over ``n`` questions."""

    dataset: str
    kind: str
    encoder: str
    setting: str
    system: str
    n: int
    means: Mapping[str, float]
    ci95: Mapping[str, Interval]


def _all(case: Case, text: CaseText) -> tuple[str, ...]:
    return (text.text,)


def _body(case: Case, text: CaseText) -> tuple[str, ...]:
    return (text.last or text.text,)


def _subject(case: Case, text: CaseText) -> tuple[str, ...]:
    return (clean_subject(case.subject or "") or text.text,)


def _raw(case: Case, text: CaseText) -> tuple[str, ...]:
    return ("\n".join(part for part in (case.subject, case.description) if part),)


def _both(case: Case, text: CaseText) -> tuple[str, ...]:
    return (*_all(case, text), *_subject(case, text))


def _halves(case: Case, text: CaseText) -> tuple[str, ...]:
    words = clean(case.description or "").split()
    middle = (len(words) + 1) // 2
    return (text.text, " ".join(words[:middle]) or text.text, " ".join(words[middle:]) or text.text)


# Several texts of a view count as the mean of their vectors.
VIEWS: Mapping[str, Callable[[Case, CaseText], tuple[str, ...]]] = MappingProxyType(
    {
        "all": _all,
        "body without subject": _body,
        "subject alone": _subject,
        "as received": _raw,
        "all + subject": _both,
        "all + its halves": _halves,
    }
)


def means_by_form(problems: Sequence[TrainingProblem], encoder: Encoder, *, without: str, language: str) -> Means:
    """Return the mean query vector (d,) of customers' messages by form, of a language, the industry ``without`` aside.

    The empty form stands for all of them together.
    """
    texts: dict[str, list[str]] = defaultdict(list)
    left_out = with_relatives((without,))
    for problem in problems:
        if problem.industry not in left_out and problem.language == language:
            for message in problem.messages:
                texts[message.form].append(message_text(message, language))
    vectors = {form: encoder.encode(_spread(some), role="query") for form, some in sorted(texts.items())}
    return {form: each.mean(axis=0) for form, each in vectors.items()} | {
        "": np.concatenate(list(vectors.values())).mean(axis=0)
    }


def study(
    judged: JudgedSet,
    workbench: Workbench,
    *,
    means: Means | None = None,
    view: str | None = None,
    setting: str,
    ours: bool = False,
    metrics: Sequence[str] = METRICS,
) -> list[Cell]:
    """Measure the content baselines (with ``ours`` the suggester too) on a set, with queries centred or seen otherwise.

    The suggester itself is always asked as it is shipped, so it belongs to a setting that changes no query.
    """
    bench = open_bench(judged, workbench)
    if view is not None:
        bench = _asked_with(bench, _view_vectors(bench, CachingEncoder(workbench.encoder, workbench.cache), view))
    if means is not None:
        bench = _asked_with(bench, {key: _centred(each, means) for key, each in bench.asked.items()})
    systems = Systems(bench)
    names = (*((OURS,) if ours else ()), *CONTENT_BASELINES)
    runs = run_systems(bench, [systems.make(name) for name in names])
    groups = {question.id: question.group for question in judged.questions}
    cells = []
    for name, run in runs.items():
        measured = measure(qrels_of(judged.questions), run, metrics)
        cells.append(
            Cell(
                dataset=judged.name,
                kind=judged.kind,
                encoder=workbench.encoder.name,
                setting=setting,
                system=name,
                n=measured.n,
                means=measured.means,
                ci95=intervals(measured.values, groups),
            )
        )
    return cells


def _spread(texts: Sequence[str]) -> list[str]:
    """Return so many texts of a list, evenly spread over it."""
    count = min(len(texts), MESSAGES_PER_FORM)
    return [texts[number * len(texts) // count] for number in range(count)]


def _asked_with(bench: Bench, vectors: Mapping[str, Vector]) -> Bench:
    asked = {key: replace(each, case=replace(each.case, vector=vectors[key])) for key, each in bench.asked.items()}
    return replace(bench, asked=asked)


def _centred(asked: Asked, means: Means) -> Vector:
    form = asked.question.slices.get("form", "")
    return _unit(asked.case.vector - means.get(form, means[""]))


def _view_vectors(bench: Bench, encoder: Encoder, view: str) -> dict[str, Vector]:
    texts = {key: VIEWS[view](each.question.case, each.case.text) for key, each in bench.asked.items()}
    every = list(dict.fromkeys(text for some in texts.values() for text in some))
    vector_of = dict(zip(every, encoder.encode(every, role="query"), strict=True))
    return {key: _unit(np.mean([vector_of[text] for text in some], axis=0)) for key, some in texts.items()}


def _unit(vector: Vector) -> Vector:
    unit: Vector = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return unit
