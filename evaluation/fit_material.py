"""What the shipped scorers are fitted on: samples of the open sets, each question asked with its evidence kept."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from assist.considering import Considered
from assist.past import Past
from assist.ranking import Evidence
from evaluation.beir import read_beir
from evaluation.bench import Asked, Bench, open_bench, without_history
from evaluation.fit_ranker import Answered
from evaluation.hiding import hide_history, with_newest
from evaluation.history_sets import read_kind
from evaluation.problems import read_problem_history, read_problems, read_similar_problems
from evaluation.questions import JudgedSet, Question
from evaluation.similar_sets import similar_cases
from evaluation.workbench import Workbench
from index.situations import UsedKind

SEED = 7
QUESTIONS_PER_SET = 200
QUESTIONS_PER_PROBLEM_FILE = 80
# Encoding every state of every dialogue takes minutes; the newest cases suffice to fit four numbers.
NEWEST_DIALOGUES = 900
TEMPLATES = ("roboai_de", "roboai_en")
ARTICLES = "banking77_en"
ACTIONS = "star_en"
SHORT_HISTORIES = (10, 100, 1_000)
"""So many of the newest cases are a history, too: belief in it must grow with it."""
_NOBODY = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Material:
    """Answered questions: ``content`` (articles), ``replies`` (templates) and ``steps`` (actions) without history.

    ``voted`` (articles, templates) and ``acted`` (actions) have one, ``similar`` are answered by solved cases.
    """

    content: list[Answered] = field(default_factory=list)
    replies: list[Answered] = field(default_factory=list)
    steps: list[Answered] = field(default_factory=list)
    voted: list[Answered] = field(default_factory=list)
    acted: list[Answered] = field(default_factory=list)
    similar: list[Answered] = field(default_factory=list)

    def without(self, family: str | None) -> Material:
        """Return what is left without a family; all for ``None``."""
        kept = ([each for each in part if each.family != family] for part in self._parts())
        return Material(*kept)

    @property
    def families(self) -> tuple[str, ...]:
        """All families, in order of name."""
        return tuple(sorted({each.family for part in self._parts() for each in part}))

    def _parts(self) -> tuple[list[Answered], ...]:
        return self.content, self.replies, self.steps, self.voted, self.acted, self.similar


def collect(bench: Workbench, data: Path) -> Material:
    """Ask samples of all open sets below ``data``; mails of an industry with an encoder that never saw it."""
    material = Material()
    for judged in content_sets(data, questions=QUESTIONS_PER_SET, mails=QUESTIONS_PER_PROBLEM_FILE):
        material.content.extend(_items(bench, judged))
    for file in _problem_files(data):
        material.similar.extend(_cases(bench, read_similar_problems(file)))
        young = read_problem_history(file)
        material.voted.extend(past_answered(bench, young, questions=QUESTIONS_PER_PROBLEM_FILE // 2))
    for name in TEMPLATES:
        judged = read_kind(data / "history" / name, "templates")
        sample = sampled(judged, QUESTIONS_PER_SET)
        material.replies.extend(_items(bench, sample, history=False))
        material.voted.extend(past_answered(bench, judged))
        material.similar.extend(_cases(bench, sampled(similar_cases(sample), QUESTIONS_PER_SET)))
    material.voted.extend(past_answered(bench, read_kind(data / "history" / ARTICLES, "articles")))
    star = read_kind(data / "history" / ACTIONS, "actions", newest=NEWEST_DIALOGUES)
    material.steps.extend(_items(bench, sampled(star, QUESTIONS_PER_SET), history=False))
    material.acted.extend(past_answered(bench, star))
    return material


def past_answered(
    bench: Workbench, judged: JudgedSet, *, questions: int = QUESTIONS_PER_SET, hidden: JudgedSet | None = None
) -> Iterator[Answered]:
    """Yield questions answered with the history of a set: with all of it, with items that have none, with little.

    Of the whole history twice as many ``questions`` are asked as of each other one, and each of them again without its
    right answers. The source of an answer names its history. ``hidden`` is the set with items that have none, where
    there is one already.
    """
    whole = sampled(judged, 2 * questions)
    yield from _items(bench, whole)
    fewer = sampled(judged, questions)
    cases = len(judged.records["cases"])
    histories = {"hidden": hide_history(fewer)[0] if hidden is None else sampled(hidden, questions)}
    histories |= {f"newest {size}": with_newest(fewer, size) for size in SHORT_HISTORIES if size < cases}
    for what, each in histories.items():
        for answer in _items(bench, each, removed=(False,)):
            yield replace(answer, source=f"{judged.name}, {what}")


def content_sets(data: Path, *, questions: int, mails: int) -> Iterator[JudgedSet]:
    """Yield the sets below ``data`` in which content alone answers: BEIR folders, then the mails of each industry.

    Of each at most so many ``questions`` or ``mails`` are asked.
    """
    for folder in sorted((data / "beir").iterdir()):
        yield sampled(read_beir(folder), questions)
    for file in _problem_files(data):
        yield sampled(read_problems(file), mails)


def _problem_files(data: Path) -> list[Path]:
    return sorted((data / "mails").glob("*.jsonl"))


def sampled(judged: JudgedSet, most: int) -> JudgedSet:
    """Return a set with at most so many of its questions: the same in every run, whatever was drawn before."""
    if len(judged.questions) <= most:
        return judged
    chosen: Sequence[Question] = random.Random(SEED).sample(judged.questions, most)  # noqa: S311 - no secret
    return replace(judged, questions=tuple(chosen))


def _items(
    bench: Workbench, judged: JudgedSet, *, history: bool = True, removed: Sequence[bool] = (False, True)
) -> Iterator[Answered]:
    """Yield each question asked with its right answers there, and again where they are ``removed``."""
    opened = open_bench(judged, bench.fair_to(judged))
    opened = opened if history else replace(opened, snapshot=without_history(opened))
    for question in judged.questions:
        asked = opened.ask(question)
        past = opened.suggester.look_back(asked.case)
        for gone in removed:
            yield _answered(opened, asked, past, question.relevant if gone else _NOBODY, removed=gone)


def _answered(bench: Bench, asked: Asked, past: Past, without: frozenset[str], *, removed: bool) -> Answered:
    kind: UsedKind = bench.used_kind
    considered = bench.suggester.consider(kind, asked.case, past, without=without)
    return answered(bench.judged, asked, considered, removed=removed)


def answered(judged: JudgedSet, asked: Asked, considered: Considered, *, removed: bool = False) -> Answered:
    """Return what was considered for a question of a set, and what of it is right: nothing, if that was ``removed``."""
    ids = [considered.id_at(position) for position in range(considered.candidates.rows.size)]
    return Answered(
        family=judged.family,
        source=judged.name,
        ids=ids,
        evidence=considered.evidence,
        right=np.isin(np.array(ids, dtype=np.str_), sorted(asked.question.relevant)) & (not removed),
        removed=removed,
    )


def _cases(bench: Workbench, judged: JudgedSet) -> Iterator[Answered]:
    opened = open_bench(judged, bench.fair_to(judged))
    for question in judged.questions:
        case = opened.ask(question).case
        for removed in (False, True):
            past = opened.suggester.look_back(case, without=question.relevant if removed else _NOBODY)
            ids = [past.space.cases[row].id for row in past.nearest.cases.tolist()]
            right = np.isin(np.array(ids, dtype=np.str_), sorted(question.relevant))
            yield Answered(
                family=judged.family,
                source=judged.name,
                ids=ids,
                evidence=Evidence.of_meaning(past.meaning, eligible=past.eligible),
                right=right & (not removed),
                removed=removed,
            )
