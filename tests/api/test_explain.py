"""POST /v1/explain: asked as /v1/suggest is, by those who look after the corpus."""

from __future__ import annotations

import pytest

from tests.api.doors import PUBLIC, Door
from tests.api.test_suggest import FULL, SMALL

FULL_QUESTION = {**FULL, "kinds": ["articles", "actions"], "item": "kb-1", "listed": 5, "audiences": ["public"]}
KEYS = {"request_id", "snapshot", "model", "language", "as_of", "text", "kinds", "warnings", "took_ms"}


def test_the_answer_is_the_one_that_is_documented(client, misfits):
    for body in (SMALL, FULL_QUESTION):
        reply = client.post("/v1/explain", json=body)

        assert reply.status_code == 200
        assert set(reply.get_json()) == KEYS
        assert misfits(reply.get_json(), "ExplainAnswer") == []
        assert reply.headers["Cache-Control"] == "no-store"


def test_a_full_question_reaches_the_engine(client, engine):
    client.post("/v1/suggest", json={**FULL, "kinds": ["articles", "actions"]})
    client.post("/v1/explain", json=FULL_QUESTION)

    suggested, explained = engine.asked
    assert explained.request == suggested
    assert (explained.kinds, explained.item, explained.listed) == (("articles", "actions"), "kb-1", 5)
    assert explained.seen_by == PUBLIC


def test_the_story_of_an_item_says_why_it_is_held_back(client):
    article = client.post("/v1/explain", json=FULL_QUESTION).get_json()["kinds"]["articles"]

    assert article["item"]["held_back"] == [{"code": "product", "text": "gilt für das Produkt Gas"}]
    assert article["item"]["considered"]["reasons"][0]["terms"] == ["doppelt"]


def test_an_unknown_item_is_not_found(client):
    assert client.post("/v1/explain", json={**SMALL, "item": "unknown"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"case": {}}, "/case"),
        ({"kinds": ["similar_cases"]}, "/kinds/0"),
        ({"kinds": []}, "/kinds"),
        ({"listed": 0}, "/listed"),
        ({"listed": 1000}, "/listed"),
        ({"item": "a b"}, "/item"),
        ({"audiences": []}, "/audiences"),
        ({"limit": 21}, "/limit"),
        ({"more": 1}, "/more"),
    ],
)
def test_what_does_not_fit_is_a_422_that_says_where(client, engine, change, pointer):
    reply = client.post("/v1/explain", json={**SMALL, **change})

    assert reply.status_code == 422
    assert [error["pointer"] for error in reply.get_json()["errors"]] == [pointer]
    assert engine.asked == []


def test_it_takes_a_key_that_may_manage_and_tells_what_that_key_may_see(keyed, engine, door: Door):
    assert keyed.post("/v1/explain", json=SMALL).status_code == 401
    assert keyed.post("/v1/explain", json=SMALL, headers=door.headers("suggest")).status_code == 403
    door.add("manager", frozenset({"manage"}), audiences=frozenset({"public", "level2"}))
    door.ring.refresh()
    narrow = {**SMALL, "audiences": ["public"]}
    assert keyed.post("/v1/explain", json=narrow, headers=door.headers("manager")).status_code == 200
    (asked,) = engine.asked
    assert asked.request.audiences == {"public"}
    assert asked.seen_by == {"public", "level2"}
    foreign = keyed.post("/v1/explain", json={**SMALL, "audiences": ["level3"]}, headers=door.headers("manager"))
    assert foreign.status_code == 403
    assert "level3" in foreign.get_json()["detail"]
