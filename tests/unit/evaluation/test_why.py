from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.systems import Systems
from evaluation.why import explain_ranking
from tests.unit.evaluation.benches import bench_of, judged


@pytest.mark.parametrize("kind", ["articles", "actions", "similar_cases"])
def test_contributions_add_up_to_the_score_of_what_is_suggested(kind: str, tmp_path: Path) -> None:
    bench = bench_of(tmp_path, judged(kind))  # type: ignore[arg-type]
    run = Systems(bench).make("stichwort").rank(bench.judged.questions)
    for question in bench.judged.questions:
        ranking = run.rankings[question.id]
        for item in explain_ranking(bench, question):
            assert item.rank is not None
            assert ranking.ids[item.rank - 1] == item.id
            assert ranking.scores[item.rank - 1] == pytest.approx(item.score)
            assert sum(item.contributions.values()) == pytest.approx(item.score, abs=1e-4)
            assert item.relevant == (item.id in question.relevant)


def test_the_first_come_first_then_the_relevant_and_what_else_is_asked_for(tmp_path: Path) -> None:
    small = judged()
    wrong = replace(small.questions[0], relevant=frozenset({"esim", "intern"}))
    bench = bench_of(tmp_path, replace(small, questions=[wrong]))
    items = explain_ranking(bench, wrong, top=1, others=["kuendigung"])
    assert items[0].id == "rechnung"
    assert {each.id for each in items[1:]} == {"esim", "kuendigung", "intern"}
    assert [each.rank for each in items[:-1]] == sorted(each.rank or 0 for each in items[:-1])
    assert (items[-1].id, items[-1].rank, items[-1].score, items[-1].relevant) == ("intern", None, None, True)


def test_votes_words_and_alignment_are_told_apart(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    first = explain_ranking(bench, bench.judged.questions[0], top=1)[0]
    assert first.contributions["history"] > 0
    assert first.contributions["words"] > 0
    assert first.contributions["alignment"] > 0
    assert first.contributions["sequence"] == 0
