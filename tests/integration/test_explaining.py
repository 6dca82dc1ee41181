"""Explaining tells what suggesting did: the same figures, and of what is missing, why it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assist.__main__ import main
from assist.api.answers_explain import KindExplanationAnswer
from assist.bootstrap import build_runtime
from assist.declined import DeclinedMemory
from assist.explaining.as_json import explanation_json
from assist.explaining.models import ExplainRequest, Explanation, KindExplanation, UnknownItemError
from assist.models import Filters, SuggestRequest
from assist.opening import current_suggester
from assist.precision import TARGET_PRECISION
from assist.settings import Settings
from assist.suggest import Suggester
from assist.understanding import NO_TEXT
from corpus.feedback_store import FeedbackStore
from corpus.models import Case
from index.settings import IndexSettings
from tests.conftest import Build, WriteCorpus, small_corpus
from tests.unit.corpus.test_declined import ROW

NOW = datetime(2026, 6, 1, tzinfo=UTC)
EVERYONE = frozenset({"public", "second_level"})
DOUBLE = Case(id="neu", description="Die Rechnung wurde doppelt abgebucht, ich möchte mein Geld zurück.", language="de")


def _rows() -> dict[str, list[dict[str, Any]]]:
    rows = small_corpus()
    body = "Wurde eine Rechnung doppelt abgebucht, erstatten wir den zweiten Betrag."
    article = {"title": "Rechnung doppelt abgebucht", "body": body, "language": "de"}
    rows["articles"] += [
        {**article, "id": "alt", "valid_until": "2026-01-01T00:00:00Z"},
        {**article, "id": "bald", "valid_from": "2026-12-01T00:00:00Z"},
        {**article, "id": "entwurf", "status": "draft"},
        {**article, "id": "gas", "products": ["gas"]},
        {**article, "id": "alles", "status": "draft", "products": ["gas"]},
    ]
    rows["actions"] += [
        {
            "id": "rabatt",
            "name": "Rabatt bei doppelter Abbuchung",
            "description": "Doppelte Abbuchung einer Rechnung mit Rabatt ausgleichen",
            "kind": "offer",
            "max_per_case": 1,
            "steps": ["Rabatt für {{ contact.last_name }} eintragen"],
        }
    ]
    rows["templates"] += [{"id": "kopf", "name": "Kopf", "body": "Guten Tag", "language": "de", "kind": "header"}]
    return rows


@pytest.fixture
def built(write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings) -> IndexSettings:
    build_index(write_corpus(_rows()))
    return index_settings


@pytest.fixture
def suggester(built: IndexSettings) -> Suggester:
    return current_suggester(Settings(index=built))


def ask(case: Case = DOUBLE, **fields: Any) -> SuggestRequest:
    return SuggestRequest(**{"case": case, "min_confidence": 0.0, "as_of": NOW, **fields})


def explain(suggester: Suggester, request: SuggestRequest | None = None, **fields: Any) -> Explanation:
    return suggester.explain(ExplainRequest(request=request or ask(), **{"seen_by": None, **fields}))


def kind_of(told: Explanation, kind: str) -> KindExplanation:
    return next(each for each in told.kinds if each.kind == kind)


def whys(told: Explanation, kind: str) -> Mapping[str, list[str]]:
    return {each.id: [why.code for why in each.why] for each in kind_of(told, kind).held_back}


def text_of(told: Explanation, kind: str, item: str) -> str:
    held = next(each for each in kind_of(told, kind).held_back if each.id == item)
    return "; ".join(why.text for why in held.why)


@pytest.mark.parametrize("least", [0.0, None, 0.99])
def test_what_is_told_as_shown_is_what_is_suggested_with_the_same_figures(
    suggester: Suggester, least: float | None
) -> None:
    request = ask(min_confidence=least, limits={"articles": 2, "templates": 2, "actions": 1})
    answer, told = suggester.suggest(request), explain(suggester, request)
    for kind in ("articles", "templates", "actions"):
        part = kind_of(told, kind)
        shown = [
            (each.id, each.rank, each.score, each.confidence) for each in part.considered if each.why == "wird gezeigt"
        ]
        suggested = getattr(answer, kind)
        assert shown == [(each.id, each.rank, each.score, each.confidence) for each in suggested]
        assert part.abstained is (kind in answer.abstained)
        reasons = {each.id: each.reasons for each in part.considered}
        assert all(reasons[each.id] == each.reasons for each in suggested)
    assert (told.snapshot, told.ranker, told.language) == (answer.snapshot, answer.ranker, answer.language)


def test_the_parts_of_a_score_add_up_to_it(suggester: Suggester) -> None:
    told = explain(suggester, ask(actions_done=("gutschreiben",)))
    every = [item for kind in told.kinds for item in kind.considered]
    assert len(every) > 8
    for item in every:
        assert sum(item.parts.values()) == pytest.approx(item.score, abs=1e-4), item.id
    assert any(item.parts["history"] > 0 for item in every)


def test_what_is_not_shown_is_told_why(suggester: Suggester) -> None:
    limited = kind_of(explain(suggester, ask(limits={"articles": 1})), "articles")
    assert [each.standing for each in limited.considered[:2]] == ["shown", "beyond_limit"]
    assert "1 Einträgen" in limited.considered[1].why
    nothing = kind_of(explain(suggester, ask(min_confidence=0.99)), "articles")
    assert {each.standing for each in nothing.considered} == {"abstained"}
    assert "die Schwelle ist 99.0%" in nothing.considered[0].why
    first = limited.considered[0].confidence
    beside = kind_of(explain(suggester, ask(min_confidence=first, limits={"articles": 9})), "articles")
    hopeless = [each for each in beside.considered if each.confidence < 0.1 * first]
    assert hopeless
    assert {each.standing for each in hopeless} == {"hopeless"}


def test_every_reason_to_hold_an_item_back_is_told_with_what_was_found(suggester: Suggester) -> None:
    case = replace(DOUBLE, product="strom", customer={"segment": "privat"})
    told = explain(suggester, ask(case, filters=Filters(language=("de",)), actions_done=("messen",)))
    articles, actions = whys(told, "articles"), whys(told, "actions")
    assert articles["alt"] == ["expired"]
    assert articles["bald"] == ["not_yet_valid"]
    assert articles["entwurf"] == ["status"]
    assert articles["gas"] == ["product"]
    assert articles["alles"] == ["status", "product"]
    assert articles["intern"] == ["audience"]
    assert articles["esim"] == ["filters"]
    assert (actions["messen"], actions["nur-geschaeft"]) == (["max_per_case"], ["rule"])
    assert whys(told, "templates")["kopf"] == ["status"]
    assert text_of(told, "articles", "alt").startswith("gilt seit 2026-01-01 00:00 nicht mehr")
    assert text_of(told, "articles", "gas") == "gilt für das Produkt gas, der Fall hat strom"
    assert text_of(told, "articles", "esim") == "passt nicht zu den Filtern: language ist en, gefragt ist de"
    assert text_of(told, "articles", "intern") == "Zielgruppe second_level, gefragt wird für public"
    assert text_of(told, "actions", "messen") == "schon 1-mal erledigt, höchstens 1-mal je Fall (max_per_case)"
    assert text_of(told, "actions", "nur-geschaeft") == (
        'die Regel trifft nicht zu: erwartet: customer.segment eq "geschaeft", gefunden: "privat"'
    )
    counts = kind_of(told, "articles").held_counts
    assert counts == {"status": 2, "audience": 1, "not_yet_valid": 1, "expired": 1, "product": 1, "filters": 1}


def test_reasons_are_told_in_english_where_the_question_asks_for_it(suggester: Suggester) -> None:
    told = explain(suggester, ask(language="en"))
    assert text_of(told, "actions", "nur-geschaeft") == (
        'the rule does not hold: expected customer.segment eq "geschaeft", found nothing'
    )
    assert kind_of(told, "articles").considered[0].why == "shown"


def test_what_is_held_back_is_told_nearest_first_and_only_so_many(suggester: Suggester) -> None:
    far = replace(DOUBLE, description="Scan the QR code to activate the eSIM", language="en")
    told = explain(suggester, ask(far, filters=Filters(language=("xx",))), listed=2)
    held = kind_of(told, "articles").held_back
    assert (held[0].id, len(held)) == ("esim", 2)


def test_the_story_of_an_item_tells_its_place_or_the_one_it_would_have(suggester: Suggester) -> None:
    ranked = kind_of(explain(suggester, item="rechnung-doppelt"), "articles").story
    assert ranked is not None
    assert (ranked.considered.rank, ranked.held_back) == (1, None)
    held = kind_of(explain(suggester, item="alt"), "articles").story
    assert held is not None
    assert held.held_back is not None
    assert [why.code for why in held.held_back.why] == ["expired"]
    assert held.considered.rank in (1, 2)
    assert kind_of(explain(suggester, item="alt"), "templates").story is None


def test_an_item_that_is_too_far_to_be_compared_is_told_so(
    suggester: Suggester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assist.considering.DEPTH", 1)
    monkeypatch.setattr("assist.considering.BELIEVED", 0)
    far = replace(DOUBLE, description="Doppelte Abbuchung einer Rechnung")
    told = kind_of(explain(suggester, ask(far), item="esim"), "articles")
    assert told.story is not None
    assert (told.story.considered.standing, told.story.considered.rank) == ("not_retrieved", None)
    assert told.story.considered.parts["meaning"] != 0
    assert "esim" not in [each.id for each in told.considered]


def test_nobody_is_told_of_what_they_may_not_see(suggester: Suggester) -> None:
    public = frozenset({"public"})
    told = explain(suggester, seen_by=public)
    assert "intern" not in whys(told, "articles")
    assert "audience" not in kind_of(told, "articles").held_counts
    for item in ("intern", "gibt-es-nicht"):
        with pytest.raises(UnknownItemError, match=item):
            explain(suggester, item=item, seen_by=public)
    manager = explain(suggester, item="intern", seen_by=EVERYONE)
    assert kind_of(manager, "articles").story is not None


def test_a_case_without_text_is_told_as_such(suggester: Suggester) -> None:
    told = explain(suggester, ask(replace(DOUBLE, description="   ")))
    assert (told.kinds, told.warnings) == ((), (NO_TEXT,))


def test_an_offer_that_was_declined_is_suggested_no_more_in_this_case(built: IndexSettings) -> None:
    def ids(case_id: str, **context: Any) -> list[str]:
        suggester = current_suggester(Settings(index=built))
        found = suggester.suggest(ask(replace(DOUBLE, id=case_id), limits={"actions": 9}, context=context, as_of=None))
        return [each.id for each in found.actions or ()]

    assert "rabatt" in ids("neu")
    assert "rabatt" not in ids("neu", declined=["rabatt"])
    now = datetime.now(UTC)
    with FeedbackStore.open(built.database, clock=lambda: now) as store:
        store.keep([replace(ROW, at=now - timedelta(minutes=1), case_id="neu", item_id="rabatt")])
    assert "rabatt" not in ids("neu")
    assert "rabatt" in ids("ein-anderer")
    told = explain(current_suggester(Settings(index=built)), ask(as_of=None), item="rabatt")
    held = kind_of(told, "actions").held_back
    assert [(each.id, [why.code for why in each.why]) for each in held if each.id == "rabatt"] == [
        ("rabatt", ["declined"])
    ]
    assert "Rückmeldung" in text_of(told, "actions", "rabatt")


def test_a_serving_process_follows_declined_offers_without_asking_the_store_at_each_question(
    built: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = build_runtime(Settings(index=built))
    runtime.live.refresh()
    engine = runtime.live.engine()
    assert engine is not None
    question = ask(as_of=None, limits={"actions": 9})
    now = datetime.now(UTC)
    with FeedbackStore.open(built.database, clock=lambda: now) as store:
        store.keep([replace(ROW, at=now, case_id="neu", item_id="rabatt")])
    assert "rabatt" in [each.id for each in engine.suggest(question).actions or ()]
    runtime.declined.refresh()
    monkeypatch.setattr(DeclinedMemory, "refresh", lambda _: pytest.fail("suggesting read the store"))
    assert "rabatt" not in [each.id for each in engine.suggest(question).actions or ()]
    runtime.feedback.close()


def test_a_suggested_action_has_its_steps_filled(suggester: Suggester) -> None:
    def rabatt(context: Mapping[str, Any]) -> Any:
        found = suggester.suggest(ask(limits={"actions": 9}, context=context)).actions or ()
        return next(each for each in found if each.id == "rabatt")

    named = rabatt({"contact": {"last_name": "Yılmaz"}})
    assert (named.steps[0].text, named.missing_fields) == ("Rabatt für Yılmaz eintragen", ())
    unnamed = rabatt({})
    assert unnamed.steps[0].text == "Rabatt für [[contact.last_name]] eintragen"
    assert unnamed.missing_fields == ("contact.last_name",)
    assert unnamed.action.steps[0].text == "Rabatt für {{ contact.last_name }} eintragen"


@pytest.fixture
def command(built: IndexSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    monkeypatch.setenv("ASSIST_VAR", str(built.var))
    file = tmp_path / "fall.json"

    def run(value: object, *arguments: str) -> int:
        text = value if isinstance(value, str) else json.dumps(value)
        file.write_text(text, encoding="utf-8")
        return main(["explain", "--case", str(file), *arguments])

    return run


BARE = {"description": DOUBLE.description, "language": "de"}


@pytest.mark.parametrize(
    "value", [BARE, {"case": BARE, "limit": 5}, {**BARE, "actions_done": ["messen"]}, {**BARE, "id": "c1"}]
)
def test_the_command_takes_a_bare_case_or_a_body_and_prints_json(command: Any, capsys: Any, value: Any) -> None:
    assert command(value, "--json", "--limit", "2", "--as-of", "2026-06-01T00:00:00Z") == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["kinds"]) == {"articles", "templates", "actions"}
    assert told["kinds"]["articles"]["considered"][0]["id"] == "rechnung-doppelt"
    assert len(told["kinds"]["articles"]["considered"]) == 2
    assert told["as_of"] == "2026-06-01T00:00:00Z"


def test_the_command_prints_tables_for_people(command: Any, capsys: Any) -> None:
    assert command(BARE, "--kind", "articles") == 0
    printed = capsys.readouterr().out
    assert "(rechnung-doppelt)" in printed
    assert "Zurückgehalten:" in printed
    assert "Vorlagen" not in printed
    assert command(BARE, "--item", "alt") == 0
    story = capsys.readouterr().out
    assert "expired: gilt seit 2026-01-01" in story
    assert "Wäre es erlaubt, Platz" in story


def test_the_command_answers_as_who_is_in_an_audience(command: Any, capsys: Any) -> None:
    assert command(BARE, "--kind", "articles", "--json", "--audience", "public", "--audience", "second_level") == 0
    told = json.loads(capsys.readouterr().out)["kinds"]["articles"]
    assert "intern" in [each["id"] for each in told["considered"]]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{", "line 1"),
        ("[]", "expected a case, or an object with a case"),
        ({"case": {"subject": 5}}, "/case/subject"),
        ({"description": "x", "farbe": 1}, "/farbe: unknown"),
    ],
)
def test_a_file_that_is_no_case_is_named_with_its_fault(command: Any, capsys: Any, value: Any, message: str) -> None:
    assert command(value) == 1
    told = capsys.readouterr().err
    assert "fall.json" in told
    assert message in told


def test_an_item_that_there_is_not_is_an_error(command: Any, capsys: Any) -> None:
    assert command(BARE, "--item", "gibt-es-nicht", "--kind", "articles") == 1
    assert "'gibt-es-nicht'" in capsys.readouterr().err


def test_thresholds_are_those_of_the_deployment(suggester: Suggester) -> None:
    told = explain(suggester, ask(min_confidence=None))
    for kind in told.kinds:
        expected = suggester.scorer.confidence[kind.kind].threshold(TARGET_PRECISION[kind.kind])
        assert kind.threshold == pytest.approx(expected, abs=1e-4)


@pytest.fixture
def pinned(write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings) -> Suggester:
    rows = _rows()
    of_article = {"kind": "articles", "valid_until": "2027-01-01T00:00:00Z"}
    first, second = (row["id"] for row in rows["articles"][:2])
    rows["pins"] = [
        {"id": "zuerst", "item": second, "effect": "pin", "reason": "Preisänderung", **of_article},
        {"id": "weg", "item": first, "effect": "forbid", "reason": "wird überarbeitet", **of_article},
    ]
    build_index(write_corpus(rows))
    return current_suggester(Settings(index=index_settings))


def test_what_a_manager_pins_stands_where_it_is_suggested(pinned: Suggester) -> None:
    told = kind_of(explain(pinned), "articles")
    shown = [each for each in told.considered if each.standing in ("pinned", "shown")]
    suggested = pinned.suggest(ask()).articles or ()

    first = next(each for each in shown if each.standing == "pinned")
    assert first.id == suggested[0].id
    assert first.reasons[0].kind == "pin"
    assert {each.id for each in shown} == {each.id for each in suggested}
    assert not told.abstained
    assert [each.id for each in kind_of(explain(pinned, listed=1), "articles").considered] == [first.id]


def test_every_standing_and_every_barrier_of_pins_is_one_that_is_documented(pinned: Suggester) -> None:
    told = explanation_json(explain(pinned))["kinds"]["articles"]

    assert KindExplanationAnswer.model_validate(told).considered[0].standing == "pinned"


def test_what_a_manager_forbids_is_held_back_with_the_reason(pinned: Suggester) -> None:
    told = kind_of(explain(pinned), "articles")
    forbidden = [each for each in told.held_back if any(why.code == "forbidden" for why in each.why)]

    assert len(forbidden) == 1
    assert "durch die Festlegung weg gesperrt: wird überarbeitet" in [why.text for why in forbidden[0].why]
    story = kind_of(explain(pinned, item=forbidden[0].id), "articles").story
    assert story is not None
    assert story.held_back is not None
