"""Passages cut otherwise and cosines blended otherwise, beside what ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from corpus.models import Article, Case
from evaluation.bench import Bench, open_bench
from evaluation.blended import BlendedSuggester
from evaluation.blends import BLENDS, SHIPPED_BLEND, Cosines, KnownCosines, cosines_of
from evaluation.passage_cuts import cuts, name_of, with_cut
from evaluation.passage_study import BLEND, CUT, Measured, passage_study
from evaluation.questions import JudgedSet, Question, Ranking
from evaluation.shelf import Shelf
from evaluation.systems import OURS, Systems, run_systems
from index.passages import SHIPPED_PASSAGES, PassageSettings
from tests.unit.evaluation.benches import bench_of, judged

FILLER = "Wir sind immer gern für alle unsere Kunden da und freuen uns sehr. "
ABOUT = {
    "abo": "Die Zeitung kommt täglich. " + FILLER * 14 + "Ein Abo endet durch Nachricht an den Verlag. ",
    "router": "Der Router blinkt rot. " + FILLER * 14 + "Trennen Sie das Netzteil vom Strom. ",
    "karte": "Die Karte ist gesperrt. " + FILLER * 3,
}


def _long(*titles: str) -> JudgedSet:
    """Three articles, two of which need several passages, each asked for by what stands at its end."""
    asked = {"abo": "Abo endet durch Nachricht", "router": "Netzteil vom Strom trennen", "karte": "Karte gesperrt"}
    return JudgedSet(
        name="long_de",
        family="long",
        source="beir",
        kind="articles",
        records={
            "articles": [
                Article(
                    id=key, title=key.title() if key in titles else "", body=ABOUT[key], language="de", format="text"
                )
                for key in sorted(ABOUT)
            ]
        },
        questions=[
            Question(
                id=f"q-{key}",
                case=Case(id=f"q-{key}", description=text, language="de"),
                relevant=frozenset({key}),
                group=key,
            )
            for key, text in asked.items()
        ],
        split={},
        dropped={},
    )


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Return the bench of these articles without titles, which no test changes."""
    return bench_of(tmp_path_factory.mktemp("passages"), _long())


def _rankings(bench: Bench, system: str) -> dict[str, Ranking]:
    run = Systems(bench).make(system).rank(bench.judged.questions)
    return {key: replace(each, confidences=(), took_ms=0.0) for key, each in run.rankings.items()}


def _of(measured: Sequence[Measured], part: str, system: str) -> dict[str, Measured]:
    return {each.tried.setting: each for each in measured if (each.tried.part, each.tried.system) == (part, system)}


def test_what_ships_is_measured_first_and_every_setting_once() -> None:
    found = cuts()
    assert next(iter(found.items())) == ("90 words, overlap 20, with title", SHIPPED_PASSAGES)
    assert sorted((each.target_words, each.overlap_words, each.with_title) for each in found.values()) == [
        (45, 10, True), (60, 13, True), (90, 0, True), (90, 20, False), (90, 20, True), (90, 40, True),
        (130, 29, True), (200, 44, True),
    ]  # fmt: skip
    assert list(found) == [name_of(each) for each in found.values()]
    assert len(cuts([90])) == 4


def test_cutting_as_shipped_changes_no_answer(bench: Bench) -> None:
    again = with_cut(bench, SHIPPED_PASSAGES)
    for system in ("dense", OURS):
        assert _rankings(again, system) == _rankings(bench, system)


def test_another_cut_changes_the_passages_and_nothing_else(bench: Bench) -> None:
    small = with_cut(bench, PassageSettings(target_words=30, overlap_words=0))
    before, after = bench.snapshot.items["articles"], small.snapshot.items["articles"]
    assert before.passages is not None
    assert after.passages is not None
    assert len(after.passages.texts) > len(before.passages.texts)
    assert replace(after, passages=before.passages) == before
    assert len(small.shelf.parts) == len(after.passages.texts) == small.shelf.starts[-1]
    assert small.shelf.wholes is bench.shelf.wholes


def test_smaller_passages_find_what_a_long_one_drowns(bench: Bench) -> None:
    small = with_cut(bench, PassageSettings(target_words=12, overlap_words=0))
    asked = bench.asked["q-abo"].case.vector
    row = bench.shelf.ids.index("abo")
    assert cosines_of(small.shelf, asked).best[row] > cosines_of(bench.shelf, asked).best[row]


def test_the_two_best_passages_are_those_of_each_row() -> None:
    axes = np.eye(3, dtype=np.float32)
    vector = np.array([0.6, 0.8, 0.0], dtype=np.float32)
    shelf = Shelf(
        ids=["none", "one", "three"],
        texts=["", "", ""],
        rows_by_language={},
        wholes=axes,
        parts=axes[[0, 2, 1, 0]],
        starts=np.array([0, 0, 1, 4]),
    )
    found = cosines_of(shelf, vector)
    np.testing.assert_allclose(found.whole, [0.6, 0.8, 0.0])
    np.testing.assert_allclose(found.best, [0.6, 0.6, 0.8])
    np.testing.assert_allclose(found.second, [0.6, 0.6, 0.6])


def test_solved_cases_have_no_wholes_to_blend(bench: Bench) -> None:
    bench = open_bench(judged("similar_cases"), bench.workbench)
    with pytest.raises(ValueError, match="expected one of articles"):
        cosines_of(bench.shelf, bench.asked["q1"].case.vector)


@pytest.mark.parametrize(
    ("blend", "value"),
    [
        (SHIPPED_BLEND, 0.5),
        ("whole alone", 0.2),
        ("best passage alone", 0.8),
        (".3 whole, .7 best passage", 0.62),
        (".7 whole, .3 best passage", 0.38),
        ("mean of the two best passages", 0.6),
        ("half whole, half two best passages", 0.4),
        ("higher of whole and best passage", 0.8),
    ],
)
def test_a_blend_is_what_its_name_says(blend: str, value: float) -> None:
    found = Cosines(**{name: np.array([each], dtype=np.float32) for name, each in _COSINES.items()})
    np.testing.assert_allclose(BLENDS[blend](found), [value], rtol=1e-6)
    assert BLENDS[blend](found).dtype == np.float32


_COSINES = {"whole": 0.2, "best": 0.8, "second": 0.4}


def test_every_blend_is_tested_by_its_value() -> None:
    assert len(BLENDS) == 8


@pytest.mark.parametrize("with_history", [True, False])
def test_the_shipped_blend_answers_as_the_suggester_does(bench: Bench, with_history: bool) -> None:
    bench = open_bench(judged(with_history=with_history), bench.workbench)
    blended = BlendedSuggester(bench=bench, cosines=KnownCosines(bench.shelf), blends=BLENDS)
    runs = blended.rank(bench.judged.questions)
    assert runs.keys() == BLENDS.keys()
    assert runs[SHIPPED_BLEND].rankings == _rankings(bench, OURS)


def test_the_suggester_with_the_whole_alone_is_the_one_without_passages(bench: Bench) -> None:
    # Nothing but the passages parts the two, and all three articles are considered by either.
    blends = {"whole alone": BLENDS["whole alone"]}
    runs = BlendedSuggester(bench=bench, cosines=KnownCosines(bench.shelf), blends=blends).rank(bench.judged.questions)
    without = _rankings(bench, "stichwort-no-passages")
    for key, ranking in runs["whole alone"].rankings.items():
        assert ranking.ids == without[key].ids
        np.testing.assert_allclose(ranking.scores, without[key].scores, atol=2e-5)


def test_without_tokens_meaning_stands_in_for_their_alignment(bench: Bench) -> None:
    items = {kind: replace(space, tokens=None) for kind, space in bench.snapshot.items.items()}
    bare = replace(bench, snapshot=replace(bench.snapshot, items=items))
    blends = {"whole alone": BLENDS["whole alone"]}
    runs = BlendedSuggester(bench=bare, cosines=KnownCosines(bare.shelf), blends=blends).rank(bare.judged.questions)
    without = _rankings(bare, "stichwort-no-passages")
    for key, ranking in runs["whole alone"].rankings.items():
        np.testing.assert_allclose(ranking.scores, without[key].scores, atol=2e-5)


def test_a_case_without_text_gets_no_answer_from_any_blend(bench: Bench) -> None:
    silent = replace(_long().questions[0], case=Case(id="q-abo", description=" ", language="de"))
    bench = open_bench(replace(_long(), questions=[silent]), bench.workbench)
    blended = BlendedSuggester(bench=bench, cosines=KnownCosines(bench.shelf), blends=BLENDS)
    runs = blended.rank(bench.judged.questions)
    assert {run.rankings["q-abo"].ids for run in runs.values()} == {()} == {_rankings(bench, OURS)["q-abo"].ids}


def test_the_study_measures_every_setting_of_both_parts_beside_what_ships(bench: Bench) -> None:
    settings = cuts([30])
    measured = passage_study(bench.judged, bench.workbench, settings)
    for system in ("dense", OURS):
        assert list(_of(measured, CUT, system)) == list(settings)
        assert list(_of(measured, BLEND, system)) == list(BLENDS)
        ships = measured[0].tried.setting
        shipped = _of(measured, CUT, system)[ships]
        assert all(each.ships == shipped.values for each in measured if each.tried.system == system)
        assert _of(measured, BLEND, system)[SHIPPED_BLEND].values == shipped.values
    tried = [each.tried for each in measured]
    assert {(each.dataset, each.family, each.encoder) for each in tried} == {("long_de", "long", "toy-64")}
    passages = {each.tried.setting: each.tried.passages for each in measured if each.tried.part == CUT}
    assert passages["30 words, overlap 7, with title"] > passages["90 words, overlap 20, with title"] > 3
    blended = {each.tried.passages for each in measured if each.tried.part == BLEND}
    assert blended == {passages["90 words, overlap 20, with title"]}


def test_what_ships_is_measured_as_an_evaluation_measures_it(bench: Bench) -> None:
    measured = passage_study(bench.judged, bench.workbench, cuts([]))
    runs = run_systems(bench, [Systems(bench).make(name) for name in ("dense", OURS)])
    for system, run in runs.items():
        firsts = {key: run.rankings[key].ids[0] for key in run.rankings}
        values = _of(measured, CUT, system)["90 words, overlap 20, with title"].values
        assert {key: values[key] == 1.0 for key in values} == {
            each.id: firsts[each.id] in each.relevant for each in bench.judged.questions
        }


def test_the_study_is_the_same_every_time(bench: Bench) -> None:
    settings = cuts([30])
    assert passage_study(bench.judged, bench.workbench, settings) == passage_study(
        bench.judged, bench.workbench, settings
    )


def test_titles_count_where_articles_have_any(bench: Bench) -> None:
    bench = open_bench(_long("abo"), bench.workbench)
    bare = with_cut(bench, replace(SHIPPED_PASSAGES, with_title=False))
    vectors, others = bench.shelf.parts, bare.shelf.parts
    assert vectors.shape == others.shape
    changed = (vectors != others).any(axis=1)
    first, last = bench.shelf.starts[bench.shelf.ids.index("abo") :][:2]
    assert changed[first:last].all()
    assert changed.sum() == last - first


def test_a_set_that_asks_for_anything_else_is_refused(bench: Bench) -> None:
    with pytest.raises(ValueError, match="small asks for templates, expected a set that asks for articles"):
        passage_study(judged("templates"), bench.workbench, cuts())
