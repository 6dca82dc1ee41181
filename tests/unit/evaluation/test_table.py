from __future__ import annotations

import io
from dataclasses import replace

import pytest

from evaluation.bootstrap import Interval
from evaluation.metrics import METRICS
from evaluation.results import EvaluationResults, KindResults, SystemScores
from evaluation.table import family_means, macro_means, print_table, set_rows, sets_table


def _set(name: str, family: str, **means: float) -> EvaluationResults:
    systems = {
        system: SystemScores(
            n=10, means=dict.fromkeys(METRICS, mean), ci95=dict.fromkeys(METRICS, Interval(mean, mean))
        )
        for system, mean in means.items()
    }
    kind = KindResults(items=5, systems=systems, split={}, dropped={})
    return EvaluationResults(dataset=name, family=family, source="beir", kinds={"articles": kind}, fingerprints={})


def _printed(*every: EvaluationResults) -> str:
    file = io.StringIO()
    print_table(sets_table(every), file)
    return file.getvalue()


SETS = (
    _set("adobe_de", "adobe", stichwort=0.9, cc=0.8),
    _set("adobe_en", "adobe", stichwort=0.7, cc=0.8),
    _set("cwa_de", "cwa", stichwort=0.4, cc=0.6),
)


def test_families_weigh_the_same_however_many_sets_they_have() -> None:
    families = family_means(row for each in SETS for row in set_rows(each))
    assert [(row.name, row.sets, row.items, row.questions) for row in families] == [
        ("adobe", 2, 10, 20),
        ("cwa", 1, 5, 10),
    ]
    (macro,) = macro_means(families)
    assert macro.scores["stichwort"]["nDCG@10"] == pytest.approx((0.8 + 0.4) / 2)
    assert macro.scores["cc"]["P@1"] == pytest.approx((0.8 + 0.6) / 2)


def test_a_system_that_some_sets_lack_has_no_mean_over_them() -> None:
    rows = [row for each in (*SETS, _set("roboai_de", "roboai", stichwort=0.9)) for row in set_rows(each)]
    (macro,) = macro_means(family_means(rows))
    assert set(macro.scores) == {"stichwort"}


def test_families_come_first_and_kinds_are_kept_apart() -> None:
    other = replace(SETS[0], kinds={"templates": SETS[0].kinds["articles"]})
    shown = _printed(*SETS, other).split("queries", 1)[1].splitlines()[2:]
    assert [line[:22].strip() for line in shown if line[:22].strip()] == [
        "adobe (2)",
        "cwa (1)",
        "adobe (1)",
        "mean of families (2)",
        "mean of families (1)",
        "adobe_de",
        "adobe_en",
        "cwa_de",
        "adobe_de",
    ]


def test_names_are_not_taken_for_markup() -> None:
    assert "[red]x[/red]" in _printed(_set("[red]x[/red]", "x", stichwort=0.5))


def test_no_number_is_cut_where_the_terminal_is_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    means = {f"a-system-with-a-long-name-{number}": 0.1 + number / 1000 for number in range(9)}
    shown = _printed(_set("a_long_name_of_a_set", "a", **means))
    assert "…" not in shown
    assert all(f".{100 + number}" in shown for number in range(9))
