"""POST /v1/templates/{id}/render: a template filled for a case, over a real index with the toy encoder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from assist.app import create_app
from corpus.models import Article, Template
from tests.api.conftest import FakeSource
from tests.local_services import local_services
from tests.security.toy_service import Indexer

KEYS = ["subject", "text", "html", "missing_fields", "unknown_fields", "warnings"]
CASE = {"id": "4711", "subject": "Umzug", "language": "de", "channel": "email"}
CONTEXT = {"contact": {"salutation": "Frau", "last_name": "Yılmaz"}, "agent": {"name": "Jana Weiß"}}
LETTER = "{{ contact.greeting }},\n\nwir ziehen um.\n\nFreundliche Grüße\n{{ agent.name }}"
PAST = datetime(2020, 1, 1, tzinfo=UTC)


def template(name: str, body: str, **fields: Any) -> Template:
    return Template(**{"id": name, "name": name, "language": "de", "body": body} | fields)


TEMPLATES = [
    template("umzug", LETTER, subject="Fall {{ case.id }}", articles=("alt", "intern")),
    template("bank", "Guten Tag,\n\nIhre IBAN fehlt: {{ customer.iban }}."),
    template("h", "{{ company.name }}", kind="header"),
    template("h-intern", "Interner Kopf", kind="header", audience=("level2",), channels=("email",)),
    template("f-en", "Best wishes", kind="footer", language="en"),
    template("pin", "Nennen Sie nie Ihre PIN.", kind="snippet", shortcode="pin"),
    template("nur-intern", "Kulanz {{ case.id }}", audience=("level2",)),
    template("sf", "Hallo {!Contact.LastName}", syntax="salesforce"),
]  # fmt: skip
ARTICLES = [
    Article(id="alt", title="Alter Umzug", body="x", language="de", valid_until=PAST),
    Article(id="intern", title="Geheim", body="x", language="de", audience=("level2",), valid_until=PAST),
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> FakeSource:
    indexer = Indexer(tmp_path_factory.mktemp("toy"))
    return FakeSource(indexer.suggester({"templates": TEMPLATES, "articles": ARTICLES}))


@pytest.fixture
def client(source: FakeSource) -> Iterator[FlaskClient]:
    with create_app(local_services(source)).test_client() as client:
        yield client


@pytest.fixture
def inside(source: FakeSource) -> Iterator[FlaskClient]:
    """Return a client of colleagues who see internal texts too."""
    services = local_services(source, audiences=frozenset({"public", "level2"}))
    with create_app(services).test_client() as client:
        yield client


def rendered(client: FlaskClient, name: str, **body: Any) -> dict[str, Any]:
    reply = client.post(f"/v1/templates/{name}/render", json={"case": CASE, "context": CONTEXT} | body)
    assert reply.status_code == 200, reply.get_json()
    answer: dict[str, Any] = reply.get_json()
    return answer


def test_the_answer_has_the_keys_of_the_contract_and_nothing_else(client, misfits):
    answer = rendered(client, "umzug")

    assert list(answer) == KEYS
    assert misfits(answer, "RenderedAnswer") == []
    assert answer["subject"] == "Fall 4711"
    assert answer["text"] == "Sehr geehrte Frau Yılmaz,\n\nwir ziehen um.\n\nFreundliche Grüße\nJana Weiß"
    assert answer["html"] is None


def test_case_data_is_never_kept_on_the_way(client):
    reply = client.post("/v1/templates/umzug/render", json={"case": CASE})

    assert reply.headers["Cache-Control"] == "no-store"


def test_a_case_of_which_nothing_is_said_yet_will_do(client):
    answer = rendered(client, "umzug", case={}, context=None)

    assert answer["missing_fields"] == ["case.id", "contact.greeting", "agent.name"]


def test_gaps_and_foreign_syntax_are_handled_as_in_suggestions(client):
    assert rendered(client, "bank")["missing_fields"] == ["customer.iban"]
    assert rendered(client, "sf")["text"] == "Hallo Yılmaz"


@pytest.mark.parametrize("name", ["nirgends", "nur-intern", "alt"])
def test_unknown_and_invisible_cannot_be_told_apart(client, misfits, name):
    reply = client.post(f"/v1/templates/{name}/render", json={"case": CASE})

    assert reply.status_code == 404
    assert misfits(reply.get_json(), "ProblemAnswer") == []
    assert reply.get_json()["detail"] == client.get("/v1/templates/nirgends").get_json()["detail"]


def test_warnings_tell_what_speaks_against_sending_and_never_what_the_caller_may_not_see(client, inside):
    (told,) = rendered(client, "umzug")["warnings"]
    assert "Alter Umzug" in told

    assert len(rendered(inside, "umzug")["warnings"]) == 2
    assert "level2" in rendered(inside, "nur-intern")["warnings"][0]


def test_validity_is_judged_at_the_time_asked_for(client):
    assert rendered(client, "umzug", as_of="2019-06-01T00:00:00Z")["warnings"] == []


def test_warnings_speak_the_language_asked_for_else_that_of_the_case(client):
    english = {**CASE, "language": "en"}

    assert rendered(client, "bank", case=english)["warnings"] == [
        "The template is written in German, the case in English."
    ]
    assert rendered(client, "bank", case=english, language="de")["warnings"][0].startswith("Die Vorlage ist auf")


def test_suggestions_carry_the_same_warnings_in_the_language_of_the_reasons(client):
    body = {"case": {**CASE, "description": "wir ziehen um"}, "kinds": ["templates"], "min_confidence": 0, "limit": 20}
    for language, words in (("de", "gilt seit"), ("en", "not been valid since")):
        found = client.post("/v1/suggest", json={**body, "language": language}).get_json()["templates"]
        (umzug,) = [each for each in found if each["id"] == "umzug"]
        assert words in umzug["warnings"][0]


def test_a_whole_letter_is_composed_only_where_it_is_asked_for(client):
    wanted = {"header": True, "templates": ["bank"], "snippets": ["PIN"]}

    assert (
        rendered(client, "umzug", **{"with": {}})
        == rendered(client, "umzug")
        == rendered(client, "umzug", **{"with": None})
    )
    assert rendered(client, "umzug", **{"with": wanted})["text"] == (
        "Lindfunk\n\nSehr geehrte Frau Yılmaz,\n\nwir ziehen um.\n\nIhre IBAN fehlt: [[customer.iban]].\n\n"
        "Nennen Sie nie Ihre PIN.\n\nFreundliche Grüße\nJana Weiß"
    )


def test_a_part_that_is_not_there_is_told_and_one_for_others_counts_as_not_there(client, inside):
    wanted = {"header": True, "footer": True, "snippets": ["nope"], "templates": ["nur-intern"]}

    answer = rendered(client, "bank", **{"with": wanted})
    assert answer["text"].startswith("Lindfunk")
    assert [warning.split(" ")[:3] for warning in answer["warnings"]] == [
        ["Die", "Vorlage", "„nur-intern“"], ["Es", "gibt", "keinen"], ["Es", "gibt", "keine"],
    ]  # fmt: skip
    assert rendered(inside, "bank", **{"with": {"header": True}})["text"].startswith("Interner Kopf")


def test_a_part_stands_in_the_letter_once(client):
    wanted = {"templates": ["umzug", "bank", "bank"], "snippets": ["pin", "pin"]}

    text = rendered(client, "umzug", **{"with": wanted})["text"]
    assert [text.count(words) for words in ("wir ziehen um", "IBAN", "PIN")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"case": None}, "/case"),
        ({"with": {"headers": True}}, "/with/headers"),
        ({"with": {"header": "ja"}}, "/with/header"),
        ({"with": {"snippets": ["x"] * 21}}, "/with/snippets"),
        ({"with": {"templates": ["a b"]}}, "/with/templates/0"),
        ({"parts": {}}, "/parts"),
        ({"as_of": "gestern"}, "/as_of"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_with_a_pointer(client, change, pointer):
    reply = client.post("/v1/templates/umzug/render", json={"case": CASE} | change)

    assert reply.status_code == 422
    assert [each["pointer"] for each in reply.get_json()["errors"]] == [pointer]
