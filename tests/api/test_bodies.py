"""The gate before the views: hostile bodies get the documented 4xx, and never reach an engine."""

from __future__ import annotations

import io
import json

import pytest
from gunicorn.http.errors import InvalidChunkSize
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

JSON = {"Content-Type": "application/json"}
GOOD = b'{"case": {"subject": "Rechnung"}}'
CHUNKED = {"wsgi.input_terminated": True}
MIB = 1024 * 1024


def _subject(value: bytes) -> bytes:
    return b'{"case": {"subject": ' + value + b"}}"


NOT_STRICT = {
    "nothing": b"",
    "white space": b" \n ",
    "cut off": b'{"case": {"subject": "a"',
    "trailing comma": b'{"case": {"subject": "a"},}',
    "more after it": GOOD + b"x",
    "single quotes": b"{'case': 1}",
    "depth 200,000": b"[" * 200_000,
    "depth 200,000, closed": b"[" * 200_000 + b"]" * 200_000,
    "depth 100": b'{"case":' * 100 + b"1" + b"}" * 100,
    "lone surrogate": _subject(rb'"\ud800"'),
    "lone low surrogate": _subject(rb'"a\udc00b"'),
    "NUL, escaped": _subject(rb'"a\u0000b"'),
    "NUL, raw": _subject(b'"a\x00b"'),
    "70-bit integer": b'{"case": {"subject": "a"}, "limit": 1180591620717411303424}',
    "integer of 100,000 digits": b'{"limit": ' + b"9" * 100_000 + b"}",
    "NaN": b'{"case": {"subject": "a"}, "min_confidence": NaN}',
    "Infinity": b'{"case": {"subject": "a"}, "min_confidence": -Infinity}',
    "1e999": b'{"case": {"subject": "a"}, "min_confidence": 1e999}',
    "duplicate keys": b'{"case": {"subject": "a", "subject": "b"}}',
    "UTF-16": GOOD.decode().encode("utf-16"),
    "UTF-16 without mark": GOOD.decode().encode("utf-16-le"),
    "UTF-32": GOOD.decode().encode("utf-32"),
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "Latin-1": '{"case": {"subject": "Zähler"}}'.encode("latin-1"),
}
NOT_FITTING = {
    "list": b"[]",
    "null": b"null",
    "text": b'"{}"',
    "text that is JSON": json.dumps(GOOD.decode()).encode(),
    "number": b"1",
    "true": b"true",
    "empty object": b"{}",
    "case is a list": b'{"case": []}',
    "case is a text": b'{"case": "Rechnung"}',
    "subject is an object": _subject(b"{}"),
    "unknown key": b'{"case": {"subject": "a"}, "__proto__": {}}',
    "many unknown keys": json.dumps({f"k{i}": i for i in range(50_000)}).encode(),
    "huge list of kinds": json.dumps({"case": {"subject": "a"}, "kinds": [1] * 200_000}).encode(),
}


@pytest.mark.parametrize("name", NOT_STRICT)
@pytest.mark.parametrize("path", ["/v1/suggest", "/v1/search"])
def test_what_is_not_strict_json_is_a_400(client, engine, misfits, path, name):
    reply = client.post(path, data=NOT_STRICT[name], headers=JSON)

    assert (reply.status_code, reply.content_type) == (400, "application/problem+json")
    assert misfits(reply.get_json(), "ProblemAnswer") == []
    assert engine.asked == []


def test_a_400_says_where(client):
    problem = client.post("/v1/suggest", data=b'{"case":\n  {"subject": NaN}}', headers=JSON).get_json()

    assert "line 2, column 15" in problem["detail"]
    assert problem["errors"][0]["pointer"] == ""


@pytest.mark.parametrize("name", NOT_FITTING)
@pytest.mark.parametrize("path", ["/v1/suggest", "/v1/search"])
def test_json_of_another_shape_is_a_422(client, engine, misfits, path, name):
    reply = client.post(path, data=NOT_FITTING[name], headers=JSON)

    assert (reply.status_code, reply.content_type) == (422, "application/problem+json")
    assert reply.get_json()["errors"]
    assert misfits(reply.get_json(), "ProblemAnswer") == []
    assert engine.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json-patch+json"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": "äöü"},
    ],
)
def test_another_media_type_is_a_415(client, engine, headers):
    reply = client.post("/v1/suggest", data=GOOD, headers=headers)

    assert (reply.status_code, reply.content_type) == (415, "application/problem+json")
    assert engine.asked == []


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=UTF-8"])
def test_json_in_utf8_is_welcome(client, content_type):
    assert client.post("/v1/suggest", data=GOOD, headers={"Content-Type": content_type}).status_code == 200


def test_two_megabytes_are_a_413(client, engine):
    reply = client.post("/v1/suggest", data=_subject(b'"' + b"a" * 2 * MIB + b'"'), headers=JSON)

    assert (reply.status_code, reply.content_type) == (413, "application/problem+json")
    assert engine.asked == []


def test_two_megabytes_without_a_declared_length_are_a_413(client, engine):
    stream = io.BytesIO(_subject(b'"' + b"a" * 2 * MIB + b'"'))

    reply = client.post(
        "/v1/suggest", input_stream=stream, headers=JSON, environ_overrides={"wsgi.input_terminated": True}
    )

    assert reply.status_code == 413
    assert engine.asked == []


def test_a_body_without_a_declared_length_is_read(client):
    reply = client.post(
        "/v1/suggest",
        input_stream=io.BytesIO(GOOD),
        headers=JSON,
        environ_overrides=CHUNKED,
    )

    assert reply.status_code == 200


def test_a_body_of_exactly_one_mebibyte_is_read(client):
    frame = len(b'{"case": {"description": ""}}')
    body = b'{"case": {"description": "' + b"a" * (MIB - frame) + b'"}}'

    assert client.post("/v1/suggest", data=body, headers=JSON).status_code == 422  # longer than one text may be
    assert client.post("/v1/suggest", data=body + b" ", headers=JSON).status_code == 413


LONG = "k" * 500_000


@pytest.mark.parametrize(
    "body",
    [
        {LONG: 1},
        {"case": {"subject": "a", LONG: 1}},
        {"case": {"subject": "a", "customer": {LONG: 1}}},
        {"case": {"subject": "a", "language": LONG}},
        {"case": {"subject": "a", "id": LONG}},
        {"case": {"subject": "a"}, "context": {LONG: 1}},
        {"case": {"subject": "a"}, "context": {"contact": {LONG: [[]]}}},
        {"case": {"subject": "a"}, "limit": {LONG: 1}},
        {"case": {"subject": "a"}, "filters": {"product": [LONG]}},
    ],
    ids=range(9),
)
def test_an_error_never_sends_back_at_length_what_was_sent(client, body):
    reply = client.post("/v1/suggest", json=body)

    assert reply.status_code == 422
    assert b"k" * 401 not in reply.get_data()
    assert len(reply.get_data()) < 4_000


def test_a_long_path_is_not_sent_back_at_length(client):
    assert len(client.get("/v1/" + LONG).get_data()) < 1_000


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({f"k{number}": 1 for number in range(201)}, "201 keys, expected at most 200"),
        ({"k" * 501: 1}, "name of 501 characters, expected at most 500"),
        ({"k": ["a"] * 201}, "list of 201 entries, expected at most 200"),
        ({"k": "a" * 10_001}, "text of more than 10000 characters"),
        ({"k": ["a" * 10_001]}, "text of more than 10000 characters"),
    ],
    ids=range(5),
)
def test_attributes_are_bounded(client, engine, attributes, told):
    for body in (
        {"case": {"subject": "a", "customer": attributes}},
        {"case": {"subject": "a"}, "context": {"contact": attributes}},
    ):
        reply = client.post("/v1/suggest", json=body)

        assert reply.status_code == 422
        assert told in reply.get_json()["errors"][0]["detail"]
    assert engine.asked == []


def test_attributes_up_to_the_bounds_are_welcome(client):
    attributes = {f"k{number}": number for number in range(198)} | {"k" * 500: "a" * 10_000, "l": ["a"] * 200}
    body = {"case": {"subject": "a", "customer": attributes}, "context": {"contact": attributes, "plain": "a"}}

    assert client.post("/v1/suggest", json=body).status_code == 200


class BrokenStream(io.BytesIO):
    """A body that breaks off, as servers tell it: each with an error of its own."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def read(self, size=-1):
        raise self.error


@pytest.mark.parametrize("error", [OSError("reset"), InvalidChunkSize(b"GEHEIM"), ValueError("closed")])
def test_a_body_that_breaks_off_is_a_400(client, engine, misfits, error):
    environ = {**CHUNKED, "wsgi.input": BrokenStream(error)}

    reply = client.post("/v1/suggest", headers=JSON, environ_overrides=environ)

    assert (reply.status_code, reply.content_type) == (400, "application/problem+json")
    assert b"GEHEIM" not in reply.get_data()
    assert misfits(reply.get_json(), "ProblemAnswer") == []
    assert engine.asked == []


def test_a_body_shorter_than_it_says_is_a_400(client, engine):
    reply = client.post("/v1/suggest", data=GOOD, headers=JSON, environ_overrides={"CONTENT_LENGTH": "500"})

    assert reply.status_code == 400
    assert engine.asked == []


@pytest.mark.parametrize("text", ["\u202eTSOP\u202c", "e" + "\u0301" * 10_000, "😀" * 1_000, "{{ contact.email }}"])
def test_unusual_text_is_just_text(client, text):
    assert client.post("/v1/suggest", json={"case": {"subject": "a", "description": text}}).status_code == 200


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["case", "context", "kinds", "limit", "filters", "min_confidence", "as_of", "draft", "query"])


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(KEYS, JSON_VALUES, max_size=4), path=st.sampled_from(["/v1/suggest", "/v1/search"]))
def test_no_json_of_any_shape_is_a_fault_of_ours(client, path, body):
    reply = client.post(path, data=json.dumps(body), headers=JSON)

    assert reply.status_code in (200, 400, 422)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200))
def test_no_bytes_are_a_fault_of_ours(client, body):
    assert client.post("/v1/suggest", data=body, headers=JSON).status_code in (400, 422)
