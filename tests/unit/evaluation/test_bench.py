from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assist.suggest import Suggester
from corpus.models import Action, AnyOf
from evaluation.bench import open_bench, without_history
from evaluation.caching_encoder import CachingEncoder
from evaluation.commands.opening import fingerprints
from evaluation.latency import measure_latency
from evaluation.workbench import Workbench
from index.embedding_cache import EmbeddingCache
from index.encoder import Role
from index.encoders.toy import ToyEncoder
from tests.unit.evaluation.benches import bench_of, judged


class CountingEncoder(ToyEncoder):
    """Counts the texts that it had to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.encoded = 0

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        self.encoded += len(texts)
        return super().encode(texts, role=role)


def test_a_remembered_vector_equals_a_fresh_one_and_costs_nothing(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    with EmbeddingCache(tmp_path / "cache.sqlite") as cache:
        caching = CachingEncoder(encoder, cache)
        texts = ["Rechnung", "Router", "Rechnung"]
        first, again = caching.encode(texts, role="query"), caching.encode(texts, role="query")
        assert encoder.encoded == 2
        CachingEncoder(encoder, cache).encode(texts, role="query")  # a later run finds them in the file
        assert encoder.encoded == 2
        caching.encode(["Rechnung"], role="passage")  # another role is another vector
        assert encoder.encoded == 3
        assert caching.encode([], role="query").shape == (0, encoder.dimension)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, ToyEncoder().encode(texts, role="query"))


def test_a_warm_bench_encodes_nothing_but_latency_does(tmp_path: Path) -> None:
    cold = bench_of(tmp_path)
    encoder = CountingEncoder()
    warm = open_bench(judged(), replace(cold.workbench, encoder=encoder))
    for asked in warm.asked.values():
        warm.suggester.suggest(asked.request)
    assert encoder.encoded == 0
    latency = measure_latency(warm)
    assert encoder.encoded == 4  # three questions, and one more to warm up
    assert latency.n == 3
    assert 0 < latency.p50 <= latency.p95 <= latency.p99


def test_only_what_the_public_may_see_now_can_answer(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    asked = bench.asked["q1"]
    allowed = {bench.shelf.ids[row] for row in np.flatnonzero(bench.allowed(asked))}
    assert allowed == {"esim", "kuendigung", "rechnung", "stoerung"}
    assert not bench.allowed(asked, {"rechnung"})[bench.snapshot.items["articles"].row_of["rechnung"]]


def test_an_action_done_as_often_as_may_be_cannot_answer(tmp_path: Path) -> None:
    bench = bench_of(tmp_path, judged("actions"))
    row = bench.snapshot.items["actions"].row_of["pruefen"]
    assert bench.allowed(bench.asked["q2"])[row]
    assert not bench.allowed(bench.asked["q1"])[row]


def test_without_rules_an_action_may_answer_whatever_its_rule_says(tmp_path: Path) -> None:
    small = judged("actions")
    never = [replace(each, when=AnyOf(())) for each in small.records["actions"] if isinstance(each, Action)]
    small = replace(small, records={**small.records, "actions": never})
    ruled = bench_of(tmp_path, small)
    free = open_bench(small, replace(ruled.workbench, rules=False))
    assert not ruled.allowed(ruled.asked["q1"]).any()
    assert free.allowed(free.asked["q1"]).all()
    assert [fingerprints(bench.workbench, tmp_path)["action_rules"] for bench in (ruled, free)] == ["on", "off"]


def test_cases_that_closed_after_the_question_teach_nothing(tmp_path: Path) -> None:
    small = judged("similar_cases")
    early = replace(small.questions[0], as_of=small.records["cases"][2].closed_at)  # type: ignore[union-attr]
    bench = bench_of(tmp_path, replace(small, questions=[early]))
    visible = bench.visible_cases(bench.asked["q1"], {"c1"})
    assert [bench.shelf.ids[row] for row in np.flatnonzero(visible)] == ["c2"]


def test_without_history_is_as_if_no_case_had_been_indexed(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    bare: Workbench = bench.workbench
    built = bare.index({**judged().records, "cases": ()})
    for asked in bench.asked.values():
        answers = [
            Suggester(snapshot, bench.parts).suggest(asked.request).articles
            for snapshot in (without_history(bench), built)
        ]
        assert answers[0] == answers[1]


def test_a_question_of_another_set_is_refused(tmp_path: Path) -> None:
    stranger = replace(judged().questions[0], id="q99")
    with pytest.raises(ValueError, match="q99 is not one of small"):
        bench_of(tmp_path).ask(stranger)
