"""Solved cases asked again, each at its own time, to see what the service would have shown.

Each is asked at one moment, when its agent first used an article or a template, else before the first reply, with what
was known then. Only cases that had closed by then may teach, never the case itself.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assist.considering import Considered
from assist.models import SuggestRequest
from assist.past import Past
from assist.understanding import Understanding, known_text
from corpus.casetext import known_before_reply
from corpus.models import Case
from evaluation.case_questions import known_case, known_then
from evaluation.corpus_report.material import TEXT_KINDS, Material
from index.situations import UsedKind

FIRST = 3
"""How many items an agent sees of a kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the service has for a case of one kind: the first ids, whether it abstains or not, and how sure it is."""

    ids: tuple[str, ...]
    confidence: float
    threshold: float
    used: frozenset[str]

    @property
    def abstains(self) -> bool:
        """Whether nothing would have been shown."""
        return not self.ids or self.confidence < self.threshold

    @property
    def is_right(self) -> bool:
        """Whether the agent would have been shown what the agent used."""
        return not self.abstains and not self.used.isdisjoint(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCase:
    """A solved case as it was asked again, and what was answered."""

    case: Case
    understanding: Understanding
    past: Past
    answers: Mapping[UsedKind, Answer]


def ask_again(material: Material) -> tuple[AskedCase, ...]:
    """Ask a sample of the last period's solved cases again, ordered by id; those without any text are left out."""
    cases = sampled(material.period, material.limits.sample, material.limits.seed)
    requests = [request_of(case, material) for case in cases]
    texts = [known_text(request, material.parts.masking).text for request in requests]
    with material.reporter.stage("encode cases") as update:
        material.encoder.learn([text for text in texts if text], role="query", progress=update)
    asked = []
    with material.reporter.stage("ask again") as update:
        for number, (case, request, text) in enumerate(zip(cases, requests, texts, strict=True), start=1):
            if text:
                asked.append(_asked(case, request, material))
            update(number, len(cases))
    return tuple(asked)


def sampled(cases: Sequence[Case], size: int, seed: int) -> list[Case]:
    """Return so many of the cases, drawn by the seed, in their order; all where there are no more."""
    if len(cases) <= size:
        return list(cases)
    return [cases[place] for place in sorted(random.Random(seed).sample(range(len(cases)), size))]  # noqa: S311


def request_of(case: Case, material: Material) -> SuggestRequest:
    """Return the request that asks a solved case as it stood when something was first used in it."""
    uses = [known_then(case, use) for kind in TEXT_KINDS for use in getattr(case, kind)]
    then = known_case(case, min(uses, default=known_before_reply(case)))
    last = then.messages[-1].at if then.messages else None
    return SuggestRequest(
        case=then,
        limits=dict.fromkeys(TEXT_KINDS, FIRST),
        as_of=last or case.opened_at or case.closed_at,
        audiences=material.audiences,
    )


def _asked(case: Case, request: SuggestRequest, material: Material) -> AskedCase:
    suggester = material.suggester
    understanding = suggester.understand(request)
    past = suggester.look_back(understanding)
    return AskedCase(
        case=case,
        understanding=understanding,
        past=past,
        answers={
            kind: _answer(case, kind, suggester.consider(kind, understanding, past), material)
            for kind in TEXT_KINDS
            if material.snapshot.items[kind].items
        },
    )


def _answer(case: Case, kind: UsedKind, considered: Considered, material: Material) -> Answer:
    first = considered.ranking[:FIRST]
    confidences = considered.confidences(material.parts.scorer.confidence[kind])
    return Answer(
        ids=tuple(considered.id_at(place) for place in first),
        confidence=float(confidences[first[0]]) if first else 0.0,
        threshold=material.parts.threshold(kind),
        used=material.used_in(case, kind),
    )
