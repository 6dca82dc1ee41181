from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assist.models import SuggestKind
from corpus.models import Article
from corpus.training_problems import TrainingProblem
from evaluation.bootstrap import Interval
from evaluation.encoder_scorecard import FORGETTING, PLAIN, Line, Scorecard, plain_questions, reasons_against, score
from evaluation.workbench import Workbench
from index.encoder import Role
from index.encoders.toy import ToyEncoder
from tests.unit.evaluation.benches import bench_of, judged


class Blind(ToyEncoder):
    """A toy encoder to which all texts with one of some words are alike."""

    def __init__(self, *words: str) -> None:
        super().__init__(256)
        self.name = self.fingerprint = f"blind to {' '.join(words)}"
        self._words = words

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        vectors = super().encode(texts, role=role)
        for row, text in enumerate(texts):
            if any(word in text.casefold() for word in self._words):
                vectors[row] = np.eye(1, self.dimension)
        return vectors


def _problem(key: str, question: str | None, article: str, language: str = "de") -> TrainingProblem:
    return TrainingProblem(
        id=key,
        industry="zoo",
        language=language,
        title=key.capitalize(),
        article=article,
        question=question,
        family=None,
        messages=(),
    )


PROBLEMS = (
    _problem("zebra", "Wann werden die Zebras gefüttert?", "Zebras füttern wir um zehn."),
    _problem("affe", "Darf ich die Affen streicheln?", "Affen streicheln Sie bitte nicht."),
    _problem("baer", None, "Bären schlafen im Winter."),
    _problem("owl", "When do the owls fly?", "Owls fly at night.", "en"),
)
ANIMALS = ("zebra", "affe", "bär", "owl")
SERVICE = ("rechnung", "vertrag", "router")


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    return bench_of(tmp_path).workbench


def _scored(workbench: Workbench, old: ToyEncoder, new: ToyEncoder) -> Scorecard:
    sets = (judged(with_history=False), plain_questions(PROBLEMS))
    return score(sets, workbench, old=old, new=new)


def _line(*, diff: float, dataset: str = "own", kind: SuggestKind = "articles", system: str = "dense") -> Line:
    return Line(
        dataset=dataset,
        kind=kind,
        system=system,
        questions=40,
        old=0.5,
        new=0.5 + diff,
        diff=diff,
        ci95=Interval(diff - 0.1, diff + 0.1),
    )


def test_every_set_is_asked_of_both_encoders_by_the_suggester_and_by_meaning_alone(workbench: Workbench) -> None:
    card = _scored(workbench, ToyEncoder(2), ToyEncoder(64))
    assert [(line.dataset, line.kind, line.system, line.questions) for line in card.lines] == [
        ("small", "articles", "stichwort", 3),
        ("small", "articles", "dense", 3),
        (PLAIN, "articles", "stichwort", 3),
        (PLAIN, "articles", "dense", 3),
    ]
    for line in card.lines:
        assert line.diff == pytest.approx(line.new - line.old)
        assert line.ci95.low <= line.diff <= line.ci95.high


def test_an_encoder_that_finds_more_and_forgets_nothing_may_be_used(workbench: Workbench) -> None:
    card = _scored(workbench, Blind(*SERVICE), ToyEncoder(256))
    assert card.reasons == ()
    assert card.lines[1].diff > 0


def test_an_encoder_that_finds_less_may_not_be_used(workbench: Workbench) -> None:
    card = _scored(workbench, ToyEncoder(256), Blind(*SERVICE))
    assert card.reasons == (
        "articles, dense: nDCG@10 fell from 0.877 to 0.710",
        "nothing of the corpus is found better",
    )
    assert card.lines[1].ci95.low < 0


def test_an_encoder_that_forgot_plain_questions_may_not_be_used_however_well_it_knows_the_corpus(
    workbench: Workbench,
) -> None:
    card = _scored(workbench, Blind(*SERVICE), Blind(*ANIMALS))
    assert card.lines[1].diff > 0
    assert [reason for reason in card.reasons if reason.startswith("plain questions, dense: nDCG@10 fell from 1.000")]
    assert not [reason for reason in card.reasons if reason.startswith("articles")]


def test_the_same_encoder_again_is_no_better(workbench: Workbench) -> None:
    assert _scored(workbench, ToyEncoder(), ToyEncoder()).reasons == ("nothing of the corpus is found better",)


def test_one_kind_that_is_found_worse_is_reason_enough() -> None:
    lines = (_line(diff=0.3), _line(diff=-0.001, kind="templates"), _line(diff=0.0, dataset=PLAIN))
    assert reasons_against(lines) == ("templates, dense: nDCG@10 fell from 0.500 to 0.499",)


@pytest.mark.parametrize(("diff", "stopped"), [(-FORGETTING, False), (-FORGETTING - 1e-6, True), (0.1, False)])
def test_plain_questions_may_lose_a_little(diff: float, stopped: bool) -> None:
    lines = (_line(diff=0.1), _line(diff=diff, dataset=PLAIN, system="stichwort"))
    assert [reason.split(":")[0] for reason in reasons_against(lines)] == ["plain questions, stichwort"] * stopped


def test_what_plain_questions_gain_does_not_stand_for_the_corpus() -> None:
    lines = (_line(diff=0.0), _line(diff=0.4, dataset=PLAIN))
    assert reasons_against(lines) == ("nothing of the corpus is found better",)


def test_every_problem_with_a_question_is_asked_among_the_articles_of_all() -> None:
    plain = plain_questions(PROBLEMS)
    assert plain.name == PLAIN
    assert [article.id for article in plain.records["articles"]] == ["affe", "baer", "owl", "zebra"]
    assert {article.language for article in plain.records["articles"] if isinstance(article, Article)} == {"de", "en"}
    assert [(each.id, each.relevant, each.group) for each in plain.questions] == [
        ("zebra", {"zebra"}, "zebra"),
        ("affe", {"affe"}, "affe"),
        ("owl", {"owl"}, "owl"),
    ]
    (owl,) = (each for each in plain.questions if each.id == "owl")
    assert (owl.case.subject, owl.case.language, owl.slices["language"]) == ("When do the owls fly?", "en", "en")
