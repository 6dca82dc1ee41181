"""What the feature study looks at: questions with their candidates, the shipped evidence and every further feature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.bench import Asked, Bench, open_bench
from evaluation.caching_encoder import CachingEncoder
from evaluation.feature_asking import Asking, Floats, sentences_of, subject_of
from evaluation.feature_candidates import features_of
from evaluation.feature_items import ItemFacts, facts_of
from evaluation.fit_material import answered, content_sets
from evaluation.fit_ranker import Answered
from evaluation.questions import JudgedSet, Question
from evaluation.workbench import Workbench
from index.encoder import Encoder


@dataclass(frozen=True, slots=True, kw_only=True)
class StudiedQuestion:
    """A question, its m candidates with the evidence of the shipped ranking, and each further feature of them (m,)."""

    question: Question
    answered: Answered
    features: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudiedSet:
    """The questions of one set that were asked."""

    name: str
    family: str
    questions: Sequence[StudiedQuestion]


def studied_sets(bench: Workbench, data: Path, questions: int) -> Iterator[StudiedSet]:
    """Ask at most so many questions of each set below ``data`` in which content alone answers.

    Mails of an industry are asked of an encoder that never saw it.
    """
    for judged in content_sets(data, questions=questions, mails=questions):
        yield studied_set(bench.fair_to(judged), judged)


def studied_set(workbench: Workbench, judged: JudgedSet) -> StudiedSet:
    """Ask the questions of a set; vectors come from the embedding cache if known, and are kept there."""
    bench = open_bench(judged, workbench)
    encoder = CachingEncoder(workbench.encoder, workbench.cache)
    every = [bench.ask(question) for question in judged.questions]
    with workbench.reporter.stage("encode sentences and subjects") as update:
        encoder.learn(list(dict.fromkeys(_texts(every))), role="query", progress=update)
    facts = facts_of(bench.snapshot.items[bench.used_kind])
    with workbench.reporter.stage("look at candidates") as update:
        studied = []
        for number, asked in enumerate(every, start=1):
            studied.append(_studied(bench, asked, facts, encoder))
            update(number, len(every))
    return StudiedSet(name=judged.name, family=judged.family, questions=studied)


def _texts(every: Sequence[Asked]) -> Iterator[str]:
    for asked in every:
        yield subject_of(asked.case)
        yield from sentences_of(asked.case)


def _studied(bench: Bench, asked: Asked, facts: ItemFacts, encoder: Encoder) -> StudiedQuestion:
    past = bench.suggester.look_back(asked.case)
    considered = bench.suggester.consider(bench.used_kind, asked.case, past)
    asking = Asking(case=asked.case, considered=considered, facts=facts, encoder=encoder)
    return StudiedQuestion(
        question=asked.question,
        answered=answered(bench.judged, asked, considered),
        features=features_of(asking),
    )
