"""A record that is changed over REST is served by every worker, whatever snapshot it has, also after a restart."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from assist.app import create_app
from assist.bootstrap import Runtime, build_runtime
from assist.callers import LocalCallers
from assist.following import AWAY
from assist.models import SuggestRequest
from assist.opening import current_suggester
from assist.settings import Settings
from assist.suggest import Suggester
from corpus.models import Case
from corpus.store import Store
from index.builder import build
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.snapshot import rollback
from tests.conftest import Build, WriteCorpus, edition, small_corpus
from tests.counting_encoder import CountingEncoder
from tests.integration.test_locked_store import locked
from tests.lookouts import looked_after

SOON = 5.0
MOVING = {"title": "Umzug mit dem Anschluss", "body": "Melden Sie den Umzug vier Wochen vorher.", "language": "de"}
ASKED = Case(id="", description="Ich ziehe um und will meinen Anschluss zum Umzug mitnehmen", language="de")
DOUBLE = Case(id="", description="Die Rechnung wurde doppelt abgebucht, bitte Geld zurück", language="de")


class Worker:
    """One worker process, as far as it matters here: services of its own over the same directory."""

    def __init__(self, settings: IndexSettings, *, audiences: frozenset[str] = frozenset({"public"})) -> None:
        self.runtime: Runtime = build_runtime(Settings(index=settings))
        self.runtime.live.refresh()
        services = replace(self.runtime.services, callers=LocalCallers(audiences))
        self.client: FlaskClient = create_app(services).test_client()

    @property
    def engine(self) -> Suggester:
        engine = self.runtime.live.engine()
        assert engine is not None
        return engine

    def catch_up(self) -> None:
        self.runtime.live.catch_up()

    def suggested(self, case: Case, kind: str = "articles") -> list[str]:
        answer = self.engine.suggest(SuggestRequest(case=case, min_confidence=0.0))
        return [each.id for each in getattr(answer, kind) or ()]

    def found(self, query: str, kind: str = "articles") -> list[str]:
        reply = self.client.post("/v1/search", json={"query": query, "kinds": [kind], "limit": 100})
        return [hit["id"] for hit in reply.get_json()["results"][kind]]


@pytest.fixture
def first(build_index: Build, write_corpus: WriteCorpus) -> str:
    return build_index(write_corpus(small_corpus())).snapshot.snapshot_id


@pytest.fixture
def worker(first: str, index_settings: IndexSettings) -> Worker:
    return Worker(index_settings)


@pytest.fixture
def other(first: str, index_settings: IndexSettings) -> Worker:
    return Worker(index_settings)


def test_a_new_article_is_read_found_and_suggested_by_every_worker(worker: Worker, other: Worker) -> None:
    reply = worker.client.put("/v1/articles/umzug", json=MOVING)
    assert (reply.status_code, reply.get_json()["id"]) == (201, "umzug")

    for each in (worker, other):
        assert each.client.get("/v1/articles/umzug").status_code == 404
        each.catch_up()
        read = each.client.get("/v1/articles/umzug")
        assert read.get_json() == reply.get_json()
        assert read.headers["ETag"] == reply.headers["ETag"]
        assert each.found("Umzug") == ["umzug"]
        assert each.suggested(ASKED)[0] == "umzug"


def test_suggestions_out_of_a_delta_name_the_snapshot_below_it(worker: Worker, first: str) -> None:
    worker.client.put("/v1/articles/umzug", json=MOVING)
    worker.catch_up()
    assert worker.engine.suggest(SuggestRequest(case=ASKED)).snapshot == first


def test_a_running_service_serves_a_change_within_five_seconds(first: str, index_settings: IndexSettings) -> None:
    worker = Worker(index_settings)
    with looked_after(worker.runtime.live.look):
        worker.client.put("/v1/articles/umzug", json=MOVING)
        wait(lambda: worker.client.get("/v1/articles/umzug").status_code == 200)
        worker.client.delete("/v1/articles/umzug")
        wait(lambda: worker.client.get("/v1/articles/umzug").status_code == 404)


def wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline, "the change is not served in time"
        time.sleep(0.05)


def test_a_changed_article_keeps_its_history_and_is_found_by_its_new_words_only(worker: Worker) -> None:
    before = worker.client.get("/v1/articles/rechnung-doppelt").get_json()
    answer = worker.client.put(
        "/v1/articles/rechnung-doppelt", json={**before, "title": "Lastschrift", "body": "Erstattung nach Prüfung."}
    )
    assert answer.status_code == 200
    worker.catch_up()

    assert "rechnung-doppelt" in worker.found("Lastschrift")
    (item,) = [
        each
        for each in worker.engine.suggest(SuggestRequest(case=DOUBLE, min_confidence=0.0)).articles or ()
        if each.id == "rechnung-doppelt"
    ]
    reasons = {reason.kind: reason for reason in item.reasons}
    assert "history" in reasons
    assert item.article.title == "Lastschrift"
    assert "terms" not in reasons or "Rechnung" not in reasons["terms"].text


def test_an_article_that_replaces_another_inherits_what_cases_say_of_it(worker: Worker) -> None:
    worker.client.delete("/v1/articles/rechnung-doppelt")
    worker.client.put("/v1/articles/erstattung", json={**MOVING, "replaces": ["rechnung-doppelt"]})
    worker.catch_up()
    answer = worker.engine.suggest(SuggestRequest(case=DOUBLE, min_confidence=0.0))
    (item,) = [each for each in answer.articles or () if each.id == "erstattung"]
    assert "history" in {reason.kind for reason in item.reasons}
    named = {use.id for case in answer.similar_cases or () for use in case.case.articles}
    assert "erstattung" in named
    assert "rechnung-doppelt" not in named


def test_an_action_that_replaces_another_follows_what_followed_it(
    index_settings: IndexSettings, write_corpus: WriteCorpus, build_index: Build
) -> None:
    rows = small_corpus()
    for case in rows["cases"]:
        case["actions"] = ["messen", "gutschreiben"]
    build_index(write_corpus(rows))
    worker = Worker(index_settings)
    worker.client.put("/v1/actions/pruefen", json={"name": "Leitung prüfen", "replaces": ["messen"]})
    worker.catch_up()
    asked = SuggestRequest(case=DOUBLE, actions_done=("pruefen",), min_confidence=0.0)
    answer = worker.engine.suggest(asked).actions or ()
    reasons = {each.id: {reason.kind for reason in each.reasons} for each in answer}
    assert "previous_action" in reasons["gutschreiben"]


def closed_case(**fields: Any) -> dict[str, Any]:
    return {
        "description": "Beim Umzug will ich meinen Anschluss mitnehmen",
        "language": "de",
        "opened_at": "2026-03-20T08:00:00Z",
        "closed_at": "2026-03-20T09:00:00Z",
        "outcome": {"solved": True},
        "articles": ["esim"],
        "resolution": "Umzug eingetragen",
        **fields,
    }


def history_says(worker: Worker, article: str) -> bool:
    answer = worker.engine.suggest(SuggestRequest(case=ASKED, min_confidence=0.0)).articles or ()
    return any(each.id == article and "history" in {reason.kind for reason in each.reasons} for each in answer)


def test_a_case_becomes_history_when_it_is_closed(worker: Worker) -> None:
    open_case = {key: value for key, value in closed_case().items() if key not in ("closed_at", "outcome")}
    assert worker.client.put("/v1/cases/u1", json=open_case).status_code == 201
    worker.catch_up()
    assert worker.client.get("/v1/cases/u1").status_code == 200
    assert "u1" not in worker.suggested(ASKED, "similar_cases")
    assert not history_says(worker, "esim")

    assert worker.client.put("/v1/cases/u1", json=closed_case()).status_code == 200
    worker.catch_up()
    assert worker.suggested(ASKED, "similar_cases")[0] == "u1"
    assert history_says(worker, "esim")


def test_a_case_that_was_closed_without_a_solution_is_no_history(worker: Worker) -> None:
    worker.client.put("/v1/cases/u1", json=closed_case(outcome={"solved": False}))
    worker.catch_up()
    assert "u1" not in worker.suggested(ASKED, "similar_cases")
    assert not history_says(worker, "esim")


def test_a_changed_case_is_found_as_it_is_now_only(worker: Worker) -> None:
    worker.client.put("/v1/cases/c1", json=closed_case())
    worker.catch_up()
    assert worker.suggested(ASKED, "similar_cases")[0] == "c1"
    assert worker.suggested(DOUBLE, "similar_cases")[0] == "c2"
    assert "c1" not in worker.found("Rechnung zweimal abgezogen", "cases")


def test_personal_data_in_a_case_that_is_written_live_is_masked_and_its_agent_told_to_nobody(
    worker: Worker, index_settings: IndexSettings
) -> None:
    told = closed_case(description="Umzug, bitte Rückruf unter 030 23125377", agent="schmidt")
    reply = worker.client.put("/v1/cases/u1", json=told)
    worker.catch_up()
    read = worker.client.get("/v1/cases/u1")
    assert (read.get_json(), read.headers["ETag"]) == (reply.get_json(), reply.headers["ETag"])
    assert "23125377" not in read.get_data(as_text=True)
    with Store.open(index_settings.database) as store:
        kept = store.get("cases", "u1")
    assert kept is not None
    assert "schmidt" not in kept.payload
    assert '"agent":"2026Q1-' in kept.payload


def test_a_removed_record_is_gone_everywhere_and_can_be_written_again(worker: Worker) -> None:
    assert worker.client.delete("/v1/articles/rechnung-doppelt").status_code == 204
    assert worker.client.delete("/v1/articles/rechnung-doppelt").status_code == 404
    worker.catch_up()
    assert worker.client.get("/v1/articles/rechnung-doppelt").status_code == 404
    assert "rechnung-doppelt" not in worker.found("Rechnung doppelt abgebucht")
    assert "rechnung-doppelt" not in worker.suggested(DOUBLE)
    assert worker.client.put("/v1/articles/rechnung-doppelt", json=MOVING).status_code == 201
    worker.catch_up()
    assert worker.suggested(ASKED)[0] == "rechnung-doppelt"


@pytest.mark.parametrize("reason", ["erased", "withdrawn"])
def test_what_is_erased_or_withdrawn_is_hidden_while_the_service_runs(
    worker: Worker, other: Worker, index_settings: IndexSettings, reason: Any
) -> None:
    worker.client.put("/v1/articles/erstattung", json={**MOVING, "replaces": ["rechnung-doppelt"]})
    worker.client.put("/v1/cases/u1", json=closed_case())
    worker.catch_up()
    with Store.open(index_settings.database) as store:
        for kind, key in (
            ("articles", "rechnung-doppelt"),
            ("articles", "erstattung"),
            ("cases", "c2"),
            ("cases", "u1"),
        ):
            store.bury(kind, key, reason)  # type: ignore[arg-type]
    for each in (worker, other):
        each.catch_up()
        for path in ("articles/rechnung-doppelt", "articles/erstattung", "cases/c2", "cases/u1"):
            assert each.client.get(f"/v1/{path}").status_code == 404
        assert not {"rechnung-doppelt", "erstattung"} & {*each.suggested(DOUBLE), *each.found("Rechnung Umzug")}
        assert not {"c2", "u1"} & {*each.suggested(DOUBLE, "similar_cases"), *each.found("doppelt Umzug", "cases")}
        assert not history_says(each, "esim")
    assert worker.client.put("/v1/articles/erstattung", json=MOVING).status_code == 409


def test_a_restart_and_an_older_snapshot_replay_what_was_changed_since(
    worker: Worker, index_settings: IndexSettings, write_corpus: WriteCorpus, build_index: Build, first: str
) -> None:
    worker.client.put("/v1/articles/umzug", json=MOVING)
    worker.client.delete("/v1/templates/t-stoerung")
    second = build_index(write_corpus(edition(1))).snapshot.snapshot_id
    assert second != first
    worker.client.put("/v1/articles/kuendigung", json={**MOVING, "title": "Kündigung oder Umzug"})

    for snapshot in (second, first):
        restarted = Worker(index_settings)
        assert restarted.engine.snapshot_id == snapshot
        assert current_suggester(Settings(index=index_settings)).snapshot_id == snapshot
        for engine in (restarted.engine, current_suggester(Settings(index=index_settings))):
            public = frozenset({"public"})
            assert engine.record("articles", "umzug", public) is not None
            assert engine.record("templates", "t-stoerung", public) is None
            changed = engine.record("articles", "kuendigung", public)
            assert getattr(changed, "title", None) == "Kündigung oder Umzug"
        if snapshot == second:
            assert rollback(index_settings.var) == first


def test_the_next_snapshot_takes_everything_in_and_leaves_no_delta(
    worker: Worker, index_settings: IndexSettings, write_corpus: WriteCorpus, build_index: Build
) -> None:
    worker.client.put("/v1/articles/umzug", json=MOVING)
    worker.client.put("/v1/cases/u1", json=closed_case(agent="schmidt"))
    worker.client.put("/v1/cases/c1", json=closed_case(description="Telefon: 030 23125377"))
    worker.client.delete("/v1/templates/t-stoerung")
    worker.catch_up()
    assert followed(worker) == 4
    build_index(write_corpus(small_corpus()))
    worker.runtime.live.refresh()
    assert followed(worker) == 0
    assert worker.suggested(ASKED)[0] == "umzug"
    assert worker.suggested(ASKED, "similar_cases")[0] == "u1"


def followed(worker: Worker) -> int:
    snapshot = worker.runtime.live._followed
    assert snapshot is not None
    return len(snapshot._delta)


def test_an_import_reaches_serving_through_its_snapshot_only(
    worker: Worker, index_settings: IndexSettings, write_corpus: WriteCorpus
) -> None:
    before = worker.engine
    with Store.open(index_settings.database) as store:
        store.import_records({}, source="nothing", mode="full")
    worker.catch_up()
    assert worker.engine is before


def test_a_change_encodes_what_is_new_and_nothing_else(
    index_settings: IndexSettings, write_corpus: WriteCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = CountingEncoder()
    build(index_settings, encoder, write_corpus(small_corpus()), SilentReporter())
    monkeypatch.setattr("assist.engine_opener.encoder_for", lambda *_: encoder)
    worker, texts = Worker(index_settings), len(encoder.seen)
    worker.client.put("/v1/articles/umzug", json=MOVING)
    worker.catch_up()
    # its one passage says the same as the whole; nothing that was there before is encoded again
    assert len(encoder.seen) == texts + 1
    worker.client.put("/v1/actions/neu", json={"name": "Umzug eintragen"})
    worker.catch_up()
    assert len(encoder.seen) == texts + 2


def test_a_delta_that_has_grown_large_is_served_and_told_with_the_remedy(
    first: str, index_settings: IndexSettings
) -> None:
    live = build_runtime(Settings(index=index_settings, delta_limit=1)).live
    live.refresh()
    with Store.open(index_settings.database) as store:
        store.remove("articles", "esim")
        live.catch_up()
        assert live.state().status == "ok"
        store.remove("articles", "kuendigung")
    live.catch_up()
    assert live.state().status == "degraded"
    assert "make reindex" in live.state().reasons[0]
    engine = live.engine()
    assert engine is not None
    assert engine.record("articles", "kuendigung", frozenset({"public"})) is None


def test_a_store_that_is_away_stops_no_suggestion_and_is_told_after_a_while(
    worker: Worker, index_settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(index_settings.database_file):
        worker.catch_up()
        assert worker.runtime.live.state().status == "ok"
        monkeypatch.setattr("assist.following.AWAY_SECONDS", 0.0)
        worker.catch_up()
        assert worker.runtime.live.state().reasons == (AWAY,)
        assert worker.suggested(DOUBLE)
    worker.catch_up()
    assert worker.runtime.live.state().status == "ok"


def test_a_store_that_was_taken_away_shows_nothing_again_that_it_had_hidden(
    worker: Worker, index_settings: IndexSettings
) -> None:
    with Store.open(index_settings.database) as store:
        store.bury("articles", "esim", "erased")
    worker.catch_up()
    index_settings.database_file.rename(index_settings.database_file.with_suffix(".away"))
    worker.catch_up()
    assert worker.client.get("/v1/articles/esim").status_code == 404


def test_a_store_that_is_locked_refuses_an_edit_and_nothing_is_written(
    worker: Worker, index_settings: IndexSettings
) -> None:
    with locked(index_settings.database_file):
        refused = worker.client.put("/v1/articles/umzug", json=MOVING)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert worker.client.delete("/v1/articles/esim").status_code == 503
    with Store.open(index_settings.database) as store:
        assert store.get("articles", "umzug") is None
        assert store.get("articles", "esim") is not None
        assert [entry.action for entry in store.audit()] == ["import", "activate"]
    assert worker.client.put("/v1/articles/umzug", json=MOVING).status_code == 201


def test_where_there_is_no_store_nothing_can_be_edited_and_none_is_made(
    worker: Worker, index_settings: IndexSettings
) -> None:
    index_settings.database_file.unlink()
    refused = worker.client.put("/v1/articles/umzug", json=MOVING)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert not index_settings.database_file.exists()


def test_of_fifty_edits_of_what_all_have_read_exactly_one_wins(worker: Worker, index_settings: IndexSettings) -> None:
    tag = worker.client.get("/v1/articles/esim").headers["ETag"]
    application = worker.client.application

    def edit(number: int) -> int:
        body = {**MOVING, "title": f"eSIM {number}"}
        reply = application.test_client().put("/v1/articles/esim", json=body, headers={"If-Match": tag})
        return reply.status_code

    with ThreadPoolExecutor(50) as pool:
        assert sorted(pool.map(edit, range(50))) == [200] + [412] * 49
    with Store.open(index_settings.database) as store:
        assert [entry.action for entry in store.audit(key=("articles", "esim"))] == ["put"]


def test_of_many_that_create_the_same_record_at_once_exactly_one_wins(
    worker: Worker, other: Worker, index_settings: IndexSettings
) -> None:
    def create(number: int) -> int:
        application = (worker, other)[number % 2].client.application
        headers = {"If-None-Match": "*"}
        body = {**MOVING, "title": f"Umzug {number}"}
        return application.test_client().put("/v1/articles/umzug", json=body, headers=headers).status_code

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(create, range(10))) == [201] + [412] * 9


def test_every_change_is_told_with_who_made_it_and_what_it_was_before(
    worker: Worker, index_settings: IndexSettings
) -> None:
    worker.client.put("/v1/articles/umzug", json=MOVING)
    worker.client.put("/v1/articles/umzug", json={**MOVING, "title": "Umziehen"})
    worker.client.delete("/v1/articles/umzug")
    with Store.open(index_settings.database) as store:
        entries = store.audit(key=("articles", "umzug"))
    assert [(entry.action, entry.by) for entry in entries] == [("put", "local"), ("put", "local"), ("remove", "local")]
    assert [entry.before for entry in entries] == [None, entries[0].after, entries[1].after]


def test_what_an_editor_may_not_see_is_neither_removed_nor_overwritten(
    worker: Worker, index_settings: IndexSettings
) -> None:
    assert worker.client.delete("/v1/articles/intern").status_code == 404
    refused = worker.client.put("/v1/articles/intern", json=MOVING)
    with Store.open(index_settings.database) as store:
        store.bury("articles", "esim", "withdrawn")
    buried = worker.client.put("/v1/articles/esim", json=MOVING)
    assert refused.status_code == buried.status_code == 409
    assert refused.get_json()["detail"] == buried.get_json()["detail"]
    allowed = Worker(index_settings, audiences=frozenset({"public", "second_level"}))
    assert allowed.client.put("/v1/articles/intern", json=MOVING).status_code == 200


def test_a_build_with_a_delta_open_changes_nothing_for_requests_in_flight(
    worker: Worker, index_settings: IndexSettings, tmp_path: Path
) -> None:
    worker.client.put("/v1/articles/umzug", json=MOVING)
    worker.catch_up()
    in_flight = worker.engine
    build(index_settings, open_encoder("toy", index_settings.models), None, SilentReporter())
    worker.client.delete("/v1/articles/umzug")
    worker.runtime.live.refresh()
    assert worker.client.get("/v1/articles/umzug").status_code == 404
    assert in_flight.record("articles", "umzug", frozenset({"public"})) is not None
