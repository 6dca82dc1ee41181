"""API keys in the store: shown once, kept as a hash, revoked for good."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus.api_keys import KeyText, new_key_text, parse_key, proves
from corpus.key_store import KeyStore, KeyWish, StoredKeys, UnknownKeyError
from corpus.store_errors import StoreBusyError, StoreError

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
WISH = KeyWish(
    name="CRM",
    scopes=frozenset({"suggest", "feedback"}),
    audiences=frozenset({"public", "level2"}),
    origins=frozenset({"https://crm.example"}),
    expires_at=NOW + timedelta(days=30),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stichwort.db"


def issue(path: Path, wish: KeyWish = WISH) -> tuple[str, KeyText]:
    with KeyStore.open(path, clock=lambda: NOW) as store:
        key, text = store.issue(wish)
    return key.id, text


def test_a_key_comes_back_as_it_was_issued(path: Path) -> None:
    with KeyStore.open(path, clock=lambda: NOW) as store:
        issued, text = store.issue(WISH)
        assert store.all_keys() == (issued,)
    assert (issued.id, issued.name, issued.created_at, issued.revoked_at) == (text.id, "CRM", NOW, None)
    assert (issued.scopes, issued.audiences, issued.origins) == (WISH.scopes, WISH.audiences, WISH.origins)
    assert issued.expires_at == WISH.expires_at


def test_the_store_keeps_the_hash_and_nowhere_the_secret(path: Path) -> None:
    _, text = issue(path)
    raw = path.read_bytes()
    assert hashlib.sha256(text.secret).digest() in raw
    assert text.secret not in raw
    assert text.secret.hex().encode() not in raw


def test_a_key_reads_as_documented_and_no_two_are_alike() -> None:
    texts = [new_key_text() for _ in range(50)]
    assert all(parse_key(str(text)) == text and len(text.secret) == 32 for text in texts)
    assert len({text.id for text in texts}) == len({text.secret for text in texts}) == 50


def test_neither_key_nor_hash_is_shown_when_a_program_prints_its_objects(path: Path) -> None:
    with KeyStore.open(path) as store:
        key, text = store.issue(WISH)
    assert text.secret.hex() not in repr(text)
    assert "secret" not in repr(key)


@pytest.mark.parametrize("change", [str.upper, lambda key: key + "0", lambda key: key[:-1], lambda key: " " + key])
def test_what_only_resembles_a_key_is_none(change) -> None:
    assert parse_key(change(str(new_key_text()))) is None


@pytest.mark.parametrize("text", ["", "sw_", "ä" * 80, "sw_" + "0" * 12 + "_" + "٠" * 64])
def test_other_text_is_no_key(text: str) -> None:
    assert parse_key(text) is None


def test_only_its_own_secret_proves_a_key(path: Path) -> None:
    with KeyStore.open(path) as store:
        key, text = store.issue(WISH)
    assert proves(text, key)
    assert not proves(KeyText(key.id, new_key_text().secret), key)
    assert not proves(text, None)


def test_a_key_is_active_until_it_expires_or_is_revoked(path: Path) -> None:
    with KeyStore.open(path, clock=lambda: NOW) as store:
        key, _ = store.issue(WISH)
        assert [key.state(NOW), key.state(NOW + timedelta(days=30))] == ["active", "expired"]
        revoked = store.revoke(key.id)
    assert (revoked.state(NOW), revoked.revoked_at) == ("revoked", NOW)


def test_revoking_twice_keeps_the_first_time(path: Path) -> None:
    key_id, _ = issue(path)
    with KeyStore.open(path, clock=lambda: NOW + timedelta(hours=1)) as store:
        first = store.revoke(key_id).revoked_at
    with KeyStore.open(path, clock=lambda: NOW + timedelta(hours=2)) as store:
        assert store.revoke(key_id).revoked_at == first
        assert [key.revoked_at for key in store.all_keys()] == [first]


def test_revoking_an_unknown_key_says_where_the_ids_are(path: Path) -> None:
    with KeyStore.open(path) as store, pytest.raises(UnknownKeyError, match=r"'abc'.*keys list"):
        store.revoke("abc")


def test_keys_are_listed_oldest_first(path: Path) -> None:
    times = iter([NOW + timedelta(seconds=2), NOW, NOW + timedelta(seconds=1)])
    with KeyStore.open(path, clock=lambda: next(times)) as store:
        ids = [store.issue(WISH)[0].id for _ in range(3)]
        assert [key.id for key in store.all_keys()] == [ids[1], ids[2], ids[0]]


def test_a_store_of_the_schema_before_keys_has_none_and_takes_one(path: Path) -> None:
    issue(path)
    with sqlite3.connect(path) as connection:
        for later in ("api_keys", "audit", "feedback_events", "receipts"):
            connection.execute(f"DROP TABLE {later}")
        connection.execute("UPDATE corpus_schema SET version_num = '0001'")
    connection.close()
    with KeyStore.open(path, create=False) as store:
        assert store.all_keys() == ()
        store.issue(WISH)
        assert len(store.all_keys()) == 1


def test_a_reader_sees_keys_come_and_go(path: Path) -> None:
    stored = StoredKeys(f"sqlite:///{path}")
    assert stored() is None
    assert not path.exists()
    key_id, _ = issue(path)
    found = stored()
    assert found is not None
    assert [key.id for key in found] == [key_id]
    with KeyStore.open(path, clock=lambda: NOW) as store:
        store.revoke(key_id)
    found = stored()
    assert found is not None
    assert found[0].revoked_at == NOW
    stored.close()


def test_a_reader_follows_when_a_backup_replaces_the_store(path: Path, tmp_path: Path) -> None:
    issue(path)
    backup = tmp_path / "backup.db"
    restored, _ = issue(backup)
    stored = StoredKeys(f"sqlite:///{path}")
    stored()
    os.replace(backup, path)  # noqa: PTH105 - as an operator does it
    found = stored()
    assert found is not None
    assert [key.id for key in found] == [restored]
    path.unlink()
    assert stored() is None
    assert not path.exists()


def test_a_locked_store_is_named_as_such(path: Path) -> None:
    issue(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreBusyError), KeyStore.open(path, busy_timeout_s=0.05) as store:
            store.all_keys()
    finally:
        holder.close()


def test_a_file_that_is_no_store_is_named_as_such(path: Path) -> None:
    path.write_text("no database" * 100, encoding="ascii")
    with pytest.raises(StoreError, match="is not an SQLite database"):
        StoredKeys(f"sqlite:///{path}")()
