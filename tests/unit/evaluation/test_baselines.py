from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from evaluation.baselines import Bm25, ContentScores, bm25, cc, dense, min_max, rrf
from evaluation.bench import Bench
from evaluation.history_baselines import knn_cases, linear_probe, popularity, previous_action
from evaluation.questions import JudgedSet
from evaluation.shelf import NOT_RANKED, Shelf
from evaluation.system import ScoredSystem
from evaluation.systems import Systems, run_systems
from tests.unit.evaluation.benches import bench_of, firsts, judged


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return bench_of(tmp_path_factory.mktemp("articles"))


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return bench_of(tmp_path_factory.mktemp("actions"), judged("actions"))


def _shelf(texts: list[str], language: str = "en") -> Shelf:
    return Shelf(
        ids=[f"d{number}" for number in range(len(texts))],
        texts=texts,
        rows_by_language={language: np.arange(len(texts))},
        wholes=None,
        parts=np.zeros((0, 2), dtype=np.float32),
        starts=np.zeros(len(texts) + 1, dtype=np.int64),
    )


def test_bm25_is_lucenes_formula() -> None:
    """idf * tf / (tf + k1 * (1 - b + b * length / mean)), idf = ln(1 + (N - df + .5) / (df + .5)); by hand."""
    scores = Bm25(_shelf(["cat cat dog", "dog bird", "fish"])).scores("cat")
    idf = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    assert_allclose(scores, [idf * 2 / (2 + 1.5 * (1 - 0.75 + 0.75 * 3 / 2)), 0, 0], rtol=1e-5)


def test_bm25_stems_by_the_language_of_the_document() -> None:
    assert Bm25(_shelf(["Die Kündigungen"], "de")).scores("eine Kündigung")[0] > 0
    assert Bm25(_shelf(["Die Kündigungen"], "fr")).scores("eine Kündigung")[0] == 0


def test_bm25_takes_questions_and_documents_without_a_known_word() -> None:
    assert Bm25(_shelf(["", "..."])).scores("anything").tolist() == [0, 0]
    assert Bm25(_shelf(["cat"])).scores("dog ???").tolist() == [0]


def test_dense_is_the_mean_of_the_whole_and_its_best_passage() -> None:
    vectors = np.array([[1, 0], [0, 1]], dtype=np.float32)
    parts = np.array([[0, 1], [0.6, 0.8], [1, 0]], dtype=np.float32)
    shelf = replace(_shelf(["a", "b"]), wholes=vectors, parts=parts, starts=np.array([0, 0, 3]))
    # The first has no passage, so its whole counts for both; of the second's the last is the best.
    assert_allclose(shelf.cosines(np.array([1, 0], dtype=np.float32)), [1, (0 + 1) / 2])


def test_a_case_is_as_near_as_its_nearest_situation_and_one_without_text_is_not_ranked() -> None:
    parts = np.array([[0, 1], [1, 0]], dtype=np.float32)
    shelf = replace(_shelf(["a", "b"]), parts=parts, starts=np.array([0, 2, 2]))
    assert shelf.cosines(np.array([1, 0], dtype=np.float32)).tolist() == [1, NOT_RANKED]


def test_min_max_spans_the_allowed_documents_of_the_query() -> None:
    allowed = np.array([True, True, False, True])
    assert_allclose(min_max(np.array([0.8, 0.9, 5.0, 1.0]), allowed)[allowed], [0, 0.5, 1])
    assert min_max(np.array([0.7, 0.7, 5.0, 0.7]), allowed).tolist() == [0, 0, 0, 0]


class _Fixed(ContentScores):
    """Given scores instead of computed ones."""

    def __init__(self, words: list[float], meaning: list[float]) -> None:
        self._given = np.array(words), np.array(meaning)

    def words(self, asked: object) -> np.ndarray:
        return self._given[0]

    def meaning(self, asked: object) -> np.ndarray:
        return self._given[1]


def test_rrf_sums_reciprocal_ranks_and_words_that_miss_have_none(bench: Bench) -> None:
    content = _Fixed([3.0, 0.0, 5.0], [0.9, 0.8, 0.7])
    scores = rrf(content)(bench.asked["q1"], np.ones(3, dtype=np.bool_))
    assert_allclose(scores, [1 / 62 + 1 / 61, 1 / 62, 1 / 61 + 1 / 63])


def test_cc_is_a_convex_combination(bench: Bench) -> None:
    content = _Fixed([0.0, 4.0, 2.0], [0.9, 0.7, 0.8])
    scores = cc(content)(bench.asked["q1"], np.ones(3, dtype=np.bool_))
    assert_allclose(scores, [0.85, 0.15, 0.85 * 0.5 + 0.15 * 0.5])


def test_bm25_returns_only_what_shares_a_word(bench: Bench) -> None:
    scores = bm25(_Fixed([3.0, 0.0], [0.1, 0.2]))(bench.asked["q1"], np.ones(2, dtype=np.bool_))
    assert scores.tolist() == [3.0, NOT_RANKED]


def test_every_baseline_ranks_only_what_is_eligible(bench: Bench) -> None:
    names = ("bm25", "dense", "rrf", "cc", "popularity", "knn-cases", "linear-probe")
    for run in run_systems(bench, [Systems(bench).make(name) for name in names]).values():
        for ranking in run.rankings.values():
            assert ranking.ids, run.system
            assert not {"intern", "veraltet"} & set(ranking.ids)
            assert list(ranking.scores) == sorted(ranking.scores, reverse=True)


def test_equal_scores_are_ordered_by_id(bench: Bench) -> None:
    flat = ScoredSystem(name="flat", bench=bench, scorer=lambda asked, allowed: np.full(allowed.size, 0.5))
    assert flat.answer(bench.judged.questions[0]).ids == ("esim", "kuendigung", "rechnung", "stoerung")


def test_popularity_counts_what_history_used(bench: Bench) -> None:
    run = ScoredSystem(name="popularity", bench=bench, scorer=popularity(bench)).rank(bench.judged.questions)
    assert run.rankings["q3"].ids == ("rechnung", "stoerung", "kuendigung")
    assert run.rankings["q3"].scores == (3, 2, 1)


def test_popularity_counts_no_case_that_closed_later(tmp_path: Path) -> None:
    small = judged()
    early = replace(small.questions[0], as_of=small.records["cases"][0].opened_at)  # type: ignore[union-attr]
    early_bench = bench_of(tmp_path, replace(small, questions=[early]))
    assert Systems(early_bench).make("popularity").rank([early]).rankings["q1"].ids == ()


def test_knn_votes_for_what_the_nearest_cases_used(bench: Bench) -> None:
    run = ScoredSystem(name="knn-cases", bench=bench, scorer=knn_cases(bench)).rank(bench.judged.questions)
    assert firsts(run, bench.judged.questions) == ["rechnung", "kuendigung", "stoerung"]
    assert sum(run.rankings["q1"].scores) == pytest.approx(1, abs=1e-4)


def test_the_linear_probe_gives_probabilities_of_what_history_used(bench: Bench) -> None:
    run = Systems(bench).make("linear-probe").rank(bench.judged.questions)
    assert firsts(run, bench.judged.questions) == ["rechnung", "kuendigung", "stoerung"]
    ranking = run.rankings["q1"]
    assert ranking.confidences == ranking.scores
    assert sum(ranking.confidences) == pytest.approx(1, abs=1e-4)
    assert "esim" not in ranking.ids


def test_the_linear_probe_of_a_single_item_is_sure(tmp_path: Path) -> None:
    small = judged()
    only = _only_cases(small, {"c4", "c5"})
    run = Systems(bench_of(tmp_path, only)).make("linear-probe").rank(only.questions)
    assert {ranking.ids for ranking in run.rankings.values()} == {("stoerung",)}


def test_the_linear_probe_of_actions_hears_the_last_action(actions: Bench) -> None:
    score = linear_probe(actions)
    asked = actions.asked["q1"]
    opening = replace(asked, case=replace(asked.case, request=replace(asked.case.request, actions_done=())))
    every = np.ones(4, dtype=np.bool_)
    row = actions.snapshot.items["actions"].row_of["gutschreiben"]
    assert score(asked, every)[row] > score(opening, every)[row]


def test_previous_action_gives_what_followed_most_often(actions: Bench) -> None:
    run = ScoredSystem(name="previous-action", bench=actions, scorer=previous_action(actions)).rank(
        actions.judged.questions
    )
    assert run.rankings["q1"].ids == ("gutschreiben", "vormerken")
    assert run.rankings["q1"].scores == pytest.approx((0.75, 0.25))
    assert run.rankings["q2"].ids == ("pruefen", "messen")  # what opened a case


def test_dense_scores_are_those_of_the_shelf(bench: Bench) -> None:
    asked = bench.asked["q1"]
    scores = dense(ContentScores(bench))(asked, bench.allowed(asked))
    assert_allclose(scores, bench.shelf.cosines(asked.case.vector))


def _only_cases(small: JudgedSet, ids: set[str]) -> JudgedSet:
    cases = [case for case in small.records["cases"] if case.id in ids]
    return replace(small, records={**small.records, "cases": cases})
