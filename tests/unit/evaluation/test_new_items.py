from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.new_items import part, parted_runs, parted_sets
from evaluation.systems import Systems, run_systems
from tests.unit.evaluation.benches import bench_of, judged


def test_questions_are_parted_by_the_items_they_ask_for() -> None:
    small = judged()
    both = replace(small.questions[1], relevant=frozenset({"kuendigung", "rechnung"}))
    parted = part([small.questions[0], both, small.questions[2]], {"rechnung"})
    sides = (parted.hidden, parted.others, parted.mixed)
    assert [[each.id for each in side] for side in sides] == [["q1"], ["q3"], ["q2"]]


def test_what_belongs_to_neither_is_counted() -> None:
    small = judged()
    both = replace(small.questions[1], relevant=frozenset({"kuendigung", "rechnung"}))
    sets = parted_sets(replace(small, questions=[small.questions[0], both, small.questions[2]]), {"rechnung"})
    assert {name: [each.id for each in found.questions] for name, found in sets.items()} == {
        "hidden": ["q1"],
        "others": ["q3"],
    }
    assert sets["hidden"].dropped["partly hidden items"] == 1


def test_nothing_hidden_is_nothing_to_report() -> None:
    with pytest.raises(ValueError, match="no question asks for one of the 1 items"):
        parted_sets(judged(), {"esim"})


def test_an_item_without_history_gets_no_vote_and_is_reported_apart(tmp_path: Path) -> None:
    small = judged()
    unused = [replace(case, articles=()) if case.id in {"c4", "c5"} else case for case in small.records["cases"]]  # type: ignore[type-var]
    bench = bench_of(tmp_path, replace(small, records={**small.records, "cases": unused}))
    runs = run_systems(bench, [Systems(bench).make(name) for name in ("stichwort", "knn-cases")])
    parted = parted_runs(bench.judged, {"stoerung"}, runs)
    assert set(parted["hidden"]["stichwort"].rankings) == {"q3"}
    assert set(parted["others"]["stichwort"].rankings) == {"q1", "q2"}
    assert "stoerung" not in parted["hidden"]["knn-cases"].rankings["q3"].ids
    assert "stoerung" in parted["hidden"]["stichwort"].rankings["q3"].ids
