"""Browser tokens and web pages: who gets a token, where it works, and which pages may read answers."""

from __future__ import annotations

import pytest

from assist.api.cors import MAX_AGE_S
from assist.callers import Shown
from corpus.api_keys import SCOPES
from corpus.times import parse_time
from tests.api.doors import HOUSE_PAGE, OTHER_PAGE, PAGE, QUESTION, Door

PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}


def _token(client, door: Door, key: str = "page", **body):
    return client.post("/v1/tokens", json={"origin": PAGE, **body}, headers=door.headers(key))


def test_a_holder_gets_a_token_that_works_for_the_page(keyed, door, misfits):
    reply = _token(keyed, door)
    answer = reply.get_json()

    assert reply.status_code == 200
    assert misfits(answer, "TokenAnswer") == []
    assert (answer["origin"], answer["scopes"], answer["audiences"]) == (PAGE, ["suggest"], ["public"])
    assert parse_time(answer["expires_at"])
    assert reply.headers["Cache-Control"] == "no-store"
    headers = {"Authorization": f"Bearer {answer['token']}", "Origin": PAGE}
    assert keyed.post("/v1/suggest", json=QUESTION, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"origin": OTHER_PAGE},
        {"scopes": ["feedback"]},
        {"scopes": ["suggest", "feedback"]},
        {"audiences": ["public", "level2"]},
    ],
)
def test_nobody_gets_more_than_the_key_has(keyed, door, misfits, body):
    reply = _token(keyed, door, **body)

    assert reply.status_code == 403
    assert misfits(reply.get_json(), "ProblemAnswer") == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"origin": "*"}, "/origin"),
        ({"origin": "https://crm.example/widget"}, "/origin"),
        ({"scopes": ["manage"]}, "/scopes/0"),
        ({"scopes": []}, "/scopes"),
        ({"audiences": []}, "/audiences"),
        ({"minutes": 16}, "/minutes"),
        ({"minutes": 0}, "/minutes"),
        ({"minutes": "5"}, "/minutes"),
        ({"keys": 1}, "/keys"),
    ],
)
def test_a_wish_that_no_key_could_have_is_a_422(keyed, door, body, pointer):
    reply = _token(keyed, door, **body)

    assert reply.status_code == 422
    assert [fault["pointer"] for fault in reply.get_json()["errors"]] == [pointer]


def test_no_token_is_given_for_a_token_or_to_a_key_that_only_manages(keyed, door):
    by_token = keyed.post("/v1/tokens", json={"origin": PAGE}, headers=door.token())

    assert by_token.status_code == 403
    assert _token(keyed, door, "manage", origin=HOUSE_PAGE).status_code == 403


def test_without_any_key_there_are_no_tokens(client):
    assert client.post("/v1/tokens", json={"origin": PAGE}).status_code == 403


def test_a_token_that_says_more_than_its_key_has_is_worth_no_more(door):
    credential = door.token(scopes=frozenset(SCOPES), audiences=frozenset({"public", "level2"}))["Authorization"]
    shown = Shown(credential=credential.removeprefix("Bearer "), origin=PAGE)

    caller = door.callers.identify(shown)

    assert door.keys["page"].scopes == {"suggest", "manage"}
    assert (caller.scopes, caller.audiences) == ({"suggest"}, {"public"})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": PAGE}, 200),
        ({}, 403),
        ({"Origin": OTHER_PAGE}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": HOUSE_PAGE}, 403),
        ({"Origin": "http://crm.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Host": "crm.example"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Host": "crm.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Host": "evil.example"}, 403),
    ],
)
def test_a_token_works_on_its_page_only(keyed, door, headers, status):
    sent = {"Authorization": door.token()["Authorization"], **headers}

    assert keyed.get("/v1/articles/kb-1", headers=sent).status_code == status


@pytest.mark.parametrize(
    ("key", "origin", "status"),
    [
        ("page", PAGE, 200),
        ("page", HOUSE_PAGE, 200),
        ("page", "http://localhost", 200),  # the docs page of the service itself
        ("page", None, 200),
        ("page", OTHER_PAGE, 403),
        ("page", "null", 403),
        ("suggest", OTHER_PAGE, 200),  # a server's key: what its server passes on does not matter
    ],
)
def test_a_key_with_pages_is_for_those_pages(keyed, door, key, origin, status):
    headers = {**door.headers(key), **({} if origin is None else {"Origin": origin})}

    assert keyed.post("/v1/suggest", json=QUESTION, headers=headers).status_code == status


@pytest.mark.parametrize("origin", [PAGE, HOUSE_PAGE])
def test_a_preflight_of_a_named_page_is_told_what_it_may_send(keyed, origin):
    reply = keyed.options("/v1/suggest", headers={"Origin": origin, **PREFLIGHT})

    assert reply.status_code == 200
    assert reply.headers["Access-Control-Allow-Origin"] == origin
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]
    allowed = reply.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"authorization", "content-type", "x-api-key", "if-none-match", "x-request-id"} <= set(allowed)
    assert reply.headers["Access-Control-Max-Age"] == str(MAX_AGE_S)


@pytest.mark.parametrize("origin", [OTHER_PAGE, "null", "*", "https://crm.example.evil.example", PAGE + "/", ""])
def test_any_other_page_is_told_nothing(keyed, door, origin):
    preflight = keyed.options("/v1/suggest", headers={"Origin": origin, **PREFLIGHT})
    asked = keyed.post("/v1/suggest", json=QUESTION, headers={"Origin": origin, **door.headers("suggest")})
    refused = keyed.post("/v1/suggest", json=QUESTION, headers={"Origin": origin})

    for reply in (preflight, asked, refused):
        assert not [name for name in reply.headers.keys() if name.startswith("Access-Control-")]  # noqa: SIM118
        assert "Origin" in reply.headers["Vary"]


def test_a_named_page_may_read_answers_refusals_and_their_headers(keyed, door):
    answered = keyed.post("/v1/suggest", json=QUESTION, headers=door.token())
    refused = keyed.post("/v1/suggest", json=QUESTION, headers={"Origin": PAGE})
    forbidden = keyed.post("/v1/suggest", json=QUESTION, headers={**door.headers("page"), "Origin": OTHER_PAGE})

    assert [reply.status_code for reply in (answered, refused, forbidden)] == [200, 401, 403]
    for reply in (answered, refused):
        assert reply.headers["Access-Control-Allow-Origin"] == PAGE
        assert "X-Request-Id" in reply.headers["Access-Control-Expose-Headers"]
        assert "Retry-After" in reply.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in reply.headers
    assert "Access-Control-Allow-Origin" not in forbidden.headers


def test_the_page_of_one_key_reads_nothing_with_the_key_of_another(keyed, door):
    reply = keyed.post("/v1/suggest", json=QUESTION, headers={**door.headers("suggest"), "Origin": PAGE})

    assert reply.status_code == 200
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_the_page_of_a_revoked_key_is_forgotten(keyed, door):
    door.revoke("page")

    reply = keyed.options("/v1/suggest", headers={"Origin": PAGE, **PREFLIGHT})

    assert "Access-Control-Allow-Origin" not in reply.headers


def test_never_is_every_page_allowed(keyed, door):
    for origin in (None, PAGE, OTHER_PAGE, "*"):
        for path in ("/healthz", "/openapi.json", "/v1/articles/kb-1"):
            headers = {**door.headers("suggest"), **({} if origin is None else {"Origin": origin})}
            assert keyed.get(path, headers=headers).headers.get("Access-Control-Allow-Origin") != "*"
