"""POST /v1/suggest and /v1/search: what the contract promises about questions and answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from assist.models import SUGGEST_KINDS, Filters, Urgency, UrgencyReason

FULL = {
    "case": {
        "id": "neu-1",
        "subject": "Doppelt abgebucht",
        "description": "Zweimal 49 €",
        "messages": [{"role": "customer", "text": "Bitte erstatten", "at": "2026-05-01T10:00:00+02:00"}],
        "channel": "email",
        "language": "de",
        "product": "Strom",
        "priority": "hoch",
        "customer_id": "k-1",
        "customer": {"segment": "privat", "tarife": ["a", "b"], "leer": None},
        "opened_at": "2026-05-01T10:00:00Z",
        "actions_done": ["verify_identity", "verify_identity"],
    },
    "context": {
        "contact": {"salutation": "Herr", "first_name": "Helmut", "last_name": "Brandt", "email": None},
        "agent": {"name": "Jana Weiß"},
        "campaign": "sommer",
    },
    "kinds": ["articles", "templates", "actions", "similar_cases"],
    "limit": {"articles": 5},
    "filters": {"language": ["de"], "product": [], "category": ["Rechnung"], "channel": ["email"]},
    "min_confidence": 0,
    "as_of": "2026-06-01T00:00:00Z",
    "draft": "Sehr geehrter",
    "language": "en",
}
SMALL = {"case": {"subject": "Doppelt abgebucht"}}
TOP_KEYS = [
    *("request_id", "snapshot", "model", "language", "articles", "templates", "actions", "similar_cases"),
    *("abstained", "warnings", "urgency", "took_ms", "timings_ms"),
]
ITEM_KEYS = ["suggestion_id", "id", "rank", "score", "confidence", "reasons"]
SPECIAL_KEYS = {
    "articles": ["title", "excerpt", "url", "language", "audience"],
    "templates": ["name", "subject", "text", "html", "language", "missing_fields", "unknown_fields", "warnings"],
    "actions": [
        *("name", "description", "kind", "steps", "templates", "articles", "rule"),
        *("missing_fields", "unknown_fields", "warnings"),
    ],
    "similar_cases": ["subject", "excerpt", "resolution", "closed_at", "articles", "templates", "actions"],
}


def test_the_answer_has_exactly_the_keys_of_the_contract(client, misfits):
    reply = client.post("/v1/suggest", json=FULL)

    assert reply.status_code == 200
    answer = reply.get_json()
    assert list(answer) == TOP_KEYS
    assert set(answer["model"]) == {"encoder", "ranker"}
    assert set(answer["language"]) == {"code", "confidence"}
    for kind, special in SPECIAL_KEYS.items():
        assert sorted(answer[kind][0]) == sorted(ITEM_KEYS + special), kind
    assert misfits(answer, "SuggestAnswer") == []


def test_values_arrive_as_the_engine_gave_them(client):
    answer = client.post("/v1/suggest", json=FULL).get_json()

    assert answer["articles"][0]["reasons"] == [{"kind": "terms", "text": "Begriffe: doppelt", "terms": ["doppelt"]}]
    assert answer["templates"][0]["text"] == "Guten Tag Herr Brandt,\nIhre Jana Weiß von Stadtwerke"
    assert answer["templates"][0]["subject"] == "Ihr Anliegen neu-1"
    assert answer["actions"][0]["rule"] == {"field": "customer.segment", "op": "in", "value": ["privat", "gewerbe"]}
    assert answer["actions"][0]["steps"][0] == {"text": "Betrag prüfen", "url": None}
    assert answer["similar_cases"][0]["closed_at"] == "2026-04-01T08:00:00Z"
    assert answer["similar_cases"][0]["articles"] == ["kb-1"]
    assert answer["took_ms"] >= 0


def test_urgency_is_told_as_the_engine_gave_it_and_null_where_it_gave_none(client, engine, misfits):
    assert client.post("/v1/suggest", json=FULL).get_json()["urgency"] is None
    reason = UrgencyReason(kind="deadline", text="Frist genannt: bis Freitag", quote="bis Freitag")
    engine.urgency = Urgency(level="high", confidence=0.8, reasons=(reason,))
    answer = client.post("/v1/suggest", json=FULL).get_json()
    assert answer["urgency"] == {
        "level": "high",
        "confidence": 0.8,
        "reasons": [{"kind": "deadline", "text": "Frist genannt: bis Freitag", "quote": "bis Freitag"}],
    }
    assert misfits(answer, "SuggestAnswer") == []


def test_a_full_question_reaches_the_engine(client, engine):
    client.post("/v1/suggest", json=FULL)

    (asked,) = engine.asked
    assert asked.case.id == "neu-1"
    assert asked.case.opened_at == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert asked.case.messages[0].at == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert dict(asked.case.customer) == {"segment": "privat", "tarife": ["a", "b"]}
    assert asked.actions_done == ("verify_identity", "verify_identity")
    assert asked.context["contact"] == {"salutation": "Herr", "first_name": "Helmut", "last_name": "Brandt"}
    assert asked.limits == {"articles": 5, "templates": 3, "actions": 3, "similar_cases": 3}
    assert asked.filters == Filters(language=("de",), category=("Rechnung",), channel=("email",))
    assert (asked.min_confidence, asked.draft, asked.language) == (0, "Sehr geehrter", "en")
    assert asked.as_of == datetime(2026, 6, 1, tzinfo=UTC)
    assert asked.audiences == {"public"}


def test_null_equals_absent(client, engine):
    empty = dict.fromkeys(FULL["case"]) | {"subject": "Doppelt abgebucht"}
    body = dict.fromkeys(FULL) | {"case": empty}

    assert client.post("/v1/suggest", json=body).status_code == 200
    assert client.post("/v1/suggest", json=SMALL).status_code == 200
    with_nulls, without = engine.asked
    assert with_nulls == without
    assert without.case.id == ""
    assert without.limits == dict.fromkeys(SUGGEST_KINDS, 3)


def test_kinds_not_asked_for_are_empty_lists(client, engine):
    answer = client.post("/v1/suggest", json=SMALL | {"kinds": ["articles"], "limit": 20}).get_json()

    assert [len(answer[kind]) for kind in SUGGEST_KINDS] == [1, 0, 0, 0]
    assert engine.asked[0].limits == {"articles": 20}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"case": None}, "/case"),
        ({"case": {}}, "/case"),
        ({"case": {"subject": "  ", "messages": [{"role": "customer", "text": "\n"}]}}, "/case"),
        ({"case": {"subject": 5}}, "/case/subject"),
        ({"case": {"subject": "a", "id": "a/b"}}, "/case/id"),
        ({"case": {"subject": "a", "resolution": "Erstattet"}}, "/case/resolution"),
        ({"case": {"subject": "a", "messages": [{"role": "kunde", "text": "a"}]}}, "/case/messages/0/role"),
        ({"case": {"subject": "a", "messages": [{"role": "customer"}]}}, "/case/messages/0/text"),
        ({"case": {"messages": [{"role": "customer", "text": "a"}] * 501}}, "/case/messages"),
        ({"case": {"subject": "a", "opened_at": "2026-05-01T10:00:00"}}, "/case/opened_at"),
        ({"case": {"subject": "a", "language": "Deutsch"}}, "/case/language"),
        ({"case": {"subject": "a", "customer": {"adresse": {"ort": "Ulm"}}}}, "/case/customer/adresse"),
        ({"case": {"subject": "a", "actions_done": "refund"}}, "/case/actions_done"),
        ({"context": {"contact": {"name": {"first": "a"}}}}, "/context/contact/name"),
        ({"context": []}, "/context"),
        ({"kinds": []}, "/kinds"),
        ({"kinds": ["cases"]}, "/kinds/0"),
        ({"kinds": ["articles", "articles"]}, "/kinds"),
        ({"limit": 0}, "/limit"),
        ({"limit": 21}, "/limit"),
        ({"limit": True}, "/limit"),
        ({"limit": 3.0}, "/limit"),
        ({"limit": {"articles": 21}}, "/limit/articles"),
        ({"limit": {"cases": 3}}, "/limit/cases"),
        ({"filters": {"audience": ["level2"]}}, "/filters/audience"),
        ({"filters": {"product": "Strom"}}, "/filters/product"),
        ({"min_confidence": -0.1}, "/min_confidence"),
        ({"min_confidence": 1.1}, "/min_confidence"),
        ({"min_confidence": "0.5"}, "/min_confidence"),
        ({"as_of": "gestern"}, "/as_of"),
        ({"draft": 1}, "/draft"),
        ({"a/b~c": 1}, "/a~1b~0c"),
    ],
)
def test_every_fault_is_named_with_its_place(client, engine, misfits, change: dict[str, Any], pointer: str):
    reply = client.post("/v1/suggest", json=SMALL | change)

    assert reply.status_code == 422
    problem = reply.get_json()
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert misfits(problem, "ProblemAnswer") == []
    assert engine.asked == []


def test_all_faults_are_named_at_once(client):
    reply = client.post("/v1/suggest", json={"case": {"subject": 1, "nope": 2}, "limit": 0, "kinds": ["x"]})

    pointers = {error["pointer"] for error in reply.get_json()["errors"]}
    assert pointers == {"/case/subject", "/case/nope", "/limit", "/kinds/0"}
    assert "4 problems" in reply.get_json()["detail"]


def test_very_many_faults_are_counted_and_the_first_ones_listed(client):
    messages = [{"role": "customer", "text": 1}] * 400

    problem = client.post("/v1/suggest", json={"case": {"messages": messages}}).get_json()

    assert len(problem["errors"]) == 100
    assert "400 problems; the first 100 are listed" in problem["detail"]


@pytest.mark.parametrize("body", [FULL, SMALL, SMALL | {"limit": 5, "kinds": ["actions"]}])
def test_accepted_questions_fit_the_published_schema(client, misfits, body):
    assert client.post("/v1/suggest", json=body).status_code == 200
    assert misfits(body, "SuggestBody") == []


def test_search_answers_by_kind(client, engine, misfits):
    reply = client.post(
        "/v1/search", json={"query": " doppelt ", "kinds": ["articles", "cases"], "limit": 5, "offset": 0}
    )

    answer = reply.get_json()
    assert reply.status_code == 200
    assert answer["results"]["articles"][0]["id"] == "kb-1"
    assert answer["results"]["cases"] == []
    assert answer["facets"] == {"articles": {"product": {"Strom": 1}}}
    assert answer["total"] == {"articles": 1, "cases": 0}
    assert misfits(answer, "SearchAnswer") == []
    assert (engine.asked[0].query, engine.asked[0].limit, engine.asked[0].audiences) == ("doppelt", 5, {"public"})


def test_search_has_defaults(client, engine):
    assert client.post("/v1/search", json={"query": "Zähler", "kinds": None, "limit": None}).status_code == 200

    asked = engine.asked[0]
    assert (asked.kinds, asked.limit, asked.offset) == (("articles", "templates", "actions"), 10, 0)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/query"),
        ({"query": " \n"}, "/query"),
        ({"query": "a" * 2001}, "/query"),
        ({"query": "a", "limit": 0}, "/limit"),
        ({"query": "a", "offset": -1}, "/offset"),
        ({"query": "a", "kinds": ["similar_cases"]}, "/kinds/0"),
        ({"query": "a", "mode": "fuzzy"}, "/mode"),
    ],
)
def test_search_names_every_fault(client, body, pointer):
    reply = client.post("/v1/search", json=body)

    assert reply.status_code == 422
    assert [error["pointer"] for error in reply.get_json()["errors"]] == [pointer]


def test_answers_about_cases_are_never_kept(client):
    assert client.post("/v1/suggest", json=SMALL).headers["Cache-Control"] == "no-store"
    assert client.post("/v1/search", json={"query": "a"}).headers["Cache-Control"] == "no-store"
