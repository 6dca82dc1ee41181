"""Keys from the command line to the answer: created, used, revoked; and no open door where others can reach it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from assist.__main__ import main
from assist.app import create_app
from assist.bootstrap import build_runtime
from assist.commands.serve import check_binding, gunicorn_command
from assist.keyring import KeyRing
from assist.live import LiveEngine
from assist.settings import Settings
from assist.signing import load_secret
from assist.stored_keys import open_keys
from corpus.api_keys import Scope, parse_key
from corpus.key_store import KeyWish
from index.builder import build
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings, SettingsError
from tests.conftest import small_corpus
from tests.lookouts import looked_after

PATIENCE_S = 60.0
BILL = {"case": {"description": "Kulanz bei doppelter Rechnung", "language": "de"}, "min_confidence": 0, "limit": 20}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ended]


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def run(var: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``python -m assist`` in this process: starting a new one for each line would take minutes."""

    def run_here(*arguments: str, **variables: str) -> Ended:
        for name, value in {"ASSIST_ENCODER": "toy", "ASSIST_VAR": str(var), **variables}.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return run_here


@pytest.fixture
def keys(run: Run) -> Run:
    return lambda *arguments: run("keys", *arguments)


def test_a_key_is_shown_once_on_stdout_and_listed_without_its_secret(var: Path, keys: Run) -> None:
    made = keys("create", "--name", "CRM", "--origins", "https://CRM.example", "--days", "30")
    assert made.returncode == 0, made.stderr
    text = parse_key(made.stdout.strip())
    assert text is not None
    assert text.secret.hex() not in made.stderr
    listed = keys("list")
    assert all(told in listed.stdout for told in (text.id, "CRM", "active", "feedback,suggest", "https://crm.example"))
    assert text.secret.hex() not in listed.stdout
    raw = b"".join(path.read_bytes() for path in var.rglob("*") if path.is_file())
    assert text.secret.hex().encode() not in raw
    assert text.secret not in raw


def test_a_program_reads_the_same_as_json(var: Path, keys: Run) -> None:
    made = json.loads(keys("create", "--json", "--name", "Nacht", "--scopes", "manage").stdout)
    (listed,) = json.loads(keys("list", "--json").stdout)
    assert {name: value for name, value in made.items() if name != "key"} == listed
    assert (listed["scopes"], listed["audiences"], listed["expires_at"]) == (["manage"], ["public"], None)
    revoked = json.loads(keys("revoke", "--json", listed["id"]).stdout)
    assert (revoked["state"], revoked["id"]) == ("revoked", listed["id"])


def test_listing_where_there_is_no_store_says_so_and_makes_none(var: Path, keys: Run) -> None:
    listed = keys("list")
    assert (listed.returncode, listed.stdout) == (0, "")
    assert "No keys are set up" in listed.stderr
    assert json.loads(keys("list", "--json").stdout) == []
    assert not var.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["create"], "--name"),
        (["create", "--name", " "], "--name"),
        (["create", "--name", "a", "--scopes", "suggest,admin"], "found admin, expected some of suggest"),
        (["create", "--name", "a", "--audiences", ","], "--audiences"),
        (["create", "--name", "a", "--origins", "*"], "wildcards are not possible"),
        (["create", "--name", "a", "--days", "0"], "--days"),
        (["create", "--name", "a", "--expires-at", "2020-01-01T00:00:00Z"], "expected a time to come"),
        (["create", "--name", "a", "--expires-at", "morgen"], "RFC 3339"),
        (["create", "--name", "a", "--days", "1", "--expires-at", "2099-01-01T00:00:00Z"], "not allowed with"),
        (["revoke", "abc"], "12 characters"),
        (["destroy"], "invalid choice"),
    ],
)
def test_wrong_usage_is_named_and_exits_with_2(var: Path, keys: Run, arguments: list[str], told: str) -> None:
    refused = keys(*arguments)
    assert refused.returncode == 2
    assert told in refused.stderr
    assert not var.exists()


def test_revoking_an_unknown_key_exits_with_1(var: Path, keys: Run) -> None:
    assert keys("revoke", "0a1b2c3d4e5f").returncode == 1
    keys("create", "--name", "a")
    refused = keys("revoke", "0a1b2c3d4e5f")
    assert refused.returncode == 1
    assert "keys list" in refused.stderr


def test_a_whole_key_given_for_its_id_is_revoked_and_never_repeated(var: Path, keys: Run) -> None:
    key = keys("create", "--name", "a").stdout.strip()
    revoked = keys("revoke", key)
    assert revoked.returncode == 0
    assert "revoked" in revoked.stdout
    mistyped = keys("revoke", key + "0")
    assert mistyped.returncode == 2
    assert key[16:] not in revoked.stdout + revoked.stderr + mistyped.stdout + mistyped.stderr


@pytest.mark.parametrize("used_up", [None, "revoked", "expired"])
def test_serving_to_others_is_refused_without_an_active_key(index_settings: IndexSettings, used_up: str | None) -> None:
    settings = Settings(index=index_settings, host="0.0.0.0")
    if used_up:
        ended = datetime(2026, 1, 1, tzinfo=UTC) if used_up == "expired" else None
        with open_keys(settings, create=True, busy_timeout_s=5) as store:
            wish = KeyWish(name="a", scopes=frozenset({"suggest"}), audiences=frozenset({"public"}), expires_at=ended)
            key, _ = store.issue(wish)
            if used_up == "revoked":
                store.revoke(key.id)
    with pytest.raises(SettingsError, match=r"ASSIST_HOST: found '0\.0\.0\.0'.*keys create.*ASSIST_HOST=127\.0\.0\.1"):
        check_binding(settings)
    check_binding(Settings(index=index_settings, host="::1"))


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_the_refusal_exits_with_2_before_any_work(var: Path, run: Run, command: str) -> None:
    refused = run(command, ASSIST_HOST="0.0.0.0")
    assert refused.returncode == 2
    assert "no active API key" in refused.stderr
    assert not var.exists()


def test_with_an_active_key_any_address_will_do(index_settings: IndexSettings) -> None:
    settings = Settings(index=index_settings, host="0.0.0.0")
    _issue(settings)
    check_binding(settings)


def test_a_store_that_cannot_be_read_is_no_reason_to_open_to_others(index_settings: IndexSettings, run: Run) -> None:
    index_settings.var.mkdir()
    index_settings.database_file.write_text("no database" * 100, encoding="ascii")
    refused = run("serve", ASSIST_HOST="0.0.0.0")
    assert refused.returncode == 1
    assert "is not an SQLite database" in refused.stderr


def test_ipv6_addresses_are_bound_as_such(index_settings: IndexSettings) -> None:
    command = gunicorn_command(Settings(index=index_settings, host="::1", port=8081))
    assert command[command.index("--bind") + 1] == "[::1]:8081"


def _issue(settings: Settings, *, audiences: tuple[str, ...] = ("public",), scope: Scope = "suggest") -> str:
    with open_keys(settings, create=True, busy_timeout_s=5) as store:
        wish = KeyWish(name="test", scopes=frozenset({scope}), audiences=frozenset(audiences))
        return str(store.issue(wish)[1])


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveEngine:
    """Index and open the small corpus once; each test brings a store of its own for its keys."""
    folder = tmp_path_factory.mktemp("corpus")
    for kind, rows in small_corpus().items():
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{kind}.jsonl").write_text(lines, encoding="utf-8")
    settings = IndexSettings(var=tmp_path_factory.mktemp("var"), encoder="toy")
    build(settings, open_encoder("toy", settings.models), folder, SilentReporter())
    live = build_runtime(Settings(index=settings)).live
    live.refresh()
    return live


Serve = Callable[[Settings], tuple[KeyRing, FlaskClient]]


@pytest.fixture
def serve(live: LiveEngine) -> Serve:
    """Return what one worker would serve with some settings, over the engine that is open already."""

    def application(settings: Settings) -> tuple[KeyRing, FlaskClient]:
        runtime = build_runtime(settings)
        runtime.keys.refresh()
        return runtime.keys, create_app(replace(runtime.services, engines=live)).test_client()

    return application


def _suggested(client: FlaskClient, key: str) -> list[str]:
    answer = client.post("/v1/suggest", json=BILL, headers={"Authorization": f"Bearer {key}"}).get_json()
    return [item["id"] for item in answer["articles"]]


def test_a_key_with_another_audience_sees_other_suggestions(index_settings: IndexSettings, serve: Serve) -> None:
    settings = Settings(index=index_settings)
    keyring, client = serve(settings)
    public, internal = _issue(settings), _issue(settings, audiences=("public", "second_level"))
    keyring.refresh()
    assert "intern" in _suggested(client, internal)
    assert "intern" not in _suggested(client, public)
    assert "rechnung-doppelt" in _suggested(client, public)


def test_a_record_for_others_is_not_told_from_an_unknown_one(index_settings: IndexSettings, serve: Serve) -> None:
    settings = Settings(index=index_settings)
    keyring, client = serve(settings)
    public, internal = _issue(settings), _issue(settings, audiences=("second_level",))
    keyring.refresh()

    def told(record_id: str, key: str) -> tuple[int, str, dict[str, str]]:
        headers = {"Authorization": f"Bearer {key}", "X-Request-Id": "r"}
        reply = client.get(f"/v1/articles/{record_id}", headers=headers)
        body = re.sub(record_id, "ID", reply.get_data(as_text=True))
        return reply.status_code, body, dict(reply.headers)

    assert told("intern", internal)[0] == 200
    assert told("intern", public) == told("extern", public)
    assert told("intern", public)[0] == 404


def test_without_keys_the_audiences_are_those_of_the_settings(index_settings: IndexSettings, serve: Serve) -> None:
    _, client = serve(Settings(index=index_settings, audiences=frozenset({"public", "second_level"})))
    answer = client.post("/v1/suggest", json=BILL).get_json()
    assert "intern" in [item["id"] for item in answer["articles"]]


def _soon(condition: Callable[[], bool]) -> bool:
    # How soon is the poll interval, which has a test of its own; a busy machine must not fail this one.
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_creating_and_revoking_reach_a_running_service_by_themselves(
    index_settings: IndexSettings, serve: Serve, keys: Run
) -> None:
    settings = Settings(index=index_settings)
    keyring, client = serve(settings)

    def status(headers: dict[str, str]) -> int:
        return client.post("/v1/suggest", json=BILL, headers=headers).status_code

    assert status({}) == 200
    with looked_after(keyring.refresh):
        key = _issue(settings)
        headers = {"Authorization": f"Bearer {key}"}
        assert _soon(lambda: status({}) == 401)
        assert status(headers) == 200
        assert keys("revoke", key).returncode == 0
        assert _soon(lambda: status(headers) == 401)
        assert status({}) == 401


def test_tokens_have_a_secret_of_their_own_made_at_first_use(index_settings: IndexSettings, serve: Serve) -> None:
    settings = Settings(index=index_settings)
    keyring, client = serve(settings)
    var = settings.index.var
    load_secret(var)
    with open_keys(settings, create=True, busy_timeout_s=5) as store:
        wish = KeyWish(
            name="page",
            scopes=frozenset({"suggest"}),
            audiences=frozenset({"public"}),
            origins=frozenset({"https://crm.example"}),
        )
        key = str(store.issue(wish)[1])
    keyring.refresh()
    assert not (var / "token.key").exists()
    body = {"origin": "https://crm.example"}
    token = client.post("/v1/tokens", json=body, headers={"Authorization": f"Bearer {key}"}).get_json()["token"]
    page = {"Authorization": f"Bearer {token}", "Origin": "https://crm.example"}
    assert client.post("/v1/suggest", json=BILL, headers=page).status_code == 200
    assert (var / "token.key").read_text(encoding="ascii") != (var / "secret.key").read_text(encoding="ascii")
    # Another worker of the same deployment accepts it.
    _, other = serve(settings)
    assert other.post("/v1/suggest", json=BILL, headers=page).status_code == 200


def test_describing_the_api_writes_nothing(var: Path, run: Run) -> None:
    described = run("openapi")
    assert described.returncode == 0, described.stderr
    assert "securitySchemes" in described.stdout
    assert not var.exists()
