"""PUT and DELETE /v1/{kind}/{id}: what is accepted, what is refused, and how the answers tell it."""

from __future__ import annotations

import pytest

from assist.app import create_app
from assist.editing import NoEditing
from corpus.store_errors import StoreBusyError
from tests.local_services import local_services
from tests.memory_editing import MemoryEditing

BODIES = {
    "articles": {"title": "Umzug", "body": "Vier Wochen vorher melden.", "language": "de"},
    "templates": {"name": "Umzug", "body": "Wir ziehen mit.", "language": "de"},
    "actions": {"name": "Umzug eintragen"},
    "cases": {"subject": "Ich ziehe um"},
    "pins": {"kind": "articles", "item": "umzug", "effect": "pin", "reason": "Umzugswelle zum Semesterbeginn"},
}


@pytest.fixture
def editing() -> MemoryEditing:
    return MemoryEditing()


@pytest.fixture
def client(source, editing):
    return create_app(local_services(source, editing=editing)).test_client()


@pytest.mark.parametrize("kind", BODIES)
def test_the_first_put_creates_the_second_replaces_and_delete_removes(client, misfits, kind):
    path = f"/v1/{kind}/neu"
    first, second = client.put(path, json=BODIES[kind]), client.put(path, json=BODIES[kind])
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.get_json()["id"] == "neu"
    assert misfits(first.get_json(), f"{kind.removesuffix('s').capitalize()}Record") == []
    removed = client.delete(path)
    assert (removed.status_code, removed.get_data()) == (204, b"")
    assert client.delete(path).status_code == 404


def test_the_id_of_the_path_wins(client):
    body = BODIES["articles"]
    assert client.put("/v1/articles/neu", json={**body, "id": "neu"}).status_code == 201
    assert client.put("/v1/articles/neu", json={**body, "id": None}).status_code == 200
    refused = client.put("/v1/articles/neu", json={**body, "id": "anders"})
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/id"]


@pytest.mark.parametrize(
    ("kind", "change", "pointer"),
    [
        ("articles", {"titel": "Umzug"}, "/titel"),
        ("articles", {"title": None}, "/title"),
        ("articles", {"valid_from": "gestern"}, "/valid_from"),
        ("actions", {"when": {"field": "case.product", "op": "is", "value": "x"}}, "/when/op"),
        ("templates", {"channels": ["fax"]}, "/channels/0"),
        ("cases", {"subject": " "}, "/messages"),
        ("cases", {"messages": [{"role": "robot", "text": "x"}]}, "/messages/0/role"),
        ("pins", {"kind": "cases"}, "/kind"),
        ("pins", {"item": None}, "/item"),
        ("pins", {"effect": "hide"}, "/effect"),
        ("pins", {"reason": "x" * 201}, "/reason"),
        ("pins", {"reason": "zwei\nZeilen"}, "/reason"),
        ("pins", {"audience": ["public"]}, "/audience"),
        ("pins", {"when": {"field": "case.text", "op": "eq", "value": "x"}}, "/when/field"),
        ("pins", {"valid_from": "2026-12-01T00:00:00Z", "valid_until": "2026-11-01T00:00:00Z"}, "/valid_until"),
    ],
)
def test_a_body_is_held_to_the_same_schema_as_an_import(client, editing, kind, change, pointer):
    refused = client.put(f"/v1/{kind}/neu", json={**BODIES[kind], **change})
    assert refused.status_code == 422
    assert pointer in [error["pointer"] for error in refused.get_json()["errors"]]
    assert editing.edits == []


def test_an_id_that_no_record_can_have_is_refused(client, editing):
    assert client.put("/v1/articles/a%20b", json=BODIES["articles"]).status_code == 422
    assert editing.edits == []


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("{", {"Content-Type": "application/json"}, 400),
        ("{}", {"Content-Type": "text/plain"}, 415),
        ("[]", {"Content-Type": "application/json"}, 422),
        ('"' + "x" * 1_100_000 + '"', {"Content-Type": "application/json"}, 413),
    ],
)
def test_a_body_that_is_no_record_is_refused_as_everywhere(client, body, headers, status):
    assert client.put("/v1/articles/neu", data=body, headers=headers).status_code == status


def test_if_match_guards_against_overwriting_what_one_has_not_read(client):
    path, body = "/v1/articles/neu", BODIES["articles"]
    assert client.put(path, json=body, headers={"If-Match": "*"}).status_code == 412
    old = client.put(path, json=body).headers["ETag"]
    new = client.put(path, json={**body, "title": "Umziehen"}, headers={"If-Match": old}).headers["ETag"]
    assert old != new
    for method in (client.put, client.delete):
        refused = method(path, json=body, headers={"If-Match": old})
        assert (refused.status_code, refused.get_json()["status"]) == (412, 412)
        assert method(path, json=body, headers={"If-Match": f"W/{new}"}).status_code == 412
    assert client.delete(path, headers={"If-Match": f'"x", {new}'}).status_code == 204


def test_if_none_match_guards_against_overwriting_anything(client):
    path, body, headers = "/v1/articles/neu", BODIES["articles"], {"If-None-Match": "*"}
    assert client.put(path, json=body, headers=headers).status_code == 201
    assert client.put(path, json=body, headers=headers).status_code == 412


def test_html_that_is_written_is_given_back_sanitised(client):
    body = {**BODIES["articles"], "format": "html", "body": "<p>Gut</p><script>alert(1)</script>"}
    assert client.put("/v1/articles/neu", json=body).get_json()["body"] == "<p>Gut</p>"


def test_who_solved_a_case_is_taken_and_never_given_back(client):
    reply = client.put("/v1/cases/neu", json={**BODIES["cases"], "agent": "schmidt"})
    assert reply.status_code == 201
    assert "agent" not in reply.get_json()
    assert reply.headers["Cache-Control"] == "no-store"


def test_an_id_that_was_erased_or_withdrawn_is_a_conflict(client, editing):
    editing.buried.add(("articles", "neu"))
    assert client.put("/v1/articles/neu", json=BODIES["articles"]).status_code == 409


def test_a_store_that_is_busy_or_missing_is_a_503_that_says_when_to_come_back(source):
    class Busy(NoEditing):
        def remove(self, *_):
            raise StoreBusyError("locked")

    client = create_app(local_services(source, editing=Busy())).test_client()
    missing = client.put("/v1/articles/neu", json=BODIES["articles"])
    busy = client.delete("/v1/articles/neu")
    assert (missing.status_code, missing.headers["Retry-After"]) == (503, "30")
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")


def test_the_key_that_edits_is_told_and_needs_the_scope(source, door):
    editing = MemoryEditing()
    services = local_services(source, callers=door.callers, tokens=door.tokens, origins=door.origins, editing=editing)
    client = create_app(services).test_client()
    body = BODIES["articles"]
    assert client.put("/v1/articles/neu", json=body).status_code == 401
    assert client.put("/v1/articles/neu", json=body, headers=door.headers("suggest")).status_code == 403
    assert client.put("/v1/articles/neu", json=body, headers=door.headers("manage")).status_code == 201
    assert editing.edits == [(door.keys["manage"].id, ("articles", "neu"))]
