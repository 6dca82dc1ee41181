from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from assist.models import SuggestKind
from evaluation.bootstrap import Interval
from evaluation.metrics_file import metrics_json, write_metrics
from evaluation.results import EvaluationResults, KindResults, Latency
from evaluation.significance import Comparison

MEANS = ("P@1", "P@3", "Success@3", "R@5", "nDCG@10", "RR@10")

# Written by hand from section 4 of the contract.
EXPECTED = {
    "dataset": "shop_de",
    "kind": "history",
    "split": {
        "articles": {"by": "opened_at", "history": 160, "items": 12, "dropped": {"near_duplicates": 3}},
    },
    "systems": {
        "stichwort": {
            "articles": {
                "n": 40,
                "P@1": 0.75,
                "P@3": 0.75,
                "Success@3": 0.75,
                "R@5": 0.75,
                "nDCG@10": 0.75,
                "RR@10": 0.75,
            }
        },
        "cc": {
            "articles": {"n": 40, "P@1": 0.7, "P@3": 0.7, "Success@3": 0.7, "R@5": 0.7, "nDCG@10": 0.7, "RR@10": 0.7}
        },
    },
    "ci95": {
        "stichwort": {"articles": {metric: [0.7, 0.8] for metric in MEANS}},
        "cc": {"articles": {metric: [0.65, 0.75] for metric in MEANS}},
    },
    "vs_best_baseline": {
        "articles": {"baseline": "cc", "metric": "nDCG@10", "diff": 0.05, "ci95": [0.01, 0.09], "p": 0.012346}
    },
    "calibration": {
        "articles": {
            "brier_skill": 0.333333,
            "brier_skill_ci95": [0.2, 0.4],
            "ece": 0.03,
            "ece_null_p95": 0.05,
            "coverage_at_p90": 0.6,
        }
    },
    "abstention": {
        "articles": {
            "stichwort": {
                "false_at_80": 0.25,
                "false_at_80_ci95": [0.2, 0.3],
                "ours_minus_this": None,
                "ours_minus_this_ci95": None,
                "shipped": {"threshold": 0.5, "answered": 0.8, "false_suggestions": 0.25},
                "curve": [{"threshold": 0.5, "answered": 0.8, "false_suggestions": 0.25}],
            },
            "cc": {
                "false_at_80": 0.4,
                "false_at_80_ci95": [0.3, 0.5],
                "ours_minus_this": -0.15,
                "ours_minus_this_ci95": [-0.2, -0.1],
                "shipped": None,
                "curve": [{"threshold": 0.5, "answered": 0.8, "false_suggestions": 0.25}],
            },
        }
    },
    "slices": {
        "articles": {
            "language": {
                "de": {
                    "n": 30,
                    "systems": {"stichwort": {"nDCG@10": 0.8}, "cc": {"nDCG@10": 0.7}},
                    "vs_best_baseline": {
                        "baseline": "cc",
                        "metric": "nDCG@10",
                        "diff": 0.1,
                        "ci95": [0.02, 0.2],
                        "p": 0.04,
                    },
                },
                "en": {"n": 3, "systems": {"stichwort": {}}, "vs_best_baseline": None},
            }
        }
    },
    "fingerprints": {"data": "sha256:0f", "scorer": "all.json"},
    "timings": {
        "stages_s": {"index": 1.5},
        "latency": {"articles": {"stichwort": {"n": 40, "p50_ms": 20.5, "p95_ms": 41.0, "p99_ms": 60.0}}},
    },
}


def _versus(results: EvaluationResults, articles: KindResults, diff: float) -> EvaluationResults:
    comparison = Comparison(baseline="cc", diff=diff, ci95=Interval(-1.0, 1.0), p=1.0)
    return replace(results, kinds={"articles": replace(articles, vs_best_baseline=comparison)})


def test_it_has_the_keys_and_shapes_of_the_contract(results: EvaluationResults) -> None:
    assert metrics_json(results) == EXPECTED


def test_numbers_have_six_digits_and_no_negative_zero(results: EvaluationResults, articles: KindResults) -> None:
    written = metrics_json(_versus(results, articles, -1e-9))["vs_best_baseline"]["articles"]["diff"]
    assert json.dumps(written) == "0.0"


def test_runs_that_differ_in_time_alone_differ_in_timings_alone(
    results: EvaluationResults, articles: KindResults
) -> None:
    slower = replace(articles, latency={"stichwort": Latency(n=40, p50=99.0, p95=99.0, p99=99.0)})
    first, second = metrics_json(results), metrics_json(replace(results, kinds={"articles": slower}, stages={"a": 9.0}))
    assert first.pop("timings") != second.pop("timings")
    assert first == second


def test_the_file_does_not_depend_on_the_order_in_which_systems_were_run(
    results: EvaluationResults, articles: KindResults, tmp_path: Path
) -> None:
    turned = replace(articles, systems=dict(reversed(articles.systems.items())))
    write_metrics(tmp_path / "one.json", results)
    write_metrics(tmp_path / "two.json", replace(results, kinds={"articles": turned}))
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert json.loads((tmp_path / "one.json").read_text(encoding="utf-8")) == EXPECTED


def test_what_is_not_a_number_is_refused_with_its_place(results: EvaluationResults, articles: KindResults) -> None:
    with pytest.raises(ValueError, match=r"metrics\.vs_best_baseline\.articles\.diff: found nan"):
        metrics_json(_versus(results, articles, float("nan")))


def test_a_system_without_a_metric_is_refused(results: EvaluationResults, articles: KindResults) -> None:
    scores = articles.systems["cc"]
    poorer = replace(scores, means={"P@1": 0.5})
    with pytest.raises(ValueError, match=r"cc, articles: found no P@3"):
        metrics_json(replace(results, kinds={"articles": replace(articles, systems={"cc": poorer})}))


def test_an_unknown_kind_is_refused(results: EvaluationResults, articles: KindResults) -> None:
    kinds: Any = {cast(SuggestKind, "cases"): articles}
    with pytest.raises(ValueError, match="found kinds cases"):
        metrics_json(replace(results, kinds=kinds))
