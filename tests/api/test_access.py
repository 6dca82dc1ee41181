"""Who may do what: every endpoint with every kind of caller, and one answer to whoever has no valid key."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from assist.api.access import PASSED_ON
from assist.api.scopes import FREE, PAGES, needed_scopes
from assist.app import create_app
from assist.callers import LocalCallers
from assist.keyed import KeyedCallers
from assist.keyring import KeyRing
from assist.rate import RateLimiter
from assist.tokens import BrowserTokens
from corpus.api_keys import SCOPES, ApiKey, KeyText, new_key_text
from corpus.store_errors import StoreBusyError
from tests.api.doors import NOW, PAGE, PUBLIC, QUESTION, Door
from tests.local_services import local_services

EVENT = {"key": "k1", "suggestion_id": "x", "event": "shown", "at": "2026-11-05T12:00:00Z"}
BODIES = {
    "/v1/suggest": QUESTION,
    "/v1/explain": QUESTION,
    "/v1/templates/<record_id>/render": QUESTION,
    "/v1/search": {"query": "Rechnung"},
    "/v1/feedback": {"events": [EVENT]},
    "/v1/tokens": {"origin": PAGE},
    "/v1/erasures": {"case": "kb-1"},
    "/v1/templates/preview": {"template": {}},
}
RECORD = {
    "articles": {"title": "x", "body": "x", "language": "de"},
    "templates": {"name": "x", "body": "x", "language": "de"},
    "actions": {"name": "x"},
    "cases": {"subject": "x"},
    "pins": {"kind": "articles", "item": "x", "effect": "pin", "reason": "x"},
}


def _routes(client: FlaskClient) -> list[tuple[str, str]]:
    return sorted(
        (method, rule.rule) for rule in client.application.url_map.iter_rules() for method in rule.methods - {"OPTIONS"}
    )


def _ask(client: FlaskClient, method: str, rule: str, headers: dict[str, str] | None = None) -> Any:
    path = re.sub(r"<[^>]+>", "kb-1", rule)
    if (method, rule) == ("POST", "/v1/uploads"):
        return client.post(path, data=b"x", content_type="application/zip", headers=headers)
    return client.open(
        path, method=method, json=BODIES.get(rule) if method != "PUT" else RECORD[path.split("/")[2]], headers=headers
    )


def _bad_credentials(door: Door) -> dict[str, dict[str, str]]:
    known = door.texts["suggest"]
    texts = {
        "wrong secret": str(KeyText(known.id, new_key_text().secret)),
        "unknown id": str(new_key_text()),
        "expired": str(door.texts["expired"]),
        "revoked": str(door.texts["revoked"]),
        "cut": str(known)[:-1],
        "no key": "x",
        "empty": "",
        "odd letters": "sw_äöü",
        "long": "x" * 50_000,
        "token of an unknown key": door.token(key_id="000000000000")["Authorization"].removeprefix("Bearer "),
        "token of a revoked key": door.token("revoked")["Authorization"].removeprefix("Bearer "),
        "token of an expired key": door.token("expired")["Authorization"].removeprefix("Bearer "),
        "token that has ended": door.token(expires_at=NOW)["Authorization"].removeprefix("Bearer "),
    }
    return {name: {"Authorization": f"Bearer {text}"} for name, text in texts.items()}


def test_every_endpoint_needs_a_key_but_those_for_the_platform_and_the_docs(keyed, misfits):
    for method, rule in _routes(keyed):
        reply = _ask(keyed, method, rule)
        if rule in FREE:
            assert reply.status_code in (200, 404), (method, rule)
            continue
        assert reply.status_code == 401, (method, rule)
        assert reply.headers["WWW-Authenticate"] == 'Bearer realm="stichwort"'
        if method != "HEAD":
            assert misfits(reply.get_json(), "ProblemAnswer") == []


def test_what_is_free_is_named_one_by_one():
    assert {"/healthz", "/readyz", "/version", "/openapi.json", "/docs", "/docs/<name>"} | PAGES == FREE
    assert {"/embed", "/static/<name>", "/manage", "/static/manage/<file>", "/desk", "/static/desk/<file>"} == PAGES


def test_no_endpoint_accepts_a_bad_key_and_all_answer_alike(keyed, door, engine):
    for method, rule in _routes(keyed):
        if rule in FREE:
            continue
        told = set()
        for name, headers in _bad_credentials(door).items():
            reply = _ask(keyed, method, rule, {**headers, "X-Request-Id": "r"})
            assert reply.status_code == 401, (method, rule, name)
            told.add((reply.get_data(), tuple(sorted(reply.headers.items()))))
        assert len(told) == 1, (method, rule)
        assert 'error="invalid_token"' in dict(next(iter(told))[1])["WWW-Authenticate"]
    assert engine.asked == []


def test_each_endpoint_takes_keys_with_its_scope_and_no_others(keyed, door, engine):
    for method, rule in _routes(keyed):
        needed = needed_scopes(method, rule)
        for scope in SCOPES if needed else ():
            engine.asked.clear()
            reply = _ask(keyed, method, rule, door.headers(scope))
            if scope in needed and rule != "/v1/tokens":
                assert reply.status_code in (200, 201, 204, 404, 409), (method, rule, scope)
            else:
                assert reply.status_code == 403, (method, rule, scope)
                assert engine.asked == []


@pytest.mark.parametrize(
    ("method", "rule", "scopes"),
    [
        ("POST", "/v1/suggest", {"suggest"}),
        ("POST", "/v1/search", {"suggest"}),
        ("GET", "/v1/cases/<record_id>", {"suggest"}),
        ("HEAD", "/v1/articles/<record_id>", {"suggest"}),
        ("POST", "/v1/templates/<record_id>/render", {"suggest"}),
        ("POST", "/v1/feedback", {"feedback"}),
        ("PUT", "/v1/articles/<record_id>", {"manage"}),
        ("DELETE", "/v1/cases/<record_id>", {"manage"}),
        ("POST", "/v1/reindex", {"manage"}),
        ("GET", "/v1/jobs/<job_id>", {"manage"}),
        ("GET", "/v1/snapshots", {"manage"}),
        ("POST", "/v1/snapshots/<snapshot_id>/activate", {"manage"}),
        ("GET", "/metrics", {"manage"}),
        ("GET", "/v1/whatever-comes", {"manage"}),
        ("POST", "/v1/tokens", set(SCOPES)),
        ("GET", "/healthz", set()),
    ],
)
def test_scopes_are_those_of_the_contract_and_new_endpoints_are_closed(method, rule, scopes):
    assert needed_scopes(method, rule) == scopes
    assert needed_scopes(method, re.sub(r"<([^>]+)>", r"{\1}", rule)) == scopes


def test_a_403_names_the_scope_that_is_needed(keyed, door, misfits):
    reply = keyed.post("/v1/suggest", json=QUESTION, headers=door.headers("feedback"))
    problem = reply.get_json()

    assert misfits(problem, "ProblemAnswer") == []
    assert problem["type"] == "urn:stichwort:problem:not-allowed"
    assert "has the scopes feedback, expected suggest" in problem["detail"]
    assert 'error="insufficient_scope", scope="suggest"' in reply.headers["WWW-Authenticate"]


def test_the_key_is_looked_at_before_the_body(keyed, door):
    for headers, status in (({}, 401), (door.headers("feedback"), 403), (door.headers("suggest"), 415)):
        assert keyed.post("/v1/suggest", data=b"[" * 9, headers=headers).status_code == status


def test_unknown_paths_and_methods_are_what_they_are_without_a_key(keyed):
    assert keyed.get("/v1/nirgends").status_code == 404
    assert keyed.get("/v1/suggest").status_code == 405


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_key_is_sent_as_bearer(keyed, door, scheme):
    headers = {"Authorization": f"{scheme} {door.texts['suggest']}"}

    assert keyed.post("/v1/suggest", json=QUESTION, headers=headers).status_code == 200


def test_a_key_may_be_sent_in_a_header_of_its_own(keyed, door):
    headers = {"X-API-Key": str(door.texts["suggest"]), "Authorization": "Basic cHJveHk6cHJveHk="}

    assert keyed.post("/v1/suggest", json=QUESTION, headers=headers).status_code == 200
    headers["X-API-Key"] += "0"
    assert keyed.post("/v1/suggest", json=QUESTION, headers=headers).status_code == 401


def test_a_key_in_the_address_is_not_looked_at(keyed, door):
    key = door.texts["suggest"]

    assert keyed.post(f"/v1/suggest?key={key}&access_token={key}", json=QUESTION).status_code == 401


def test_a_revoked_key_is_refused_once_the_keys_are_read_again(keyed, door):
    headers, by_token = door.headers("page"), door.token("page")
    assert keyed.post("/v1/suggest", json=QUESTION, headers=headers).status_code == 200
    assert keyed.post("/v1/suggest", json=QUESTION, headers=by_token).status_code == 200
    door.revoke("page")

    assert keyed.post("/v1/suggest", json=QUESTION, headers=headers).status_code == 401
    assert keyed.post("/v1/suggest", json=QUESTION, headers=by_token).status_code == 401


def test_known_keys_go_on_while_the_store_is_away_and_readiness_says_so(keyed, door):
    door.away = StoreBusyError("locked")
    door.ring.refresh()

    assert keyed.post("/v1/suggest", json=QUESTION, headers=door.headers("suggest")).status_code == 200
    assert keyed.post("/v1/suggest", json=QUESTION, headers=door.headers("revoked")).status_code == 401
    ready = keyed.get("/readyz")
    assert (ready.status_code, ready.get_json()["status"]) == (200, "degraded")
    assert "cannot be read" in ready.get_json()["reasons"][0]


def test_without_ever_having_read_the_keys_nobody_is_let_in(source, door, misfits):
    door.away = StoreBusyError("locked")
    ring = KeyRing(door.read)
    ring.refresh()
    callers = KeyedCallers(ring, door.tokens, local=LocalCallers(PUBLIC))
    with create_app(local_services(source, callers=callers)).test_client() as client:
        reply = client.post("/v1/suggest", json=QUESTION, headers=door.headers("suggest"))
        ready = client.get("/readyz")

    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) >= 1
    assert misfits(reply.get_json(), "ProblemAnswer") == []
    assert (ready.status_code, ready.get_json()["status"]) == (503, "starting")


def test_the_audiences_are_those_of_the_key(keyed, door, engine):
    keyed.post("/v1/suggest", json=QUESTION, headers=door.headers("level2"))
    keyed.post("/v1/search", json={"query": "a"}, headers=door.headers("suggest"))
    keyed.post("/v1/suggest", json=QUESTION, headers=door.token("level2", audiences=frozenset({"level2"})))

    assert [asked.audiences for asked in engine.asked] == [{"public", "level2"}, {"public"}, {"level2"}]


def test_a_record_for_others_answers_exactly_like_an_unknown_id(keyed, door):
    def told(record_id, key):
        headers = {**door.headers(key), "X-Request-Id": "r"}
        reply = keyed.get(f"/v1/articles/{record_id}", headers=headers)
        body = reply.get_data(as_text=True).replace(record_id, "x" * 9)
        headers = {name: value for name, value in reply.headers.items() if name != "Content-Length"}
        return reply.status_code, body, headers

    assert told("kb-intern", "level2")[0] == 200
    assert told("kb-intern", "suggest")[0] == 404
    assert told("kb-intern", "suggest") == told("kb-nirgen", "suggest")


def test_one_key_asks_no_oftener_than_it_may(keyed_services, door, misfits):
    limited = replace(keyed_services, limiter=RateLimiter(2, clock=lambda: 0.0))
    with create_app(limited).test_client() as client:
        by_key = [client.post("/v1/suggest", json=QUESTION, headers=door.headers("page")) for _ in range(3)]
        by_token = client.post("/v1/suggest", json=QUESTION, headers=door.token("page"))
        other = client.post("/v1/suggest", json=QUESTION, headers=door.headers("suggest"))

    assert [reply.status_code for reply in (*by_key, by_token, other)] == [200, 200, 429, 429, 200]
    assert by_key[2].headers["Retry-After"] == "30"
    assert misfits(by_key[2].get_json(), "ProblemAnswer") == []


def test_probes_and_programs_on_this_machine_are_not_limited(source):
    limited = local_services(source, limiter=RateLimiter(1, clock=lambda: 0.0))
    with create_app(limited).test_client() as client:
        assert {client.post("/v1/suggest", json=QUESTION).status_code for _ in range(5)} == {200}
        assert {client.get("/healthz").status_code for _ in range(5)} == {200}


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_logs_name_keys_by_their_id_and_never_hold_one(keyed, door, engine, caplog, level):
    caplog.set_level(level)
    key = door.texts["suggest"]
    token = door.token()
    for path in ("/v1/suggest", f"/v1/articles/{key}", f"/v1/{key}", f"/v1/suggest?key={key}"):
        for headers in (door.headers("suggest"), {"X-API-Key": str(key)}, token, {"X-Request-Id": str(key)}):
            keyed.post(path, json=QUESTION, headers=headers)
            keyed.get(path, headers=headers)
    engine.fault = RuntimeError(f"fault with {key}")
    keyed.post("/v1/suggest", json=QUESTION, headers=door.headers("suggest"))

    assert f"key={key.id} " in caplog.text
    assert "status=500" in caplog.text
    assert key.secret.hex() not in caplog.text
    assert token["Authorization"].removeprefix("Bearer ") not in caplog.text


def test_without_any_key_programs_on_this_machine_may_do_everything(source):
    callers = KeyedCallers(_ring([]), BrowserTokens(lambda: b"t" * 32), local=LocalCallers(PUBLIC))
    with create_app(local_services(source, callers=callers)).test_client() as client:
        for method, rule in _routes(client):
            if rule != "/v1/tokens":
                assert _ask(client, method, rule).status_code in (200, 201, 204, 404, 409), (method, rule)


@pytest.mark.parametrize(
    ("host", "address", "status"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 200),
        ("localhost", "127.0.0.1", 200),
        ("[::1]:8080", "::1", 200),
        ("127.0.0.1", "", 200),
        ("127.0.0.1:8080", "10.0.0.9", 401),
        ("rebound.evil.example:8080", "127.0.0.1", 401),
        ("127.0.0.1.evil.example", "127.0.0.1", 401),
        ("[", "127.0.0.1", 401),
    ],
)
def test_without_any_key_nobody_else_may(source, host, address, status):
    with create_app(local_services(source)).test_client() as client:
        reply = client.get(
            "/v1/articles/kb-1", headers={"Host": host}, environ_overrides={"REMOTE_ADDR": address, "HTTP_HOST": host}
        )

    assert reply.status_code == status
    if status == 401:
        assert "python -m assist keys create" in reply.get_json()["detail"]


@pytest.mark.parametrize("header", PASSED_ON)
def test_without_any_key_what_a_proxy_passes_on_is_not_of_this_machine(source, door, header):
    callers = KeyedCallers(_ring([]), door.tokens, local=LocalCallers(PUBLIC))
    with create_app(local_services(source, callers=callers)).test_client() as client:
        assert client.post("/v1/suggest", json=QUESTION, headers={header: "203.0.113.9"}).status_code == 401


@pytest.mark.parametrize("header", PASSED_ON)
def test_with_a_key_it_does_not_matter_who_passes_it_on(keyed, door, header):
    headers = {**door.headers("suggest"), header: "203.0.113.9"}
    assert keyed.post("/v1/suggest", json=QUESTION, headers=headers).status_code == 200


def test_where_others_can_reach_it_no_key_means_nobody(source):
    callers = KeyedCallers(_ring([]), BrowserTokens(lambda: b"t" * 32), local=None)
    with create_app(local_services(source, callers=callers)).test_client() as client:
        assert client.post("/v1/suggest", json=QUESTION).status_code == 401


def test_the_first_key_closes_the_door_to_those_without(source, door):
    keys: list[ApiKey] = []
    ring = _ring(keys)
    callers = KeyedCallers(ring, door.tokens, local=LocalCallers(PUBLIC), clock=lambda: NOW)
    with create_app(local_services(source, callers=callers)).test_client() as client:
        assert client.post("/v1/suggest", json=QUESTION).status_code == 200
        keys.append(door.keys["suggest"])
        ring.refresh()
        assert client.post("/v1/suggest", json=QUESTION).status_code == 401
        assert client.post("/v1/suggest", json=QUESTION, headers=door.headers("suggest")).status_code == 200


def _ring(keys: list[ApiKey]) -> KeyRing:
    ring = KeyRing(lambda: list(keys))
    ring.refresh()
    return ring


@pytest.mark.parametrize(
    ("method", "rule"),
    [("GET", "/v1/pins"), *((method, "/v1/pins/<record_id>") for method in ("GET", "PUT", "DELETE"))],
)
def test_pins_are_read_and_written_with_the_scope_manage_alone(keyed, door, method, rule):
    for scope in ("suggest", "feedback"):
        assert _ask(keyed, method, rule, door.headers(scope)).status_code == 403
    assert _ask(keyed, method, rule, door.headers("manage")).status_code != 403
