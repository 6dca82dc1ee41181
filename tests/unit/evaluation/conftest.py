"""A small finished evaluation, as its results, for the tests of what is written about it."""

from __future__ import annotations

import pytest

from evaluation.bootstrap import Interval
from evaluation.calibration import Calibration
from evaluation.coverage import CoveragePoint
from evaluation.metrics import METRICS
from evaluation.reliability import Bin
from evaluation.results import (
    Abstention,
    AbstentionPoint,
    Contrast,
    EvaluationResults,
    KindResults,
    Latency,
    RankedItem,
    Slice,
    SystemScores,
)
from evaluation.significance import Comparison
from evaluation.slices import SliceMeans


def _scores(mean: float) -> SystemScores:
    return SystemScores(
        n=40,
        means=dict.fromkeys(METRICS, mean),
        ci95=dict.fromkeys(METRICS, Interval(mean - 0.05, mean + 0.05)),
    )


def _slice_means(mean: float) -> SliceMeans:
    return SliceMeans(n=30, means={"nDCG@10": mean}, ci95={"nDCG@10": Interval(mean - 0.1, mean + 0.1)})


@pytest.fixture
def articles() -> KindResults:
    """Return one kind of item with everything that can be measured of it."""
    point = AbstentionPoint(threshold=0.5, answered=0.8, false_suggestions=0.25)
    return KindResults(
        items=12,
        systems={"stichwort": _scores(0.75), "cc": _scores(0.7)},
        split={"by": "opened_at", "history": 160},
        dropped={"near_duplicates": 3},
        vs_best_baseline=Comparison(baseline="cc", diff=0.05, ci95=Interval(0.01, 0.09), p=0.0123456789),
        calibration=Calibration(
            brier_skill=1 / 3,
            brier_skill_ci95=Interval(0.2, 0.4),
            ece=0.03,
            ece_null_p95=0.05,
            coverage_at_p90=0.6,
        ),
        reliability=(Bin(n=20, confidence=0.4, precision=0.45), Bin(n=20, confidence=0.8, precision=0.75)),
        precision_coverage={
            "stichwort": (
                CoveragePoint(threshold=0.8, coverage=0.5, precision=0.9),
                CoveragePoint(threshold=0.4, coverage=1.0, precision=0.6),
            )
        },
        abstention={
            "stichwort": Abstention(
                curve=(point,), false_at_80=0.25, false_at_80_ci95=Interval(0.2, 0.3), shipped=point
            ),
            "cc": Abstention(
                curve=(point,),
                false_at_80=0.4,
                false_at_80_ci95=Interval(0.3, 0.5),
                ours_minus_this=-0.15,
                ours_minus_this_ci95=Interval(-0.2, -0.1),
            ),
        },
        slices=(
            Slice(
                dimension="language",
                value="de",
                n=30,
                systems={"stichwort": _slice_means(0.8), "cc": _slice_means(0.7)},
                against=Comparison(baseline="cc", diff=0.1, ci95=Interval(0.02, 0.2), p=0.04),
            ),
            Slice(dimension="language", value="en", n=3, systems={"stichwort": SliceMeans(n=3, means={}, ci95={})}),
        ),
        recall_by_k={"stichwort": {1: 0.6, 10: 0.9}, "cc": {1: 0.5, 10: 0.85}},
        latency={"stichwort": Latency(n=40, p50=20.5, p95=41.0, p99=60.0)},
        losses=(
            Contrast(
                question="q-loss",
                ours=0.0,
                baseline=1.0,
                baseline_first="a-right",
                items=(
                    RankedItem(
                        id="a-wrong",
                        rank=1,
                        relevant=False,
                        score=5.25,
                        contributions={"meaning": 3.0, "votes": 2.25},
                        title="Title of the wrong one",
                    ),
                    RankedItem(id="a-right", rank=None, relevant=True),
                ),
                text="Text of the case",
            ),
        ),
    )


@pytest.fixture
def results(articles: KindResults) -> EvaluationResults:
    """Return a set with one kind."""
    return EvaluationResults(
        dataset="shop_de",
        family="shop",
        source="history",
        kinds={"articles": articles},
        fingerprints={"data": "sha256:0f", "scorer": "all.json"},
        stages={"index": 1.5},
        warnings=("Two questions leak.",),
    )
