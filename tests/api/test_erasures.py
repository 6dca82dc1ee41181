"""``/v1/erasures``: over REST as on the command line, for holders of the scope only."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from assist.app import create_app
from assist.bootstrap import build_runtime
from assist.erasing import NoErasures
from assist.settings import Settings
from corpus.store import Store
from index.builder import build
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from tests.conftest import write_folder
from tests.integration import erasing_world as world
from tests.integration.erasing_world import CUSTOMER, MINE
from tests.local_services import local_services

ERASURES = "/v1/erasures"


@pytest.fixture
def indexed(index_settings: IndexSettings, tmp_path: Path) -> IndexSettings:
    folder = write_folder(tmp_path / "corpus", world.corpus_rows())
    build(index_settings, open_encoder("toy", index_settings.models), folder, SilentReporter())
    return index_settings


@pytest.fixture
def service(indexed: IndexSettings) -> FlaskClient:
    runtime = build_runtime(Settings(index=indexed))
    runtime.live.refresh()
    runtime.keys.refresh()
    return create_app(runtime.services).test_client()


def test_a_customer_is_erased_and_the_receipt_is_completed_by_the_next_build(
    service: FlaskClient, indexed: IndexSettings, misfits
) -> None:
    reply = service.post(ERASURES, json={"customer": CUSTOMER})
    told = reply.get_json()

    assert (reply.status_code, reply.headers["Cache-Control"]) == (202, "no-store")
    assert misfits(told, "ErasureAnswer") == []
    assert told["erased"] == {"cases": 2, "versions": 2, "contents": 2}
    assert (told["by"], told["completed_at"]) == ("local", None)
    assert CUSTOMER not in reply.get_data(as_text=True)
    with Store.open(indexed.database) as store:
        assert not set(MINE) & set(store.live_state().hashes["cases"])

    build(indexed, open_encoder("toy", indexed.models), None, SilentReporter())

    read = service.get(f"{ERASURES}/{told['receipt']}")
    assert (read.status_code, read.get_json()["left"]) == (200, [])
    assert read.get_json()["completed_at"] is not None
    again = service.post(ERASURES, json={"customer": CUSTOMER})
    assert (again.status_code, again.get_json()["receipt"]) == (200, told["receipt"])


def test_a_case_and_an_agent_are_erased_too(service: FlaskClient) -> None:
    case = service.post(ERASURES, json={"case": MINE[0], "customer": None}).get_json()
    agent = service.post(ERASURES, json={"agent": world.AGENT}).get_json()

    assert case["what"] == f"case {MINE[0]}"
    assert agent["what"].startswith("agent ")
    assert world.AGENT not in agent["what"]
    assert agent["erased"] == {"contents without the agent": 7}
    assert "pseudonyms" not in agent


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"case": "c1", "customer": "k"},
        {"case": None},
        {"case": "mit leerzeichen"},
        {"customer": ""},
        {"case": 1},
        {"everything": True},
    ],
)
def test_a_body_that_does_not_name_exactly_one_is_refused_and_erases_nothing(
    service: FlaskClient, indexed: IndexSettings, body: object
) -> None:
    reply = service.post(ERASURES, json=body)

    assert (reply.status_code, reply.content_type) == (422, "application/problem+json")
    assert not indexed.erasures.exists()


def test_an_unknown_receipt_is_a_404(service: FlaskClient) -> None:
    reply = service.get(f"{ERASURES}/0000000000000000")

    assert (reply.status_code, reply.content_type) == (404, "application/problem+json")


def test_only_the_scope_manage_may_erase(keyed: FlaskClient, door) -> None:
    for scope in ("suggest", "feedback"):
        reply = keyed.post(ERASURES, json={"case": "c1"}, headers=door.headers(scope))
        assert reply.status_code == 403
        assert keyed.get(f"{ERASURES}/0", headers=door.headers(scope)).status_code == 403
    assert keyed.post(ERASURES, json={"case": "c1"}).status_code == 401


def test_without_a_store_erasing_is_unavailable_and_tells_when_to_try_again(source) -> None:
    client = create_app(local_services(source, erasures=NoErasures())).test_client()
    reply = client.post(ERASURES, json={"case": "c1"})

    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
