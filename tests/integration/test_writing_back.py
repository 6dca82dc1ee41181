"""A record that is read over REST, changed and written back keeps what its editor was not shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assist.app import create_app
from assist.bootstrap import open_erasures
from assist.editing import TRIES, Condition, EditorIdentity, StoreEditing
from assist.erasing import ErasureRequest
from assist.settings import Settings
from assist.unavailable import Unavailable
from corpus.models import Case, Record
from corpus.privacy.agents import kept_agent_keys, open_agent_keys
from corpus.privacy.masking import MASKED
from corpus.store import Store
from corpus.times import now_utc
from index.settings import IndexSettings
from tests.conftest import Build, WriteCorpus, small_corpus
from tests.integration.test_live_change import Worker
from tests.local_services import local_services

SECOND = frozenset({"public", "second_level"})
AGENT = "Agentin Zqxbeate"
PUBLIC = EditorIdentity(by="test", audiences=frozenset({"public"}), names=lambda kind, item: (item,))


def corpus() -> dict[str, list[dict[str, Any]]]:
    rows = small_corpus()
    now = now_utc().replace(microsecond=0).isoformat()
    rows["cases"][0] |= {
        "description": "Rückruf an Helga Brandt, 030 23125377",
        "messages": [
            {"role": "customer", "text": "Meine Adresse: helga.brandt@example.org"},
            {"role": "agent", "text": "Danke, Frau Brandt"},
        ],
        "customer": {"last_name": "Brandt", "segment": "privat"},
        "articles": ["intern", "rechnung-doppelt"],
        "opened_at": now,
        "closed_at": now,
        "agent": AGENT,
    }
    rows["actions"][0] |= {"articles": ["intern", "esim"], "templates": ["t-kuendigung", "nirgends"]}
    return rows


@pytest.fixture
def worker(build_index: Build, write_corpus: WriteCorpus, index_settings: IndexSettings) -> Worker:
    build_index(write_corpus(corpus()))
    return Worker(index_settings)


def kept(settings: IndexSettings, kind: Any, record_id: str) -> dict[str, Any]:
    with Store.open(settings.database) as store:
        live = store.get(kind, record_id)
    assert live is not None
    found: dict[str, Any] = json.loads(live.payload)
    return found


def editing(settings: IndexSettings) -> StoreEditing:
    return StoreEditing(settings.database, lambda: open_agent_keys(settings.agent_keys, now_utc()), MASKED)


def erase_agent(settings: IndexSettings) -> None:
    open_erasures(Settings(index=settings)).erase(ErasureRequest(subject="agent", id=AGENT), by="test")


@pytest.mark.parametrize("path", ["cases/c1", "actions/gutschreiben"])
def test_writing_back_what_was_read_changes_nothing_in_the_store(
    worker: Worker, index_settings: IndexSettings, path: str
) -> None:
    kind, name = path.split("/")
    before = kept(index_settings, kind, name)
    read = worker.client.get(f"/v1/{path}")
    assert "intern" not in json.dumps(read.get_json()["articles"])

    written = worker.client.put(f"/v1/{path}", json=read.get_json(), headers={"If-Match": read.headers["ETag"]})

    assert written.status_code == 200
    assert (written.get_json(), written.headers["ETag"]) == (read.get_json(), read.headers["ETag"])
    assert kept(index_settings, kind, name) == before


def test_one_changed_message_leaves_the_others_and_the_agent_as_they_are_kept(
    worker: Worker, index_settings: IndexSettings
) -> None:
    before = kept(index_settings, "cases", "c1")
    read = worker.client.get("/v1/cases/c1").get_json()
    assert "23125377" not in json.dumps(read)

    read["messages"][1]["text"] = "Vielen Dank"
    assert worker.client.put("/v1/cases/c1", json=read).status_code == 200

    after = kept(index_settings, "cases", "c1")
    assert after.pop("messages") == [before.pop("messages")[0], {"role": "agent", "text": "Vielen Dank"}]
    assert after == before
    assert after["agent"].startswith("20")


def test_another_agent_takes_the_place_of_the_one_that_was_kept(worker: Worker, index_settings: IndexSettings) -> None:
    before = kept(index_settings, "cases", "c1")["agent"]
    read = worker.client.get("/v1/cases/c1").get_json()

    assert worker.client.put("/v1/cases/c1", json={**read, "agent": "jemand anders"}).status_code == 200

    after = kept(index_settings, "cases", "c1")["agent"]
    assert after not in (None, before, "jemand anders")


def test_an_editor_removes_what_he_sees_and_nothing_that_is_hidden_from_him(
    worker: Worker, index_settings: IndexSettings
) -> None:
    read = worker.client.get("/v1/actions/gutschreiben").get_json()
    assert (read["articles"], read["templates"]) == (["esim"], ["t-kuendigung"])

    written = worker.client.put("/v1/actions/gutschreiben", json={**read, "articles": [], "templates": ["t-stoerung"]})

    assert (written.get_json()["articles"], written.get_json()["templates"]) == ([], ["t-stoerung"])
    after = kept(index_settings, "actions", "gutschreiben")
    assert (after["articles"], after["templates"]) == (["intern"], ["nirgends", "t-stoerung"])
    allowed = Worker(index_settings, audiences=SECOND).client
    read = allowed.get("/v1/actions/gutschreiben").get_json()
    assert read["articles"] == ["intern"]
    assert allowed.put("/v1/actions/gutschreiben", json={**read, "articles": []}).status_code == 200
    assert "articles" not in kept(index_settings, "actions", "gutschreiben")


def test_suggested_actions_name_no_items_that_are_hidden_or_gone(worker: Worker) -> None:
    question = {"case": {"description": "Rechnung doppelt abgebucht, bitte erstatten"}, "min_confidence": 0}
    found = worker.client.post("/v1/suggest", json={**question, "kinds": ["actions"]}).get_json()["actions"]

    (action,) = [each for each in found if each["id"] == "gutschreiben"]
    assert (action["articles"], action["templates"]) == (["esim"], ["t-kuendigung"])


def test_before_there_is_a_snapshot_no_id_is_lost_and_none_is_told(
    worker: Worker, index_settings: IndexSettings
) -> None:
    class Starting:
        def engine(self) -> None:
            return None

        def state(self) -> Any:
            raise AssertionError("nobody asks for it")

    client = create_app(local_services(Starting(), editing=editing(index_settings))).test_client()

    written = client.put("/v1/actions/gutschreiben", json={"name": "Gutschreiben"})

    assert (written.status_code, written.get_json()["articles"]) == (200, [])
    assert kept(index_settings, "actions", "gutschreiben")["articles"] == ["intern", "esim"]


def test_an_agent_that_is_erased_while_a_case_is_written_does_not_come_back(
    worker: Worker, index_settings: IndexSettings
) -> None:
    pseudonyms = kept_agent_keys(index_settings.agent_keys).pseudonyms(AGENT)
    assert kept(index_settings, "cases", "c1")["agent"] in pseudonyms
    looked: list[Record | None] = []

    def holds(record: Record | None) -> bool:
        if not looked:
            erase_agent(index_settings)
        looked.append(record)
        return True

    case = Case(id="c1", subject="Rückruf", language="de")
    written = editing(index_settings).put("cases", case, PUBLIC, Condition(holds=holds))

    assert not written.created
    assert len(looked) == 2
    assert kept(index_settings, "cases", "c1") == {"id": "c1", "subject": "Rückruf", "language": "de"}


def test_a_record_that_others_keep_changing_is_told_to_be_busy(worker: Worker, index_settings: IndexSettings) -> None:
    other, changes = editing(index_settings), 0

    def holds(record: Record | None) -> bool:
        nonlocal changes
        changes += 1
        other.put("cases", Case(id="c1", subject=f"Fassung {changes}"), PUBLIC, Condition())
        return True

    with pytest.raises(Unavailable, match="keep changing"):
        editing(index_settings).put("cases", Case(id="c1", subject="Rückruf"), PUBLIC, Condition(holds=holds))

    assert changes == TRIES
    assert kept(index_settings, "cases", "c1")["subject"] == f"Fassung {TRIES}"
