"""A backup is whole and taken while others write; the drill of restoring it brings nothing back that was erased."""

from __future__ import annotations

import json
import shutil
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assist.opening import current_suggester
from assist.settings import Settings
from corpus.feedback import FeedbackRow
from corpus.feedback_store import FeedbackStore
from corpus.integrity import check_integrity
from corpus.ledger import read_ledger
from corpus.store import Store
from corpus.traces import find_traces
from index.backup import DATABASE, MANIFEST, read_backup, write_backup
from index.backup_errors import BackupError
from index.builder import build
from index.encoders import open_encoder
from index.guards import RefusedError
from index.own_encoder import encoder_in_use, encoders_folder, use_own_encoder
from index.progress import SilentReporter
from index.restoring import restore
from index.settings import IndexSettings
from tests.commands import run_here
from tests.conftest import write_folder
from tests.integration import erasing_world as world
from tests.integration.erasing_world import CANARIES, CUSTOMER, MINE

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
SECRET = "ab" * 32 + "\n"
PUBLIC = frozenset({"public"})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    settings = IndexSettings(var=root / "var", encoder="toy")
    folder = write_folder(root / "corpus", world.corpus_rows())
    build(settings, open_encoder("toy", settings.models), folder, SilentReporter())
    (settings.var / "secret.key").write_text(SECRET, encoding="ascii")
    (settings.var / "secret.key").chmod(0o600)
    return settings.var


@pytest.fixture
def settings(built: Path, index_settings: IndexSettings) -> IndexSettings:
    """A state of its own for one test."""
    shutil.copytree(built, index_settings.var)
    return index_settings


@pytest.fixture
def saved(settings: IndexSettings, tmp_path: Path) -> Path:
    write_backup(settings, tmp_path / "backup", NOW)
    return tmp_path / "backup"


def lose(settings: IndexSettings) -> IndexSettings:
    """Lose everything."""
    shutil.rmtree(settings.var)
    return settings


def rebuild(settings: IndexSettings) -> None:
    build(settings, open_encoder("toy", settings.models), None, SilentReporter())


def found(settings: IndexSettings, case: str) -> bool:
    return current_suggester(Settings(index=settings)).record("cases", case, PUBLIC) is not None


def contents(settings: IndexSettings) -> object:
    with Store.open(settings.database) as store:
        return store.fingerprint()


def test_after_a_loss_of_everything_the_backup_brings_back_what_there_was(settings, saved):
    before = contents(settings)
    done = restore(lose(settings), saved)
    rebuild(settings)

    assert (contents(settings), done.erased_again) == (before, 0)
    assert found(settings, MINE[0])
    assert (settings.var / "secret.key").read_text(encoding="ascii") == SECRET


def test_what_was_erased_after_the_backup_does_not_come_back_with_it(settings, saved):
    world.erase(settings, "customer", CUSTOMER)
    rebuild(settings)

    done = restore(settings, saved, force=True)
    rebuild(settings)

    assert done.erased_again == 1
    assert not any(found(settings, case) for case in MINE)
    assert list(find_traces(settings.var, [text for text in CANARIES if text.startswith("zqx")])) == []


def test_an_erasure_is_remembered_by_the_newest_copy_of_the_ledger_alone(settings, saved, tmp_path):
    world.erase(settings, "customer", CUSTOMER)
    ledger = shutil.copy2(settings.erasures, tmp_path / "ledger")
    lose(settings)
    settings.var.mkdir()
    shutil.copy2(ledger, settings.erasures)

    assert restore(settings, saved).erased_again == 1
    rebuild(settings)
    assert not found(settings, MINE[0])


def test_erasures_that_only_the_backup_knows_are_kept(settings, tmp_path):
    world.erase(settings, "case", MINE[0])
    write_backup(settings, tmp_path / "later", NOW)
    receipts = {entry.receipt for entry in read_ledger(settings.erasures).entries}

    restore(lose(settings), tmp_path / "later")

    assert {entry.receipt for entry in read_ledger(settings.erasures).entries} == receipts


def test_an_encoder_that_may_have_learned_from_the_erased_is_out_of_use_after_a_restore(settings, tmp_path):
    folder = encoders_folder(settings) / "own-1"
    folder.mkdir(parents=True)
    (folder / "weights").write_bytes(b"x")
    use_own_encoder(settings, "own-1")
    write_backup(settings, tmp_path / "backup", NOW)
    world.erase(settings, "customer", CUSTOMER)

    restore(settings, tmp_path / "backup", force=True)

    packaged = IndexSettings(var=settings.var, models=settings.models)
    assert encoder_in_use(packaged) is None


def test_a_store_that_is_there_is_replaced_only_by_force(settings, saved):
    before = contents(settings)
    with pytest.raises(RefusedError, match="is there already"):
        restore(settings, saved)
    assert contents(settings) == before


def test_what_is_newer_than_the_backup_stays(settings, saved):
    (settings.var / "secret.key").write_text("neuer", encoding="ascii")

    restore(settings, saved, force=True)

    assert (settings.var / "secret.key").read_text(encoding="ascii") == "neuer"


def test_the_journal_of_a_killed_writer_does_not_spoil_what_is_restored(settings, saved):
    settings.database_file.write_bytes(b"damaged")
    journal = settings.database_file.with_name(settings.database_file.name + "-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\0" * 504)

    restore(settings, saved, force=True)

    assert check_integrity(settings.database).faults == ()
    assert not journal.exists()


@pytest.mark.parametrize("harm", ["cut", "missing", "manifest", "escape"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_changes(settings, saved, harm):
    before = contents(settings)
    database, manifest = saved / DATABASE, saved / MANIFEST
    if harm == "cut":
        database.write_bytes(database.read_bytes()[:-1])
    elif harm == "missing":
        database.unlink()
    elif harm == "manifest":
        manifest.write_text("{}", encoding="utf-8")
    else:
        said = json.loads(manifest.read_text(encoding="utf-8"))
        said["files"]["../evil"] = "0" * 64
        manifest.write_text(json.dumps(said), encoding="utf-8")

    with pytest.raises(BackupError, match="expected"):
        restore(settings, saved, force=True)

    assert contents(settings) == before


def test_a_backup_is_for_its_owner_only_and_never_overwrites_another(settings, saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o700
    assert stat.S_IMODE((saved / "secret.key").stat().st_mode) == 0o600
    with pytest.raises(RefusedError, match="is there already"):
        write_backup(settings, saved, NOW)


def test_a_backup_taken_while_feedback_comes_in_holds_each_event_wholly(settings, tmp_path):
    done = threading.Event()
    kept: list[str] = []

    def write() -> None:
        with FeedbackStore.open(settings.database) as store:
            while not done.is_set():
                key = f"e-{len(kept)}"
                store.keep([event(key)])
                kept.append(key)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            known = len(kept)
            while len(kept) == known:
                pass
            before = list(kept)
            write_backup(settings, tmp_path / f"backup-{number}", NOW)
            copy = f"sqlite:///{tmp_path / f'backup-{number}' / DATABASE}"
            assert check_integrity(copy).faults == ()
            with FeedbackStore.open(copy) as store:
                assert store.keep([event(key) for key in before]).accepted == 0
    finally:
        done.set()
        writer.join()


def event(key: str) -> FeedbackRow:
    return FeedbackRow(
        key=key, body_hash=key, at=NOW, event="opened", kind="articles", item_id="kuendigung", snapshot="s", rank=1,
        score=1.0, confidence=0.5,
    )  # fmt: skip


def test_the_commands_do_the_same_and_say_what_is_next(settings, tmp_path):
    folder = str(tmp_path / "by-command")
    made = run_here(settings.var, "index", "backup", "--to", folder)
    again = run_here(settings.var, "index", "backup", "--to", folder)
    refused = run_here(settings.var, "index", "restore", "--from", folder)
    restored = run_here(settings.var, "index", "restore", "--from", folder, "--force")

    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(f"backup {folder}: ")
    assert read_backup(Path(folder)).has_store
    assert (again.returncode, refused.returncode, restored.returncode) == (3, 3, 0)
    assert "python -m index build" in restored.stdout
