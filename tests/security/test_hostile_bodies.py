"""Two thousand hostile bodies against the real application: the documented 4xx each, never a 5xx, nothing else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from assist.api.answers_suggest import SuggestAnswer
from corpus.folder import Corpus
from corpus.models import KINDS
from tests.security.checks import check_problem
from tests.security.hostile import CLASSES, Body, HostileClass
from tests.security.toy_service import Indexer, client_of


@pytest.fixture(scope="module")
def client(indexer: Indexer, small_records: Corpus) -> FlaskClient:
    return client_of(indexer.suggester({kind: getattr(small_records, kind) for kind in KINDS}))


def _send(client: FlaskClient, path: str, body: Body):
    headers = {**body.headers, **({"Content-Type": body.content_type} if body.content_type else {})}
    return client.post(path, data=body.data, headers=headers)


def _paths(client: FlaskClient) -> list[str]:
    """Return every address that takes JSON."""
    document = client.get("/openapi.json").get_json()
    return [
        path
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method == "post"
        and "application/json" in operation.get("requestBody", {}).get("content", {})
        and "{" not in path
    ]


def test_there_are_two_thousand_of_them_and_they_are_always_the_same() -> None:
    assert sum(each.count for each in CLASSES) >= 2_000
    assert len({each.name for each in CLASSES}) == len(CLASSES)
    assert list(CLASSES[0].bodies()) == list(CLASSES[0].bodies())


@pytest.mark.parametrize("each", CLASSES, ids=lambda each: each.name)
def test_hostile_bodies_get_the_documented_answer(client: FlaskClient, each: HostileClass) -> None:
    paths = ["/v1/suggest"] if each.suggest_only else _paths(client)
    for number, body in enumerate(each.bodies()):
        path = paths[number % len(paths)]
        reply = _send(client, path, body)
        if each.statuses == {200}:
            assert reply.status_code == 200, reply.get_data()[:300]
            SuggestAnswer.model_validate(reply.get_json())
        else:
            # A reindex asks for nothing; what says nothing is refused there for want of a folder.
            allowed = each.statuses | {409} if path == "/v1/reindex" else each.statuses
            check_problem(reply, allowed)


def test_a_good_body_is_welcome_after_all_of_that(client: FlaskClient) -> None:
    assert client.post("/v1/suggest", json={"case": {"subject": "Rechnung doppelt"}}).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("each", CLASSES, ids=lambda each: each.name)
def test_every_address_gives_the_documented_answer_to_every_body(client: FlaskClient, each: HostileClass) -> None:
    for path in ["/v1/suggest"] if each.suggest_only else _paths(client):
        for body in each.bodies():
            assert _send(client, path, body).status_code in each.statuses
