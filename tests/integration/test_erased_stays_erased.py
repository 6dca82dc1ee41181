"""R21: what was erased never returns, whatever snapshot, backup or folder it is in; and an erasure survives a crash."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assist.bootstrap import build_runtime
from assist.opening import current_suggester
from assist.settings import Settings
from corpus.erasure_store import ErasureStore
from corpus.ledger import read_ledger
from corpus.store import Store
from corpus.traces import find_traces
from index.activation import current
from index.builder import build
from index.encoders import open_encoder
from index.failpoints import VARIABLE
from index.locks import WriterLock
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.snapshot import activate, rollback
from index.snapshot_verify import snapshot_ids
from index.undoing import undo
from tests.commands import run_here, run_process
from tests.conftest import Build, write_folder
from tests.integration import erasing_world as world
from tests.integration.erasing_world import CUSTOMER, MINE

PUBLIC = frozenset({"public"})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    settings = IndexSettings(var=root / "var", encoder="toy")
    for edition in ("erste", "zweite"):
        folder = write_folder(root / "corpus", world.corpus_rows(marked=edition))
        build(settings, open_encoder("toy", settings.models), folder, SilentReporter())
    return root


@pytest.fixture
def indexed(built: Path, index_settings: IndexSettings) -> Path:
    """A state indexed twice, copied for one test; returns the corpus folder that was indexed last."""
    shutil.copytree(built / "var", index_settings.var)
    return built / "corpus"


@pytest.fixture
def backup(indexed: Path, index_settings: IndexSettings, tmp_path: Path) -> Path:
    """A copy of the database from before anything was erased."""
    return Path(shutil.copy2(index_settings.database_file, tmp_path / "backup.db"))


def rebuild(settings: IndexSettings) -> None:
    build(settings, open_encoder("toy", settings.models), None, SilentReporter())


def mine_shown(settings: IndexSettings) -> list[str]:
    suggester = current_suggester(Settings(index=settings))
    return [case for case in MINE if suggester.record("cases", case, PUBLIC) is not None]


def mine_live(settings: IndexSettings) -> list[str]:
    with Store.open(settings.database) as store:
        return [case for case in MINE if case in store.live_state().hashes["cases"]]


def is_complete(settings: IndexSettings, receipt_id: str) -> bool:
    with ErasureStore.open(settings.database) as store:
        receipt = store.receipt(receipt_id)
        return receipt is not None and receipt.completed_at is not None


def test_going_back_to_an_older_snapshot_does_not_bring_it_back(indexed: Path, index_settings: IndexSettings) -> None:
    assert mine_shown(index_settings) == list(MINE)
    world.erase(index_settings, "customer", CUSTOMER)

    rollback(index_settings.var)

    assert mine_shown(index_settings) == []


def test_a_snapshot_put_back_by_hand_does_not_bring_it_back_and_goes_with_the_next_erasure(
    indexed: Path, index_settings: IndexSettings, tmp_path: Path
) -> None:
    old = str(current(index_settings.var))
    shutil.copytree(index_settings.var / "snapshots" / old, tmp_path / old)
    world.erase(index_settings, "customer", CUSTOMER)
    rebuild(index_settings)
    shutil.copytree(tmp_path / old, index_settings.var / "snapshots" / old)
    activate(index_settings.var, old)

    assert mine_shown(index_settings) == []
    world.erase(index_settings, "case", "c1")
    rebuild(index_settings)
    assert old not in snapshot_ids(index_settings.var)


def test_importing_the_same_folder_again_does_not_bring_it_back_and_is_counted(
    indexed: Path, index_settings: IndexSettings, build_index: Build
) -> None:
    world.erase(index_settings, "customer", CUSTOMER)

    report = build_index(indexed)

    assert report.imported is not None
    assert report.imported.diff.refused["cases"] == MINE
    assert mine_live(index_settings) == []
    assert find_traces(index_settings.var, [CUSTOMER, "zqxbetreff"]) == ()


def test_undoing_the_import_before_does_not_bring_it_back(indexed: Path, index_settings: IndexSettings) -> None:
    world.erase(index_settings, "customer", CUSTOMER)
    with Store.open(index_settings.database) as store:
        store.undo_import(2)
    rebuild(index_settings)

    assert mine_live(index_settings) == []


def test_undoing_an_import_over_a_restored_database_does_not_bring_it_back(
    backup: Path, index_settings: IndexSettings, var: Path
) -> None:
    world.erase(index_settings, "customer", CUSTOMER)
    rebuild(index_settings)
    shutil.copy2(backup, index_settings.database_file)
    assert mine_live(index_settings) == list(MINE)

    undone = undo(index_settings, open_encoder("toy", index_settings.models), 2, SilentReporter())

    assert undone.entry.undone_at is not None
    assert mine_live(index_settings) == []
    assert undone.snapshot.counts["cases"] == len(world.corpus_rows()["cases"]) - len(MINE)
    assert find_traces(var, [CUSTOMER, "zqxbetreff", "zqxbeschreibung"]) == ()


def test_restoring_an_older_database_does_not_bring_it_back_when_it_is_indexed(
    backup: Path, index_settings: IndexSettings, var: Path
) -> None:
    receipt = world.erase(index_settings, "customer", CUSTOMER)
    rebuild(index_settings)
    shutil.copy2(backup, index_settings.database_file)
    assert mine_live(index_settings) == list(MINE)

    rebuild(index_settings)

    assert mine_live(index_settings) == []
    assert find_traces(var, [CUSTOMER, "zqxbetreff", "zqxbeschreibung"]) == ()
    assert is_complete(index_settings, receipt.id)


def test_a_service_that_starts_over_a_restored_database_erases_before_it_shows_anything(
    backup: Path, index_settings: IndexSettings
) -> None:
    world.erase(index_settings, "customer", CUSTOMER)
    shutil.copy2(backup, index_settings.database_file)

    live = build_runtime(Settings(index=index_settings)).live
    live.refresh()

    engine = live.engine()
    assert engine is not None
    assert [engine.record("cases", case, PUBLIC) for case in MINE] == [None, None]
    assert engine.record("cases", "c1", PUBLIC) is not None
    assert mine_live(index_settings) == []


def test_a_folder_imported_into_a_restored_database_does_not_bring_it_back(
    backup: Path, index_settings: IndexSettings, build_index: Build, indexed: Path
) -> None:
    world.erase(index_settings, "customer", CUSTOMER)
    shutil.copy2(backup, index_settings.database_file)

    build_index(indexed)

    assert mine_live(index_settings) == []


def test_an_agent_stays_erased_in_a_restored_database(
    backup: Path, index_settings: IndexSettings, build_index: Build, indexed: Path
) -> None:
    world.erase(index_settings, "agent", world.AGENT)
    shutil.copy2(backup, index_settings.database_file)
    rebuild(index_settings)
    build_index(indexed)

    with Store.open(index_settings.database) as store:
        assert all('"agent"' not in payload for _, _, payload in store.live_records("cases"))


def test_without_any_store_the_ledger_alone_hides_it(indexed: Path, index_settings: IndexSettings) -> None:
    world.erase(index_settings, "customer", CUSTOMER)
    index_settings.database_file.unlink()

    assert mine_shown(index_settings) == []


def test_a_lost_ledger_is_written_again_from_the_store(indexed: Path, index_settings: IndexSettings) -> None:
    world.erase(index_settings, "customer", CUSTOMER)
    before = read_ledger(index_settings.erasures)
    index_settings.erasures.unlink()

    rebuild(index_settings)

    assert read_ledger(index_settings.erasures) == before


def test_a_process_killed_after_the_ledger_was_written_has_erased_all_the_same(
    backup: Path, index_settings: IndexSettings, var: Path
) -> None:
    # The ledger is written before the transaction ends: a kill between the two leaves the database as it was.
    receipt = world.erase(index_settings, "customer", CUSTOMER)
    shutil.copy2(backup, index_settings.database_file)

    again = world.erase(index_settings, "customer", CUSTOMER)

    assert again.id == receipt.id
    assert mine_live(index_settings) == []


def test_half_a_line_in_the_ledger_hides_no_other_erasure(indexed: Path, index_settings: IndexSettings) -> None:
    world.erase(index_settings, "case", MINE[0])
    with index_settings.erasures.open("ab") as file:
        file.write(b'{"receipt": "abc", "cases": ["c1"')
    world.erase(index_settings, "case", MINE[1])

    assert read_ledger(index_settings.erasures).keys == {("cases", case) for case in MINE}


def test_the_ledger_names_neither_customer_nor_agent_and_is_the_owners_alone(
    indexed: Path, index_settings: IndexSettings
) -> None:
    world.erase(index_settings, "customer", CUSTOMER)
    world.erase(index_settings, "agent", world.AGENT)
    text = index_settings.erasures.read_text(encoding="utf-8")

    assert [json.loads(line)["cases"] for line in text.splitlines()] == [list(MINE), []]
    assert CUSTOMER not in text
    assert "Zqx" not in text
    assert index_settings.erasures.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "point",
    [
        "current.before_replace",
        *(pytest.param(each, marks=pytest.mark.slow) for each in ("build.after_embedding", "retention.before_delete")),
    ],
)
def test_an_erasure_killed_in_the_middle_goes_on_where_it_was(
    indexed: Path, index_settings: IndexSettings, var: Path, point: str
) -> None:
    killed = run_process(var, "assist", "erase", "--customer", CUSTOMER, **{VARIABLE: point})
    assert killed.returncode != 0
    assert CUSTOMER not in (var / "writer.json").read_text(encoding="utf-8")
    assert mine_shown(index_settings) == []
    listed = run_here(var, "assist", "erase", "--list", "--json")
    (told,) = [json.loads(line) for line in listed.stdout.splitlines()]
    assert told["completed_at"] is None
    assert told["left"] != []

    done = run_here(var, "assist", "erase", "--receipt", told["receipt"], "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["completed_at"] is not None
    assert find_traces(var, [CUSTOMER, "zqxbetreff", "zqxbeschreibung", "zqxloesung"]) == ()


def test_an_erasure_does_not_wait_for_a_build_and_says_who_holds_the_copies(
    indexed: Path, index_settings: IndexSettings, var: Path
) -> None:
    with WriterLock(var):
        refused = run_here(var, "assist", "erase", "--customer", CUSTOMER, "--json")

    assert refused.returncode == 3
    assert "another writer holds" in refused.stderr
    told = json.loads(refused.stdout)
    assert told["completed_at"] is None
    assert told["erased"]["cases"] == 2
    assert mine_shown(index_settings) == []


def test_the_command_erases_and_builds_and_a_look_over_all_files_finds_nothing(
    indexed: Path, index_settings: IndexSettings, var: Path
) -> None:
    done = run_here(var, "assist", "erase", "--customer", CUSTOMER, "--json")
    assert done.returncode == 0, done.stderr
    receipt = json.loads(done.stdout)["receipt"]

    looked = run_here(var, "assist", "erase", "--verify", receipt, "--text", CUSTOMER, "--text", "zqxnachricht")
    assert (looked.returncode, looked.stdout) == (0, "")
    assert "nothing is left" in looked.stderr

    (var / "notiz.txt").write_text("Kundin ZQXNACHRICHT", encoding="utf-8")
    looked = run_here(var, "assist", "erase", "--verify", receipt, "--text", "zqxnachricht")
    assert looked.returncode == 1
    assert "notiz.txt: holds 'zqxnachricht'" in looked.stdout


def test_the_copies_can_be_left_to_the_nightly_build(indexed: Path, index_settings: IndexSettings, var: Path) -> None:
    said = run_here(var, "assist", "erase", "--case", MINE[0], "--no-rebuild")
    assert said.returncode == 0, said.stderr
    assert "left: snapshot" in said.stdout
    assert "the last copy has to be gone by" in said.stdout

    rebuild(index_settings)

    listed = run_here(var, "assist", "erase", "--list")
    assert "complete; the last copy, in a backup, is gone by" in listed.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("--receipt", "gibtesnicht"), "found no receipt"), (("--case", " "), "--case: found nothing")],
)
def test_what_cannot_be_erased_is_told(indexed: Path, var: Path, arguments: tuple[str, str], message: str) -> None:
    said = run_here(var, "assist", "erase", *arguments)

    assert said.returncode == 2
    assert message in said.stderr


@pytest.fixture
def var(index_settings: IndexSettings) -> Path:
    return index_settings.var
