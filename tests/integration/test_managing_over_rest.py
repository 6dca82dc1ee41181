"""A manager's round over REST: send, check, import, compare, go back, undo, report; each long step a job."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from assist.app import create_app
from assist.local_uploads import LocalUploads
from assist.managing import LocalManagement
from assist.releases import LocalReleases
from assist.services import Readiness
from corpus.store import Store
from index.job_faults import faults_of
from index.job_running import TellingReporter, run_as_job
from index.jobs import JobFolder, JobProgress
from index.settings import IndexSettings
from tests.api.conftest import FakeEngine, FakeSource, _misfits
from tests.conftest import Build, WriteCorpus, edition, small_corpus
from tests.integration.test_reindex_over_rest import finished
from tests.local_services import local_services

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def zip_of(rows: Rows) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for kind, each in rows.items():
            archive.writestr(f"korpus/{kind}.jsonl", "".join(json.dumps(row) + "\n" for row in each))
    return out.getvalue()


@pytest.fixture
def client(index_settings: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    services = local_services(
        FakeSource(FakeEngine(), Readiness(status="ok")),
        releases=LocalReleases(index_settings, None),
        management=LocalManagement(index_settings),
        uploads=LocalUploads(index_settings.var, most_bytes=200_000),
    )
    return create_app(services).test_client()


def send(client: FlaskClient, rows: Rows) -> str:
    reply = client.post("/v1/uploads", data=zip_of(rows), content_type="application/zip")
    assert reply.status_code == 201, reply.get_json()
    found: str = reply.get_json()["id"]
    return found


def done(client: FlaskClient, path: str, body: Any = None) -> dict[str, Any]:
    reply = client.post(path, json=body) if body is not None else client.post(path)
    assert reply.status_code == 202, reply.get_json()
    return finished(client, reply.get_json()["job_id"])


def misfits(client: FlaskClient, value: Any, name: str) -> list[str]:
    document = client.get("/openapi.json").get_json()
    return _misfits(value, {"$ref": f"#/components/schemas/{name}"}, document, name)


def test_the_whole_round(client: FlaskClient, index_settings: IndexSettings, tmp_path: Path) -> None:
    first = send(client, small_corpus())
    checked = done(client, f"/v1/uploads/{first}/check")
    assert (checked["kind"], checked["status"], checked["exit_code"]) == ("check", "done", 0)
    assert checked["result"]["diff"]["articles"]["new"] == 5
    assert "kuendigung" in checked["result"]["ids"]["articles"]["new"]
    assert not index_settings.database_file.exists()

    assert done(client, "/v1/reindex", {"upload": first})["result"]["import"] == 1
    second = send(client, edition(3))
    again = done(client, f"/v1/uploads/{second}/check", {"mode": "upsert"})
    assert again["result"]["ids"]["actions"]["removed"] == []
    assert again["result"]["effect"]["cases"] == 6
    built = done(client, "/v1/reindex", {"upload": second, "mode": "full"})
    assert built["result"]["imported"]["actions"]["removed"] == 1
    assert misfits(client, built, "JobAnswer") == []

    imports = client.get("/v1/imports").get_json()
    assert [(each["id"], each["source"]) for each in imports["imports"]] == [
        (2, f"upload {second}"),
        (1, f"upload {first}"),
    ]
    assert str(tmp_path) not in json.dumps(imports)
    assert misfits(client, imports, "ImportsAnswer") == []

    newest, oldest = (each["id"] for each in client.get("/v1/snapshots").get_json()["snapshots"])
    compared = client.get(f"/v1/snapshots/{newest}/diff?to={oldest}").get_json()
    assert compared["changes"]["actions"]["new"] == ["nur-geschaeft"]
    assert (compared["before"], compared["after"]) == (newest, oldest)
    assert misfits(client, compared, "SnapshotChangesAnswer") == []
    same = client.get(f"/v1/snapshots/{newest}/diff").get_json()
    assert (same["after"], same["total"]) == (newest, 0)

    would = client.get("/v1/imports/2/undo").get_json()
    assert would["counts"]["actions"] == {"new": 1, "changed": 0, "removed": 0}
    assert would["changes"]["cases"]["removed"] == ["neu-3"]
    assert misfits(client, would, "ChangesAnswer") == []
    with Store.open(index_settings.database) as store:
        assert [entry.undone_at for entry in store.imports()] == [None, None]
        audited = len(store.audit())
    undone = done(client, "/v1/imports/2/undo")
    assert undone["kind"] == "undo"
    assert undone["result"]["changes"]["actions"] == would["changes"]["actions"]
    with Store.open(index_settings.database) as store:
        assert len(store.audit()) == audited + 2
        assert {entry.by for entry in store.audit()} == {"program on this machine"}
    taken_back = client.get("/v1/imports/2/undo")
    assert taken_back.status_code == 409
    assert "nothing is left to undo" in taken_back.get_json()["detail"]


def test_a_corpus_with_faults_is_told_by_file_line_and_pointer_without_the_words_of_a_case(client: FlaskClient) -> None:
    rows = small_corpus()
    rows["articles"].append({"id": "x", "title": "T", "body": "b", "language": "de", "status": "offen"})
    rows["cases"].append({"id": "c9", "description": "x", "priority": "Frau Müller\n"})
    job = done(client, f"/v1/uploads/{send(client, rows)}/check", {})
    assert (job["status"], job["exit_code"]) == ("failed", 1)
    article, case = job["result"]["faults"]
    assert (article["file"], article["line"], article["pointer"]) == ("articles.jsonl", 6, "/status")
    assert 'found "offen", expected one of' in article["detail"]
    assert (case["file"], case["line"], case["pointer"]) == ("cases.jsonl", 7, "/priority")
    assert case["detail"].startswith("expected ")
    assert "Müller" not in json.dumps(job, ensure_ascii=False)


def test_the_shrink_guard_tells_in_the_job_and_force_passes_it_over_which_the_audit_tells(
    client: FlaskClient, index_settings: IndexSettings, build_index: Build, write_corpus: WriteCorpus
) -> None:
    rows = small_corpus()
    rows["cases"] += [{**rows["cases"][0], "id": f"mehr-{each}"} for each in range(10)]
    build_index(write_corpus(rows))
    upload = send(client, small_corpus())
    refused = done(client, "/v1/reindex", {"upload": upload})
    assert (refused["status"], refused["exit_code"]) == ("failed", 3)
    assert "would remove 10 of 16 cases" in refused["messages"][-1]
    assert done(client, "/v1/reindex", {"upload": upload, "force": True})["exit_code"] == 0
    with Store.open(index_settings.database) as store:
        by, detail = next((entry.by, entry.detail) for entry in store.audit()[::-1] if entry.action == "import")
    assert detail is not None
    assert (by, detail["force"], detail["passed_over"]) == ("program on this machine", True, ["shrink_guard"])


def test_an_unknown_upload_is_named_and_nothing_starts(client: FlaskClient, index_settings: IndexSettings) -> None:
    for name in ("0123456789abcdef", "..", "jobs"):
        reply = client.post("/v1/reindex", json={"upload": name})
        assert (reply.status_code, reply.get_json()["errors"][0]["pointer"]) in ((422, "/upload"), (422, "/upload"))
        assert client.post(f"/v1/uploads/{name}x/check").status_code == 404
    assert not (index_settings.var / "jobs").exists()


def test_an_upload_is_listed_and_removed(client: FlaskClient) -> None:
    upload = send(client, small_corpus())
    listed = client.get("/v1/uploads").get_json()
    assert [each["id"] for each in listed["uploads"]] == [upload]
    assert {"name": "articles.jsonl", "bytes": listed["uploads"][0]["files"][1]["bytes"]} in listed["uploads"][0][
        "files"
    ]
    assert misfits(client, listed, "UploadsAnswer") == []
    assert client.delete(f"/v1/uploads/{upload}").status_code == 204
    assert client.delete(f"/v1/uploads/{upload}").status_code == 404


@pytest.mark.parametrize(
    ("body", "media_type", "query", "status", "told"),
    [
        (b"{}", "application/json", "", 415, "expected Content-Type: application/zip"),
        (b"{}\n", "application/x-ndjson", "", 422, "expected one of articles, templates"),
        (b"{}\n", "application/x-ndjson", "?kind=../x", 422, "expected one of articles, templates"),
        (b"PK", "application/zip", "", 422, "damaged zip archive"),
        (b"x" * 200_001, "application/x-ndjson", "?kind=articles", 413, "ASSIST_UPLOAD_MB"),
    ],
)
def test_what_is_no_upload_is_refused_with_what_to_do(
    client: FlaskClient, body: bytes, media_type: str, query: str, status: int, told: str
) -> None:
    reply = client.post(f"/v1/uploads{query}", data=body, content_type=media_type)
    assert (reply.status_code, reply.content_type) == (status, "application/problem+json")
    assert told in reply.get_data(as_text=True)
    assert client.get("/v1/uploads").get_json()["uploads"] == []


def test_an_upload_may_be_larger_than_any_other_body(client: FlaskClient, index_settings: IndexSettings) -> None:
    services = local_services(FakeSource(FakeEngine()), uploads=LocalUploads(index_settings.var, most_bytes=3_000_000))
    body = b'{"id": "x"}\n' * 200_000
    reply = (
        create_app(services)
        .test_client()
        .post("/v1/uploads?kind=articles", data=body, content_type="application/x-ndjson")
    )
    assert reply.get_json()["files"] == [{"name": "articles.jsonl", "bytes": len(body)}]


def test_a_corpus_report_is_a_job_and_its_files_can_be_read(
    client: FlaskClient, build_index: Build, write_corpus: WriteCorpus, index_settings: IndexSettings
) -> None:
    build_index(write_corpus(small_corpus()))
    job = done(client, "/v1/reports/corpus")
    assert (job["kind"], job["exit_code"]) == ("corpus-report", 0), job["messages"]
    (report,) = client.get("/v1/reports").get_json()["reports"]
    assert report["name"] == job["result"]["report"]
    assert [each["name"] for each in report["files"]] == ["corpus-report.html", "corpus-report.json"]

    page = client.get(f"/v1/reports/{report['name']}/corpus-report.html")
    assert page.content_type == "text/html; charset=utf-8"
    assert "sandbox" in page.headers["Content-Security-Policy"]
    data = client.get(f"/v1/reports/{report['name']}/corpus-report.json").get_json()
    assert {name: len(each["findings"]) for name, each in data["sections"].items()} == job["result"]["findings"]

    (index_settings.var / "reports" / report["name"] / "runs.trec").write_text("geheim", encoding="utf-8")
    (index_settings.var / "reports" / "link").symlink_to(index_settings.var)
    for path in ("runs.trec", "..", "%2e%2e%2fstichwort.db"):
        assert client.get(f"/v1/reports/{report['name']}/{path}").status_code == 404
    for name in ("..", ".", "link", "corpus"):
        assert client.get(f"/v1/reports/{name}/corpus-report.html").status_code in (404, 405)


def test_a_job_tells_the_stage_that_it_is_in_and_its_steps(
    index_settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.nice", lambda increment: increment)
    folder, seen = JobFolder(index_settings.var), []

    def work(log: Any) -> int:
        with TellingReporter(log).stage("encode articles") as update:
            seen.append(folder.read(log.job.id))
            update(7, 7)
            seen.append(folder.read(log.job.id))
        return 0

    with folder.slot("check") as (job, _):
        run_as_job(folder, job.id, work)
        ended = folder.read(job.id)
    told = [each.progress for each in seen if each is not None]
    assert told == [JobProgress(stage="encode articles"), JobProgress(stage="encode articles", done=7, total=7)]
    assert ended is not None
    assert (ended.kind, ended.progress, ended.messages) == ("check", None, ("encode articles: done in 0.0 s",))


def test_a_fault_of_a_case_is_told_without_what_was_found() -> None:
    from corpus.findings import CorpusErrors, CorpusProblem

    problems = [
        CorpusProblem("cases.jsonl", 3, "/priority", 'found "Frau Müller, expected niemand", expected a label'),
        CorpusProblem("cases.jsonl", 4, "/x", "unknown key: remove it or correct its spelling"),
        CorpusProblem("cases.jsonl", 5, "", 'found "Frau Müller", refused: so'),
    ]
    told = faults_of(CorpusErrors(problems, __import__("collections").Counter({"cases.jsonl": 5})))
    assert [each["detail"] for each in told["faults"]] == [
        "expected a label",
        "unknown key: remove it or correct its spelling",
        "cannot be used as it is",
    ]
    assert told["more"] == 2
