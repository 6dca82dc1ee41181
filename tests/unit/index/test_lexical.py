"""BM25 as others compute it, with reasons, and blind to what is not public."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import analyzer_for
from index.expansion import PartWeights
from index.lexical import LexicalIndex
from index.lexicon import AskedText, Bm25, FieldedText

WHOLE_WORDS = Bm25(parts=PartWeights(joined=0.0, compound=0.0))
TEXTS = [
    "Die Rechnung liegt im Kundenportal. Rechnungen verschicken wir monatlich.",
    "Eine Kopie der Rechnungen schicken wir per E-Mail.",
    "Kündigungen nehmen wir schriftlich an.",
    "Störung des Routers: Fehler F-1204 beim DSL",
    "",
]


def fielded(text: str, weight: float = 1.0) -> FieldedText:
    return FieldedText(((text, weight),))


def built(texts: list[str], *, public: list[bool] | None = None, parameters: Bm25 | None = None) -> LexicalIndex:
    return LexicalIndex.build(
        [fielded(text) for text in texts], public or [True] * len(texts), "de", parameters=parameters
    )


def ranked(index: LexicalIndex, query: str) -> list[int]:
    scores = index.scores(index.query(query))
    return [int(item) for item in np.argsort(-scores, kind="stable") if scores[item] > 0]


def known(index: LexicalIndex, query: str) -> float:
    return index.lexicon.known_share(fielded(query))


def oracle(texts: list[str], query: str, parameters: Bm25) -> np.ndarray:
    analyzer = analyzer_for("de")
    words = [[token.terms[0] for token in analyzer.tokens(text)] for text in texts]
    retriever = bm25s.BM25(method="lucene", k1=parameters.k1, b=parameters.b)
    retriever.index(words, show_progress=False)
    known = [
        token.terms[0] for token in analyzer.tokens(query) if any(token.terms[0] in document for document in words)
    ]
    return retriever.get_scores(known) if known else np.zeros(len(texts), dtype=np.float32)


WORDS = ["Rechnung", "Rechnungen", "Kündigung", "Vertrag", "Router", "F-1204", "Störung", "Hotline", "und", "24/7"]
DOCUMENT = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENT, min_size=1, max_size=12), DOCUMENT, st.sampled_from([(1.2, 0.75), (0.9, 0.4), (1.5, 1.0)]))
def test_scores_of_whole_words_are_those_of_bm25s(texts: list[str], query: str, k1_b: tuple[float, float]) -> None:
    if not analyzer_for("de").tokens(" ".join(texts)):
        return  # bm25s takes no corpus without words
    parameters = Bm25(k1=k1_b[0], b=k1_b[1], parts=PartWeights(joined=0.0, compound=0.0))
    index = built(texts, parameters=parameters)

    np.testing.assert_allclose(index.scores(index.query(query)), oracle(texts, query, parameters), atol=1e-5)


def test_a_field_of_weight_two_counts_as_if_written_twice() -> None:
    once = LexicalIndex.build(
        [FieldedText((("Rechnung", 2.0), ("Kopie schicken", 1.0))), fielded("Router")], [True, True], "de"
    )
    twice = built(["Rechnung Rechnung Kopie schicken", "Router"])

    np.testing.assert_array_equal(once.scores(once.query("Rechnung")), twice.scores(twice.query("Rechnung")))


def test_a_compound_finds_its_parts_and_parts_find_the_compound() -> None:
    index = built(["Rechnungskopie anfordern", "Rechnung bezahlen", "Kopie machen", "Router neu starten"])

    assert ranked(index, "Rechnungskopie")[0] == 0
    assert sorted(ranked(index, "Rechnungskopien")) == [0, 1, 2]
    assert sorted(ranked(index, "Kopie einer Rechnung")) == [0, 1, 2]


def test_codes_are_found_in_every_spelling() -> None:
    index = built(TEXTS)

    for query in ("f1204", "F-1204", "Fehler F-1204!"):
        assert ranked(index, query) == [3]


@pytest.mark.parametrize("query", ["", "   ", "und der die", "Xylophon", "!?"])
def test_queries_without_known_words_score_zero(query: str) -> None:
    index = built(TEXTS)
    scores = index.scores(index.query(query))

    assert scores.shape == (5,)
    assert scores.dtype == np.float32
    assert not scores.any()
    assert known(index, query) == 0.0


@pytest.mark.parametrize("texts", [[], [""], ["", "und"]])
def test_a_corpus_without_words_is_searched_in_vain(texts: list[str]) -> None:
    index = built(texts)
    index = LexicalIndex.from_blobs(index.to_blobs())

    assert index.scores(index.query("Rechnung")).tolist() == [0.0] * len(texts)


def test_the_share_of_known_information_counts_rare_words_more() -> None:
    index = built(TEXTS)

    assert known(index, "Rechnung Router") == 1.0
    assert 0.0 < known(index, "Rechnung Xylophon") < 0.5
    assert known(index, "Router Xylophon") > known(index, "Rechnung Xylophon")


def test_a_new_compound_is_known_as_far_as_its_parts_are() -> None:
    index = built(["Rechnung bezahlen", "Kopie machen"])

    assert known(index, "Rechnungskopie") == 1.0


@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENT, min_size=1, max_size=8), DOCUMENT)
def test_the_terms_of_a_text_are_those_of_its_content(texts: list[str], text: str) -> None:
    lexicon = built(texts).lexicon

    assert lexicon.terms(fielded(text)) == lexicon.content(fielded(text)).frequencies.keys()


def test_a_text_that_several_indexes_are_asked_for_is_the_same_query_to_each() -> None:
    german, other = built(TEXTS), built([*TEXTS, "Rechnungskopie"])
    english = LexicalIndex.build([fielded("Your invoice and your router")], [True], "en")
    text = "Rechnungskopie, Störung F-1204: invoices and routers"
    asked = AskedText(text)

    for index in (german, english, other):
        assert index.query(asked) == index.query(text)


def test_matches_explain_the_score_in_the_words_of_both_sides() -> None:
    index = built(TEXTS)
    query = index.query("Kopie meiner Rechnung, wegen einer Störung")
    matches = index.matched(query, 1)

    assert [(match.surface, match.item_surface) for match in matches] == [
        ("Kopie", "Kopie"),
        ("Rechnung", "Rechnungen"),
    ]
    assert sum(match.contribution for match in matches) == pytest.approx(float(index.scores(query)[1]), abs=1e-6)
    assert matches[0].contribution > matches[1].contribution
    assert index.matched(query, 4) == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENT, min_size=1, max_size=8), st.lists(st.booleans(), min_size=8, max_size=8), DOCUMENT)
def test_no_score_exceeds_the_bound_and_matches_add_up(texts: list[str], public: list[bool], words: str) -> None:
    index = built(texts, public=public[: len(texts)])
    query = index.query(words)
    scores = index.scores(query)

    assert scores.max(initial=0.0) <= query.bound + 1e-5
    for item, score in enumerate(scores):
        contributions = [match.contribution for match in index.matched(query, item)]
        assert sum(contributions) == pytest.approx(float(score), abs=1e-4)
        assert contributions == sorted(contributions, reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENT, min_size=1, max_size=8), DOCUMENT, st.floats(0.0, 3.0))
def test_matches_of_at_least_so_much_are_those_among_all_that_add_it(
    texts: list[str], words: str, least: float
) -> None:
    index = built(texts)
    query = index.query(words)
    for item in range(len(texts)):
        every = index.matched(query, item)
        # The weakest one's own contribution is a bound that it just reaches.
        for bound in (least, *(match.contribution for match in every[-1:])):
            kept = tuple(match for match in every if match.contribution >= bound)
            assert index.matched(query, item, least=bound) == kept


@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENT, min_size=1, max_size=8), st.lists(DOCUMENT, min_size=1, max_size=4), DOCUMENT)
def test_what_is_not_public_leaves_no_trace_in_the_scores_of_others(
    public: list[str], secret: list[str], words: str
) -> None:
    alone = built(public)
    mixed = built(public + secret, public=[True] * len(public) + [False] * len(secret))
    query, same = alone.query(words), mixed.query(words)

    np.testing.assert_array_equal(alone.scores(query), mixed.scores(same)[: len(public)])
    assert query == same
    for item in range(len(public)):
        assert alone.matched(query, item) == mixed.matched(same, item)


def test_restricted_items_are_found_by_words_that_only_they_hold() -> None:
    index = built(["Rechnung bezahlen", "Geheime Kulanzregel"], public=[True, False])

    assert ranked(index, "Kulanzregel") == [1]
    assert known(index, "Kulanzregel") == 0.0


def test_later_items_are_scored_with_the_lexicon_of_the_index_they_add_to() -> None:
    index = built(TEXTS)
    added = LexicalIndex.build([fielded(TEXTS[1])], [True], "de", lexicon=index.lexicon)
    query = index.query("Kopie der Rechnung")

    assert added.scores(query)[0] == index.scores(query)[1]


def test_query_words_weigh_as_often_as_they_occur_times_the_weight_of_their_field() -> None:
    index = built(TEXTS)

    weighted = index.scores(index.query(fielded("Rechnung", 2.0)))
    np.testing.assert_array_equal(weighted, index.scores(index.query("Rechnung Rechnung")))
    np.testing.assert_allclose(weighted, 2 * index.scores(index.query("Rechnung")))


def test_blobs_hold_the_whole_index_without_pickle() -> None:
    index = built([*TEXTS, "https://a\udfff.de Rechnungskopie"], public=[True, False, True, True, True, True])
    blobs = index.to_blobs()
    copy = LexicalIndex.from_blobs(blobs)
    query = "Kopien der Rechnungen, Fehler F-1204"

    assert copy.query(query) == index.query(query)
    np.testing.assert_array_equal(copy.scores(copy.query(query)), index.scores(index.query(query)))
    assert copy.matched(copy.query(query), 1) == index.matched(index.query(query), 1)
    assert copy.to_blobs() == blobs
    assert all(name.endswith((".npy", ".json")) for name in blobs)


def test_building_twice_gives_the_same_bytes() -> None:
    assert built(TEXTS).to_blobs() == built(TEXTS).to_blobs()


def test_marks_of_being_public_must_fit_the_texts() -> None:
    with pytest.raises(ValueError, match="2 texts but 1 marks"):
        built(["a", "b"], public=[True])


def test_threads_get_the_same_scores() -> None:
    index = built(TEXTS * 20)
    queries = [f"{text} {number}" for number in range(10) for text in TEXTS]
    expected = [index.scores(index.query(query)).tolist() for query in queries]
    fresh = LexicalIndex.from_blobs(index.to_blobs())

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda query: fresh.scores(fresh.query(query)).tolist(), queries)) == expected
