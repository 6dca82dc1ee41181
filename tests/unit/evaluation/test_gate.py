from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluation.compare_runs import compare, comparison_results, comparison_table
from evaluation.floors import Floors, FloorsError, read_floors
from evaluation.gate import check, drops
from evaluation.metrics import METRICS
from evaluation.metrics_file import metrics_json
from evaluation.per_query import Outcome, write_per_query
from evaluation.result_folder import ResultFolder, ResultsError, read_results
from evaluation.results import EvaluationResults

SEED = 3
WriteRun = Callable[..., ResultFolder]


@pytest.fixture
def write_run(tmp_path: Path) -> WriteRun:
    """Return a way to write a run of one system and read it back: a mean and perhaps the value of each question."""

    def write(
        name: str, mean: float, values: Sequence[float] | None = None, *, dataset: str = "shop_de", width: float = 0.02
    ) -> ResultFolder:
        folder = tmp_path / name
        folder.mkdir()
        metrics: dict[str, Any] = {
            "dataset": dataset,
            "systems": {"stichwort": {"articles": {"n": 100, **dict.fromkeys(METRICS, mean)}}},
            "ci95": {"stichwort": {"articles": {key: [mean - width, mean + width] for key in METRICS}}},
            "fingerprints": {"code": name, "data": "same"},
        }
        (folder / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
        if values is not None:
            write_per_query(
                folder / "per_query.csv",
                [
                    Outcome(
                        kind="articles",
                        question=f"q{number}",
                        group=f"g{number // 2}",
                        system="stichwort",
                        metrics=dict.fromkeys(METRICS, value),
                    )
                    for number, value in enumerate(values)
                ],
            )
        return read_results(folder)

    return write


def _floors(kind: str = "articles", **values: float) -> Floors:
    return Floors(sets={"shop_de": {kind: {name.replace("_at_", "@"): floor for name, floor in values.items()}}})


def test_reached_floors_pass(results: EvaluationResults) -> None:
    metrics = metrics_json(results)
    assert check(metrics, _floors(nDCG_at_10=0.75, P_at_1=0.5)) == ()
    assert check(metrics, Floors(sets={"other": {"articles": {"P@1": 0.99}}})) == ()


def test_a_missed_floor_names_set_metric_both_values_and_interval(results: EvaluationResults) -> None:
    (failure,) = check(metrics_json(results), _floors(nDCG_at_10=0.76))
    assert str(failure) == "shop_de, articles, nDCG@10: 0.750 [0.700, 0.800] is below the floor 0.760"


def test_a_floor_on_what_was_not_measured_fails(results: EvaluationResults) -> None:
    (failure,) = check(metrics_json(results), _floors(kind="templates", P_at_1=0.1))
    assert failure.found is None
    assert "not measured" in str(failure)


@pytest.mark.parametrize(("floor", "failures"), [(0.09, 0), (0.091, 1)])
def test_against_the_best_baseline_the_whole_interval_must_lie_below(
    results: EvaluationResults, floor: float, failures: int
) -> None:
    floors = Floors(sets={"shop_de": {"articles": {"vs_best_baseline": floor}}})
    assert len(check(metrics_json(results), floors)) == failures


def test_confidence_has_floors_too(results: EvaluationResults) -> None:
    floors = Floors(sets={"shop_de": {"articles": {"brier_skill": 0.5, "coverage_at_p90": 0.5}}})
    (failure,) = check(metrics_json(results), floors)
    assert str(failure) == "shop_de, articles, brier_skill: 0.333 [0.200, 0.400] is below the floor 0.500"


def test_the_shipped_floors_are_read_and_cover_the_demo_corpus() -> None:
    assert "demo" in read_floors().sets


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[sets.demo.articles]\n"ndcg@10" = 0.5', r"unknown key sets\.demo\.articles\.ndcg@10"),
        ('[sets.demo.article]\n"P@1" = 0.5', r"unknown key sets\.demo\.article; expected one of articles"),
        ('[floors.demo.articles]\n"P@1" = 0.5', "unknown key floors; expected one of sets"),
        ('[sets.demo.articles]\n"P@1" = 50', r"sets\.demo\.articles\.P@1: found 50"),
        ('[sets.demo.articles]\n"P@1" = true', r"sets\.demo\.articles\.P@1: found True"),
        ('[sets.demo.articles]\n"P@1" = nan', r"sets\.demo\.articles\.P@1: found nan"),
        ("[sets]\ndemo = 1", r"sets\.demo: found 1; expected a table"),
        ("[sets", "not valid TOML"),
    ],
)
def test_floors_that_say_something_else_are_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FloorsError, match=message):
        read_floors(path)


def test_a_small_but_steady_drop_fails_when_questions_are_paired(write_run: WriteRun) -> None:
    values = np.random.default_rng(1).random(100)
    old = write_run("old", 0.5, values, width=0.1)
    new = write_run("new", 0.45, values - 0.05 * (np.arange(100) % 4 > 0), width=0.1)
    failures = drops(new, old, seed=SEED)
    assert [failure.metric for failure in failures] == list(METRICS)
    said = str(failures[4])
    assert said.startswith("shop_de, articles, nDCG@10: fell from ")
    assert "over 100 questions of both runs; interval of the difference [-0.0" in said
    # The same drop without single questions is lost in the width of the intervals.
    (new.path / "per_query.csv").unlink()
    assert drops(read_results(new.path), old, seed=SEED) == ()


def test_a_drop_that_chance_explains_passes(write_run: WriteRun) -> None:
    chance = np.random.default_rng(2)
    old = write_run("old", 0.5, chance.random(100))
    new = write_run("new", 0.5, np.roll([one.metrics["P@1"] for one in next(iter(old.outcomes.values())).values()], 1))
    assert drops(new, old, seed=SEED) == ()


def test_the_same_run_and_a_better_one_pass(write_run: WriteRun) -> None:
    values = np.full(20, 0.5)
    old, same, better = (write_run(*run) for run in (("a", 0.5, values), ("b", 0.5, values), ("c", 0.7, values + 0.2)))
    assert drops(same, old, seed=SEED) == drops(better, old, seed=SEED) == ()


def test_conversations_are_not_torn_apart(write_run: WriteRun) -> None:
    """Two questions of a conversation that fall together are one piece of evidence, not two."""
    old = write_run("old", 0.5, np.full(12, 0.5))
    fallen = np.full(12, 0.5)
    fallen[:2], fallen[2:4], fallen[4] = 0.0, 0.0, 0.55
    assert drops(write_run("new", 0.4, fallen), old, seed=SEED) == ()


def test_without_single_questions_intervals_that_part_fail(write_run: WriteRun) -> None:
    old = write_run("old", 0.5)
    (failure, *_) = drops(write_run("new", 0.45), old, seed=SEED)
    assert str(failure) == (
        "shop_de, articles, P@1: fell from 0.500 [0.480, 0.520] to 0.450 [0.430, 0.470]; the intervals do not overlap"
    )
    assert drops(write_run("close", 0.47), old, seed=SEED) == ()


def test_what_is_no_longer_measured_fails(write_run: WriteRun) -> None:
    old, new = write_run("old", 0.5), write_run("new", 0.5)
    emptied = replace(new, metrics={**new.metrics, "systems": {}})
    failures = drops(emptied, old, seed=SEED)
    assert len(failures) == len(METRICS)
    assert "no longer measured" in str(failures[0])


def test_runs_on_different_sets_are_not_compared(write_run: WriteRun) -> None:
    runs = write_run("old", 0.5), write_run("new", 0.5, dataset="other")
    with pytest.raises(ResultsError, match="found runs on other and shop_de"):
        drops(runs[1], runs[0], seed=SEED)
    with pytest.raises(ResultsError, match="expected two runs on the same set"):
        compare(*runs, seed=SEED)


def test_a_comparison_tells_difference_interval_and_p(write_run: WriteRun) -> None:
    values = np.linspace(0.1, 0.8, 60)
    comparison = compare(write_run("a", 0.45, values), write_run("b", 0.55, values + 0.1), seed=SEED)
    found = comparison_results(comparison)
    assert found["differing_fingerprints"] == ["code"]
    change = found["systems"]["stichwort"]["articles"]["nDCG@10"]
    assert (change["a"], change["b"], change["difference"], change["questions"]) == (0.45, 0.55, 0.1, 60)
    assert change["ci95"] == pytest.approx([0.1, 0.1])
    assert change["p"] < 0.001
    assert comparison_table(comparison).row_count == len(METRICS)


def test_a_comparison_without_single_questions_claims_no_certainty(write_run: WriteRun) -> None:
    change = compare(write_run("a", 0.5), write_run("b", 0.6), seed=SEED).changes[0]
    assert change.difference == pytest.approx(0.1)
    assert (change.interval, change.p, change.questions) == (None, None, 0)


@pytest.mark.parametrize(("content", "message"), [("{", "not valid JSON"), ("{}", "found no dataset, systems, ci95")])
def test_results_that_cannot_be_used_are_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ResultsError, match="not found"):
        read_results(tmp_path)
    (tmp_path / "metrics.json").write_text(content, encoding="utf-8")
    with pytest.raises(ResultsError, match=message):
        read_results(tmp_path)
