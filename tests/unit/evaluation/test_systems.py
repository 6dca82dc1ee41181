from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assist.models import SuggestKind
from evaluation.bench import Bench
from evaluation.questions import Ranking, Run
from evaluation.runs import write_run
from evaluation.shipped import ShippedSystem
from evaluation.systems import ABLATIONS, OURS, Systems, ablations, applicable, run_systems
from evaluation.trec_system import TrecSystem
from tests.unit.evaluation.benches import bench_of, firsts, judged

KINDS: tuple[SuggestKind, ...] = ("articles", "templates", "actions", "similar_cases")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return bench_of(tmp_path_factory.mktemp("articles"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_applicable_system_answers_every_question(kind: SuggestKind, tmp_path: Path) -> None:
    small = judged(kind)
    bench = bench_of(tmp_path, small)
    names = applicable(small)
    runs = run_systems(bench, [Systems(bench).make(name) for name in names])
    assert tuple(runs) == names
    for run in runs.values():
        assert set(run.rankings) == {"q1", "q2", "q3"}
    right = [first in question.relevant for first, question in zip(firsts(runs[OURS], small.questions), small.questions,
                                                                   strict=True)]  # fmt: skip
    assert all(right)


def test_systems_that_learn_from_history_need_one() -> None:
    assert applicable(judged(with_history=False)) == ("stichwort", "bm25", "dense", "rrf", "cc")
    assert "previous-action" in applicable(judged("actions"))
    assert "previous-action" not in applicable(judged("articles"))
    assert "knn-cases" not in applicable(judged("similar_cases"))
    assert "stichwort-no-history" not in ablations(judged(with_history=False))
    assert ablations(judged()) == ABLATIONS


def test_a_system_that_cannot_apply_is_refused_and_so_is_an_unknown_one(tmp_path: Path) -> None:
    systems = Systems(bench_of(tmp_path, judged(with_history=False)))
    with pytest.raises(ValueError, match="knn-cases cannot answer small"):
        systems.make("knn-cases")
    with pytest.raises(ValueError, match="found no system 'colbert', expected one of stichwort"):
        systems.make("colbert")


def test_ours_is_what_suggest_returns(bench: Bench) -> None:
    run = Systems(bench).make(OURS).rank(bench.judged.questions)
    for key, ranking in run.rankings.items():
        answer = bench.suggester.suggest(bench.asked[key].request).articles
        assert answer is not None
        assert ranking.ids == tuple(each.id for each in answer)
        assert ranking.confidences == tuple(each.confidence for each in answer)
        assert ranking.took_ms > 0


def test_a_threshold_never_cuts_what_is_ranked(bench: Bench) -> None:
    run = Systems(bench).make(OURS).rank(bench.judged.questions)
    assert {len(ranking.ids) for ranking in run.rankings.values()} == {4}  # all that is eligible


def _scores(bench: Bench, name: str, question: str = "q1") -> dict[str, float]:
    ranking = Systems(bench).make(name).rank(bench.judged.questions).rankings[question]
    return dict(zip(ranking.ids, ranking.scores, strict=True))


def test_each_ablation_takes_one_kind_of_evidence_away(bench: Bench) -> None:
    whole = _scores(bench, OURS)
    no_history, no_words = _scores(bench, "stichwort-no-history"), _scores(bench, "stichwort-no-bm25")
    assert no_history["rechnung"] < whole["rechnung"]
    assert no_words["rechnung"] < whole["rechnung"]
    # It shares no word with the question anyway; what history makes of it depends a little on its rivals.
    assert no_words["esim"] == pytest.approx(whole["esim"], abs=0.02)


def test_without_alignment_meaning_stands_in_for_it(bench: Bench) -> None:
    system = Systems(bench).make("stichwort-no-alignment")
    assert isinstance(system, ShippedSystem)
    case = bench.asked["q1"].case
    whole, without = (
        suggester.consider("articles", case, suggester.look_back(case)).evidence
        for suggester in (bench.suggester, system.suggester)
    )
    assert np.array_equal(without.alignment, without.meaning)
    assert np.array_equal(without.meaning, whole.meaning)
    assert not np.allclose(whole.alignment, whole.meaning)


def test_without_passages_an_article_is_as_near_as_its_whole(tmp_path: Path) -> None:
    small = judged()
    filler = "\n\n".join(f"Absatz {number}: " + "ganz anderes Thema hier " * 25 for number in range(4))
    long = replace(small.records["articles"][3], body=f"{filler}\n\nDie Rechnung wurde doppelt abgebucht.")
    articles = [long if each.id == long.id else each for each in small.records["articles"]]
    bench = bench_of(tmp_path, replace(small, records={**small.records, "articles": articles}))
    assert _scores(bench, "stichwort-no-passages")["rechnung"] < _scores(bench, OURS)["rechnung"]


def test_without_the_language_words_count_the_same_across_languages(tmp_path: Path) -> None:
    small = judged(with_history=False)
    english = replace(small.questions[0], case=replace(small.questions[0].case, language="en", description="Abbuchung"))
    bench = bench_of(tmp_path, replace(small, questions=[english]))
    assert _scores(bench, "stichwort-no-language")["rechnung"] > _scores(bench, OURS)["rechnung"]


def test_reversed_turns_every_answer_round(bench: Bench) -> None:
    ours = Systems(bench).make(OURS).rank(bench.judged.questions)
    turned = Systems(bench).make("reversed").rank(bench.judged.questions)
    for key, ranking in ours.rankings.items():
        assert turned.rankings[key].ids == ranking.ids[::-1]
        assert list(turned.rankings[key].scores) == sorted(turned.rankings[key].scores, reverse=True)


def test_two_benches_give_the_same_runs(tmp_path: Path) -> None:
    answers = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        bench = bench_of(tmp_path / name)
        runs = run_systems(bench, [Systems(bench).make(each) for each in applicable(bench.judged)])
        answers.append(
            {(run.system, key, each.ids, each.scores, each.confidences)
             for run in runs.values() for key, each in run.rankings.items()}
        )  # fmt: skip
    assert answers[0] == answers[1]


def test_a_run_file_answers_and_what_it_lacks_stays_unanswered(tmp_path: Path, bench: Bench) -> None:
    path = tmp_path / "theirs.txt"
    given = Run(system="theirs", rankings={"q1": Ranking(ids=("rechnung", "esim"), scores=(-1.0, -2.0))})
    write_run(path, given)
    run = TrecSystem(path).rank(bench.judged.questions)
    assert run.system == "theirs"
    assert run.rankings["q1"].ids == ("rechnung", "esim")
    assert run.rankings["q2"].ids == ()
    assert TrecSystem(path, name="other").rank(bench.judged.questions).system == "other"


def test_a_run_of_another_set_is_refused(tmp_path: Path, bench: Bench) -> None:
    path = tmp_path / "theirs.txt"
    write_run(path, Run(system="theirs", rankings={"x9": Ranking(ids=("a",), scores=(-1.0,))}))
    with pytest.raises(ValueError, match="found answers to none of the 3 questions"):
        TrecSystem(path).rank(bench.judged.questions)


def test_progress_is_told_for_every_question(bench: Bench) -> None:
    told: list[tuple[int, int]] = []
    Systems(bench).make("dense").rank(bench.judged.questions, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert np.isfinite(Systems(bench).make("dense").rank(bench.judged.questions).rankings["q1"].scores).all()
