"""The suggester over a real index, with the toy encoder: what it promises whatever the model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assist.models import SUGGEST_KINDS, Filters, Suggestions, SuggestKind, SuggestRequest
from assist.opening import current_suggester, suggester_parts
from assist.scorer import shipped_scorer
from assist.settings import Settings
from assist.suggest import Suggester
from assist.understanding import NO_TEXT
from corpus.models import Case, Message
from index.encoders import open_encoder
from index.settings import IndexSettings
from tests.conftest import Build, WriteCorpus, small_corpus

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DOUBLE = Case(id="", description="Die Rechnung wurde doppelt abgebucht, ich möchte mein Geld zurück.", language="de")


@pytest.fixture
def suggester(write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings) -> Suggester:
    build_index(write_corpus(small_corpus()))
    return current_suggester(Settings(index=index_settings))


def ask(case: Case, **fields: object) -> SuggestRequest:
    return SuggestRequest(**{"case": case, "min_confidence": 0.0, "as_of": NOW, **fields})  # type: ignore[arg-type]


def ids(answer: Suggestions, kind: str) -> list[str]:
    return [each.id for each in getattr(answer, kind)]


def test_every_kind_finds_what_solved_such_cases(suggester: Suggester) -> None:
    answer = suggester.suggest(ask(DOUBLE))
    assert ids(answer, "articles")[0] == "rechnung-doppelt"
    assert ids(answer, "templates")[0] == "t-gutschrift"
    assert ids(answer, "actions")[0] == "gutschreiben"
    assert ids(answer, "similar_cases")[0] == "c2"
    assert answer.abstained == ()


def test_reasons_name_words_as_the_item_writes_them_and_solved_cases(suggester: Suggester) -> None:
    first = suggester.suggest(ask(DOUBLE)).articles[0]  # type: ignore[index]
    by_kind = {reason.kind: reason for reason in first.reasons}
    assert "Doppelte" in by_kind["terms"].facts["terms"]
    assert by_kind["history"].facts["supporters"] == 2


def test_a_reason_never_names_what_did_not_move_the_score(suggester: Suggester) -> None:
    answer = suggester.suggest(ask(DOUBLE))
    for item in answer.articles or ():
        for reason in item.reasons:
            if reason.kind == "history":
                assert reason.facts["supporters"] > 0
            if reason.kind == "terms":
                assert reason.facts["terms"]


def test_what_the_caller_may_not_see_has_no_influence(
    write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings, suggester: Suggester
) -> None:
    with_internal = suggester.suggest(ask(DOUBLE))
    assert "intern" not in ids(with_internal, "articles")
    rows = small_corpus()
    rows["articles"] = [row for row in rows["articles"] if row["id"] != "intern"]
    build_index(write_corpus(rows))
    without = current_suggester(Settings(index=index_settings)).suggest(ask(DOUBLE))
    for kind in ("articles", "templates", "actions", "similar_cases"):
        shown = [(each.id, each.score, each.confidence, each.reasons) for each in getattr(with_internal, kind)]
        assert shown == [(each.id, each.score, each.confidence, each.reasons) for each in getattr(without, kind)]


def test_an_audience_sees_what_is_meant_for_it(suggester: Suggester) -> None:
    answer = suggester.suggest(ask(DOUBLE, audiences=frozenset({"public", "second_level"}), limits={"articles": 9}))
    assert "intern" in ids(answer, "articles")


def test_the_same_question_has_the_same_answer(suggester: Suggester) -> None:
    first, second = suggester.suggest(ask(DOUBLE)), suggester.suggest(ask(DOUBLE))
    assert replace(first, timings_ms={}) == replace(second, timings_ms={})


def test_a_case_never_suggests_itself(suggester: Suggester) -> None:
    assert "c1" not in ids(suggester.suggest(ask(replace(DOUBLE, id="c1"))), "similar_cases")


def test_a_case_that_closed_later_teaches_nothing(suggester: Suggester) -> None:
    answer = suggester.suggest(ask(DOUBLE, as_of=datetime(2026, 3, 2, 0, 0, tzinfo=UTC)))
    assert ids(answer, "similar_cases") == ["c1"]


def test_an_ineligible_action_is_not_suggested(suggester: Suggester) -> None:
    every = {"actions": 20}
    assert "nur-geschaeft" not in ids(suggester.suggest(ask(DOUBLE, limits=every)), "actions")
    business = replace(DOUBLE, customer={"segment": "geschaeft"})
    assert "nur-geschaeft" in ids(suggester.suggest(ask(business, limits=every)), "actions")


def test_an_action_done_as_often_as_it_may_be_is_not_suggested_again(suggester: Suggester) -> None:
    case = Case(id="", description="Internet geht nicht, die Lampe am Router blinkt rot", language="de")
    assert ids(suggester.suggest(ask(case)), "actions")[0] == "messen"
    assert "messen" not in ids(suggester.suggest(ask(case, actions_done=("messen",))), "actions")


def test_filters_limits_and_kinds_are_respected(suggester: Suggester) -> None:
    english = suggester.suggest(ask(DOUBLE, filters=Filters(language=("en-GB",)), limits={"articles": 1}))
    assert ids(english, "articles") == ["esim"]
    assert english.templates is None
    assert english.similar_cases is None


def test_a_case_without_text_gets_nothing_and_is_told_why(suggester: Suggester) -> None:
    empty = Case(id="", messages=(Message(role="agent", text="Guten Tag, was kann ich für Sie tun?"),))
    answer = suggester.suggest(ask(empty))
    assert (answer.articles, answer.similar_cases) == ((), ())
    assert set(answer.abstained) == {"articles", "templates", "actions", "similar_cases"}
    assert answer.warnings == (NO_TEXT,)


def test_a_threshold_of_one_abstains_from_everything(suggester: Suggester) -> None:
    answer = suggester.suggest(ask(DOUBLE, min_confidence=1.0))
    assert set(answer.abstained) == {"articles", "templates", "actions", "similar_cases"}


def test_the_precision_that_is_wanted_sets_the_threshold_of_each_kind(index_settings: IndexSettings) -> None:
    encoder = open_encoder("toy", index_settings.models)
    wanted: dict[SuggestKind, float] = {"articles": 0.0, "templates": 0.35, "actions": 0.6, "similar_cases": 1.0}
    parts = suggester_parts(Settings(index=index_settings, precision=wanted), encoder)
    for kind, precision in wanted.items():
        assert parts.threshold(kind) == shipped_scorer().confidence[kind].threshold(precision)
    assert parts.threshold("articles") == 0.0


def test_where_no_precision_is_wanted_there_is_always_something_to_show(
    write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings
) -> None:
    build_index(write_corpus(small_corpus()))
    strange = ask(Case(id="", description="Giraffe", language="de"), min_confidence=None)
    anything = Settings(index=index_settings, precision=dict.fromkeys(SUGGEST_KINDS, 0.0))
    assert current_suggester(anything).suggest(strange).abstained == ()
    certain = Settings(index=index_settings, precision=dict.fromkeys(SUGGEST_KINDS, 0.95))
    assert current_suggester(certain).suggest(strange).abstained != ()


@pytest.mark.parametrize(
    "text",
    [
        "Rechnung",
        "Router blinkt rot",
        "Gutschrift für die doppelte Rechnung",
        "Vertrag kündigen und Router zurück",
        "?",
    ],
)
def test_no_suggestion_is_surer_than_the_one_before_it(suggester: Suggester, text: str) -> None:
    answer = suggester.suggest(ask(Case(id="", description=text), limits=dict.fromkeys(SUGGEST_KINDS, 20)))

    for kind in SUGGEST_KINDS:
        sure = [each.confidence for each in getattr(answer, kind)]
        assert sure == sorted(sure, reverse=True), kind


def test_behind_a_good_first_item_the_hopeless_are_left_out(suggester: Suggester) -> None:
    everything = suggester.suggest(ask(DOUBLE)).articles or ()
    threshold = everything[0].confidence
    shown = suggester.suggest(ask(DOUBLE, min_confidence=threshold)).articles or ()
    assert [each.id for each in shown] == [each.id for each in everything if each.confidence >= 0.1 * threshold]
    assert 0 < len(shown) < len(everything)


def test_an_empty_corpus_suggests_nothing_and_does_not_fail(
    write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings
) -> None:
    build_index(write_corpus({}))
    answer = current_suggester(Settings(index=index_settings)).suggest(ask(DOUBLE))
    assert answer.articles == ()


def test_the_resolution_of_a_case_never_helps_to_find_it(
    write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings
) -> None:
    rows = small_corpus()
    build_index(write_corpus(rows))
    before = current_suggester(Settings(index=index_settings)).suggest(ask(DOUBLE))
    for row in rows["cases"]:
        row["resolution"] = DOUBLE.description
    build_index(write_corpus(rows))
    after = current_suggester(Settings(index=index_settings)).suggest(ask(DOUBLE))
    assert [(each.id, each.score) for each in before.similar_cases or ()] == [
        (each.id, each.score) for each in after.similar_cases or ()
    ]


def test_every_snapshot_file_is_written_where_it_belongs(suggester: Suggester, index_settings: IndexSettings) -> None:
    written = {
        path.relative_to(index_settings.var).parts[0] for path in Path(index_settings.var).rglob("*") if path.is_file()
    }
    assert written <= {
        "stichwort.db",
        "stichwort.db.lock",
        "snapshots",
        "cache",
        "secret.key",
        "writer.lock",
        "agent-keys.json",
    }
