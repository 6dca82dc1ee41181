"""Reindexing and choosing a snapshot over REST: a process of its own does the work, any worker tells how it goes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from assist.app import create_app
from assist.releases import LocalReleases
from assist.services import Readiness
from corpus.store import Store
from index.job_running import run_as_job, without_texts
from index.jobs import LOST, JobFolder
from index.locks import WriterLock
from index.settings import IndexSettings
from index.snapshot import current
from tests.api.conftest import FakeEngine, FakeSource
from tests.conftest import Build, WriteCorpus, edition, small_corpus
from tests.local_services import local_services


@pytest.fixture
def corpus(write_corpus: WriteCorpus) -> Path:
    return write_corpus(small_corpus())


@pytest.fixture
def client(index_settings: IndexSettings, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    return client_of(index_settings, corpus)


def client_of(settings: IndexSettings, corpus: Path | None) -> FlaskClient:
    source = FakeSource(FakeEngine(), Readiness(status="ok"))
    return create_app(local_services(source, releases=LocalReleases(settings, corpus))).test_client()


def job_of(client: FlaskClient, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/jobs/{job_id}").get_json()
    return found


def finished(client: FlaskClient, job_id: str, seconds: float = 120.0) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = job_of(client, job_id)
        if job["status"] in ("done", "failed"):
            return job
        time.sleep(0.1)
    pytest.fail(f"still {job} after {seconds} s")


def test_a_reindex_is_a_job_that_ends_with_a_snapshot_that_serves(
    client: FlaskClient, index_settings: IndexSettings, corpus: Path
) -> None:
    begun = client.post("/v1/reindex")
    assert begun.status_code == 202
    job_id = begun.get_json()["job_id"]
    while_it_runs = client.post("/v1/reindex")
    job = finished(client, job_id)
    another_worker = job_of(client_of(index_settings, corpus), job_id)

    assert (while_it_runs.status_code, while_it_runs.content_type) == (409, "application/problem+json")
    assert "wait until its job is done" in while_it_runs.get_json()["detail"]
    assert (job["status"], job["exit_code"]) == ("done", 0)
    assert job["queued_at"] <= job["started_at"] <= job["finished_at"]
    assert any(line.startswith("import 1: 18 new") for line in job["messages"])
    assert f"snapshot {current(index_settings.var)} serves" in job["messages"][-1]
    assert {**another_worker, "request_id": ""} == {**job, "request_id": ""}
    with Store.open(index_settings.database) as store:
        assert {entry.by for entry in store.audit()} == {"program on this machine"}


def test_a_job_that_fails_says_where_without_quoting_a_record(client: FlaskClient, corpus: Path) -> None:
    with (corpus / "cases.jsonl").open("a", encoding="utf-8") as lines:
        lines.write('{"id": "c99", "description": "x", "priority": 7, "Frau Müller": "0171 2345678"}\n')
    job = finished(client, client.post("/v1/reindex").get_json()["job_id"])
    assert (job["status"], job["exit_code"]) == ("failed", 1)
    told = "\n".join(job["messages"])
    assert "cases.jsonl:7 /priority" in told
    assert "make check-corpus" in told
    assert "2345678" not in told


def test_a_guard_ends_a_job_with_its_exit_code(
    client: FlaskClient, build_index: Build, write_corpus: WriteCorpus
) -> None:
    rows = small_corpus()
    rows["cases"] += [{**rows["cases"][0], "id": f"mehr-{each}"} for each in range(10)]
    build_index(write_corpus(rows))
    write_corpus(small_corpus())
    job = finished(client, client.post("/v1/reindex").get_json()["job_id"])
    assert (job["status"], job["exit_code"]) == ("failed", 3)
    assert "would remove 10 of 16 cases" in job["messages"][-1]


def test_without_a_folder_in_the_settings_there_is_nothing_to_reindex(index_settings: IndexSettings) -> None:
    reply = client_of(index_settings, None).post("/v1/reindex")
    assert (reply.status_code, reply.content_type) == (409, "application/problem+json")
    assert "ASSIST_CORPUS" in reply.get_json()["detail"]
    assert not index_settings.var.exists()


def test_the_caller_never_names_the_folder(client: FlaskClient, index_settings: IndexSettings) -> None:
    reply = client.post("/v1/reindex", json={"corpus": "/etc"})
    assert reply.status_code == 422
    assert reply.get_json()["errors"][0]["pointer"] == "/corpus"
    assert client.post("/v1/reindex", data="x", content_type="text/plain").status_code == 415
    assert not index_settings.var.exists()


def test_a_job_whose_process_was_killed_failed_and_the_next_may_begin(index_settings: IndexSettings) -> None:
    folder = JobFolder(index_settings.var)
    with folder.slot() as (job, _):
        folder.write(replace(job, status="running"))
        mine = folder.read(job.id)
        assert mine is not None
        assert mine.status == "running"
    lost = folder.read(job.id)
    assert lost is not None
    assert (lost.status, lost.exit_code, lost.messages) == ("failed", None, (LOST,))
    with folder.slot() as (following, _):
        assert following.id != job.id
        lost = folder.read(job.id)
        assert lost is not None
        assert lost.status == "failed"


def test_only_the_last_fifty_jobs_are_kept(index_settings: IndexSettings) -> None:
    folder = JobFolder(index_settings.var)
    ids = []
    for _ in range(53):
        with folder.slot() as (job, _):
            ids.append(job.id)
    assert [folder.read(each) is None for each in ids] == [True] * 3 + [False] * 50


def test_an_unexpected_fault_ends_a_job_and_is_told_by_its_place_only(
    index_settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.nice", lambda increment: increment)
    folder = JobFolder(index_settings.var)

    def work(tell: Callable[[str], None]) -> int:
        tell("begonnen")
        raise ValueError("Frau Müller, 0171 2345678")

    with folder.slot() as (job, _):
        assert run_as_job(folder, job.id, work) == 1
        told = folder.read(job.id)
    assert told is not None
    assert (told.status, told.exit_code, told.messages[0]) == ("failed", 1, "begonnen")
    assert "ValueError at" in told.messages[1]
    assert "Müller" not in told.messages[1]
    assert without_texts(OSError("Platte voll")) == "Platte voll"


@pytest.mark.parametrize("job_id", ["0123456789abcdef", "..", "x", "lock"])
def test_an_unknown_job_is_a_404(client: FlaskClient, job_id: str) -> None:
    reply = client.get(f"/v1/jobs/{job_id}")
    assert (reply.status_code, reply.content_type) == (404, "application/problem+json")


@pytest.fixture
def two(build_index: Build, write_corpus: WriteCorpus) -> list[str]:
    return [build_index(write_corpus(rows)).snapshot.snapshot_id for rows in (small_corpus(), edition(1))]


def test_snapshots_are_listed_and_one_is_let_serve(
    client: FlaskClient, index_settings: IndexSettings, two: list[str]
) -> None:
    first, second = two
    listed = client.get("/v1/snapshots").get_json()["snapshots"]
    assert [(each["id"], each["current"]) for each in listed] == [(second, True), (first, False)]
    assert listed[0]["counts"]["articles"] == 5

    reply = client.post(f"/v1/snapshots/{first}/activate")

    assert (reply.status_code, reply.get_json()["id"], reply.get_json()["current"]) == (200, first, True)
    assert current(index_settings.var) == first
    assert client.post(f"/v1/snapshots/{first}/activate").status_code == 200
    with Store.open(index_settings.database) as store:
        told = [(entry.action, entry.by, entry.detail) for entry in store.audit() if entry.action == "activate"]
    assert told[-1] == ("activate", "program on this machine", {"snapshot": first})
    assert len(told) == 3


def test_an_unknown_snapshot_is_a_404_and_a_damaged_one_a_409(
    client: FlaskClient, index_settings: IndexSettings, two: list[str]
) -> None:
    first, second = two
    file = index_settings.var / "snapshots" / first / "articles.jsonl"
    file.write_bytes(file.read_bytes()[:-3])
    assert client.post(f"/v1/snapshots/{'0' * 16}/activate").status_code == 404
    assert client.post("/v1/snapshots/CURRENT/activate").status_code == 404
    damaged = client.post(f"/v1/snapshots/{first}/activate")
    assert (damaged.status_code, damaged.content_type) == (409, "application/problem+json")
    assert "articles.jsonl" in damaged.get_json()["detail"]
    assert str(index_settings.var) not in json.dumps(damaged.get_json())
    assert current(index_settings.var) == second


def test_while_somebody_else_writes_nothing_is_activated(
    client: FlaskClient, index_settings: IndexSettings, two: list[str]
) -> None:
    with WriterLock(index_settings.var):
        reply = client.post(f"/v1/snapshots/{two[0]}/activate")
    assert reply.status_code == 409
    assert current(index_settings.var) == two[1]


def test_answers_fit_the_document(client: FlaskClient, two: list[str]) -> None:
    from tests.api.conftest import _misfits

    document = client.get("/openapi.json").get_json()

    def misfits(value: Any, name: str) -> list[str]:
        return _misfits(value, {"$ref": f"#/components/schemas/{name}"}, document, name)

    begun = client.post("/v1/reindex", json={}).get_json()
    assert misfits(begun, "ReindexAnswer") == []
    assert misfits(job_of(client, begun["job_id"]), "JobAnswer") == []
    assert misfits(finished(client, begun["job_id"]), "JobAnswer") == []
    assert misfits(client.get("/v1/snapshots").get_json(), "SnapshotsAnswer") == []
    assert misfits(client.post(f"/v1/snapshots/{two[0]}/activate").get_json(), "ActivateAnswer") == []


def test_all_of_it_needs_the_managing_scope(keyed_by_scope: Callable[[str], FlaskClient]) -> None:
    asked = (("POST", "/v1/reindex"), ("GET", "/v1/jobs/x"), ("GET", "/v1/snapshots"))
    for method, path in (*asked, ("POST", "/v1/snapshots/x/activate")):
        assert keyed_by_scope("suggest").open(path, method=method).status_code == 403
        assert keyed_by_scope("manage").open(path, method=method).status_code in (200, 404, 409)


@pytest.fixture
def keyed_by_scope(index_settings: IndexSettings) -> Callable[[str], FlaskClient]:
    from tests.api.doors import Door

    door = Door()
    source = FakeSource(FakeEngine())
    services = local_services(
        source,
        callers=door.callers,
        tokens=door.tokens,
        origins=door.origins,
        releases=LocalReleases(index_settings, None),
    )

    def client_with(scope: str) -> FlaskClient:
        client = create_app(services).test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = door.headers(scope)["Authorization"]
        return client

    return client_with
