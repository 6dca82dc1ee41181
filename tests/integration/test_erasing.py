"""R20: what is erased is hidden at once, and after the next build no file holds a trace of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from assist.models import SUGGEST_KINDS, SuggestRequest
from assist.opening import current_suggester
from assist.settings import Settings
from corpus.erasure_store import ErasureStore
from corpus.models import Case
from corpus.privacy.agents import kept_agent_keys
from corpus.store import Store
from corpus.traces import find_traces
from index.activation import current
from index.builder import BuildReport, build
from index.embedding_cache import EmbeddingCache
from index.encoders import open_encoder
from index.erased_copies import needs_build, remove_copies
from index.locks import WriterLock
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.snapshot_verify import snapshot_ids
from tests.conftest import Build, WriteCorpus, write_folder
from tests.integration import erasing_world as world
from tests.integration.erasing_world import CANARIES, CUSTOMER, MINE

PUBLIC = frozenset({"public"})


@pytest.fixture
def var(index_settings: IndexSettings) -> Path:
    return index_settings.var


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state indexed three times over, so that older snapshots and versions hold the customer's cases too."""
    root = tmp_path_factory.mktemp("built")
    settings = IndexSettings(var=root / "var", encoder="toy")
    for edition in ("erste", "zweite", "dritte"):
        folder = write_folder(root / "corpus", world.corpus_rows(marked=edition))
        build(settings, open_encoder("toy", settings.models), folder, SilentReporter())
    return root


@pytest.fixture
def indexed(built: Path, var: Path) -> Path:
    """The state copied for one test; returns the corpus folder that was indexed last."""
    shutil.copytree(built / "var", var)
    return built / "corpus"


def rebuild(settings: IndexSettings) -> BuildReport:
    return build(settings, open_encoder("toy", settings.models), None, SilentReporter())


def shown_cases(settings: IndexSettings) -> set[str]:
    suggester = current_suggester(Settings(index=settings))
    case = Case(id="", description="Rechnung zqxbeschreibung doppelt abgebucht", language="de")
    request = SuggestRequest(case=case, min_confidence=0.0, limits=dict.fromkeys(SUGGEST_KINDS, 20))
    return {each.id for each in suggester.suggest(request).similar_cases or ()}


def names(var: Path, *texts: str) -> set[str]:
    return {trace.path.name for trace in find_traces(var, texts)}


def test_the_canaries_are_in_store_snapshots_and_word_lists_before(indexed: Path, var: Path) -> None:
    for canary in CANARIES[:4]:
        assert {"stichwort.db", "cases.jsonl"} <= names(var, canary)
    assert names(var, CUSTOMER) >= {"stichwort.db", "cases.jsonl"}
    assert any("lexic" in name or "word" in name or "term" in name for name in names(var, "zqxbeschreibung"))


def test_what_is_erased_is_hidden_before_anything_is_built(indexed: Path, index_settings: IndexSettings) -> None:
    assert set(MINE) & shown_cases(index_settings)

    world.erase(index_settings, "customer", CUSTOMER)

    assert not set(MINE) & shown_cases(index_settings)
    suggester = current_suggester(Settings(index=index_settings))
    assert [suggester.record("cases", case, PUBLIC) for case in MINE] == [None, None]
    assert suggester.record("cases", "c1", PUBLIC) is not None


def test_after_the_next_build_no_file_holds_a_trace_of_an_erased_customer(
    indexed: Path, index_settings: IndexSettings, var: Path
) -> None:
    world.add_feedback(index_settings, case_id=MINE[0])
    kept = world.quarantine(var)
    run, report = world.run_files(var)

    receipt = world.erase(index_settings, "customer", CUSTOMER)
    rebuild(index_settings)

    assert find_traces(var, CANARIES[:5]) == ()
    assert [world.bytes_with(var, canary) for canary in CANARIES[:5]] == [set()] * 5
    assert names(var, *MINE) == {"stichwort.db", "erasures.jsonl"}
    assert kept.read_text(encoding="utf-8") == '{"row": 2, "id": "anderer"}\n'
    assert run.read_text(encoding="utf-8") == "c1 Q0 kuendigung 1 1.5 bm25\n"
    assert not report.exists()
    with ErasureStore.open(index_settings.database) as store:
        done = store.receipt(receipt.id)
    assert done is not None
    assert done.completed_at is not None
    assert done.left == ()
    assert done.erased == {
        "cases": 2, "versions": 6, "contents": 6, "feedback events": 1, "lines": 2, "files": 1, "snapshots": 3,
        "vectors": done.erased["vectors"],
    }  # fmt: skip
    assert done.erased["vectors"] > 0


def test_nobody_else_loses_anything(indexed: Path, index_settings: IndexSettings, var: Path) -> None:
    with Store.open(index_settings.database) as store:
        before = dict(store.live_state().hashes["cases"])

    world.erase(index_settings, "customer", CUSTOMER)
    rebuild(index_settings)

    with Store.open(index_settings.database) as store:
        after = dict(store.live_state().hashes["cases"])
    assert after == {case: found for case, found in before.items() if case not in MINE}
    assert "c1" in shown_cases(index_settings)


def test_vectors_of_other_texts_stay_so_that_the_build_after_it_encodes_nothing(
    indexed: Path, index_settings: IndexSettings
) -> None:
    world.erase(index_settings, "case", MINE[0])
    rebuild(index_settings)
    with EmbeddingCache(index_settings.embedding_cache) as cache:
        left = cache.prune([])

    assert left > 10


def test_a_single_case_goes_and_the_customers_other_one_stays(indexed: Path, index_settings: IndexSettings) -> None:
    receipt = world.erase(index_settings, "case", MINE[0])
    rebuild(index_settings)

    assert receipt.what == f"case {MINE[0]}"
    assert MINE[1] in shown_cases(index_settings)
    assert names(index_settings.var, MINE[0]) == {"stichwort.db", "erasures.jsonl"}


def test_a_receipt_says_at_once_where_copies_are_left_and_when_the_last_one_goes(
    indexed: Path, index_settings: IndexSettings, var: Path
) -> None:
    receipt = world.erase(index_settings, "customer", CUSTOMER)

    assert receipt.completed_at is None
    assert [line.split(":")[0].split()[0] for line in receipt.left] == ["snapshot"] * 3 + ["vectors"]
    assert sum("which serves" in line for line in receipt.left) == 1
    assert receipt.last_copy_gone_by == index_settings.retention.copies_gone_by(receipt.at)
    assert CUSTOMER not in receipt.what
    assert needs_build(index_settings)


def test_an_agent_goes_out_of_all_versions_and_of_feedback_and_the_cases_stay(
    indexed: Path, index_settings: IndexSettings, var: Path
) -> None:
    (pseudonym,) = {
        each
        for each in kept_agent_keys(index_settings.agent_keys).pseudonyms(world.AGENT)
        if names(var, each) == {"stichwort.db"}
    }
    world.add_feedback(index_settings, case_id="c1", agent=pseudonym)

    receipt = world.erase(index_settings, "agent", world.AGENT)
    with WriterLock(var):
        (done,) = remove_copies(index_settings, None)

    # The ledger and the receipt keep the hash, so that an import cannot bring it back.
    assert names(var, pseudonym) == {"stichwort.db", "erasures.jsonl"}
    assert done.completed_at is not None
    assert done.erased["contents without the agent"] == 12
    assert done.erased["feedback events"] == 1
    assert [(row.case_id, row.agent) for row in world.feedback(index_settings)] == [("c1", None)]
    assert len(snapshot_ids(var)) == 3
    with Store.open(index_settings.database) as store:
        assert len(store.live_state().hashes["cases"]) == 8
        assert all('"agent"' not in payload for _, _, payload in store.live_records("cases"))
    assert receipt.id == done.id


def test_an_agent_who_was_erased_is_in_no_case_that_is_imported_again(
    indexed: Path, index_settings: IndexSettings, build_index: Build
) -> None:
    world.erase(index_settings, "agent", world.AGENT)

    build_index(indexed)

    with Store.open(index_settings.database) as store:
        assert all('"agent"' not in payload for _, _, payload in store.live_records("cases"))


def test_erasing_again_gives_the_same_receipt(indexed: Path, index_settings: IndexSettings) -> None:
    first = world.erase(index_settings, "customer", CUSTOMER)
    assert world.erase(index_settings, "customer", CUSTOMER).id == first.id
    assert world.erase(index_settings, "case", MINE[0]).id == first.id
    rebuild(index_settings)
    again = world.erase(index_settings, "customer", CUSTOMER)

    assert again.id == first.id
    assert again.completed_at is not None
    agent = world.erase(index_settings, "agent", world.AGENT)
    assert world.erase(index_settings, "agent", world.AGENT).id == agent.id


def test_a_case_that_nobody_knows_is_refused_for_good(
    write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings
) -> None:
    receipt = world.erase(index_settings, "case", MINE[0])
    report = build_index(write_corpus(world.corpus_rows()))

    assert receipt.erased == {}
    assert report.imported is not None
    assert report.imported.diff.refused["cases"] == (MINE[0],)


def test_cases_that_only_a_kept_snapshot_knows_go_with_their_customer(
    indexed: Path, index_settings: IndexSettings
) -> None:
    index_settings.database_file.unlink()  # as after a store was begun anew

    world.erase(index_settings, "customer", CUSTOMER)

    assert not set(MINE) & shown_cases(index_settings)


def test_an_encoder_fitted_before_is_out_of_use_at_once_and_deleted_by_the_build(
    indexed: Path, index_settings: IndexSettings, var: Path
) -> None:
    own, later = var / "encoders" / "own-0123456789ab", var / "encoders" / "own-ba9876543210"
    for folder in (own, later):
        folder.mkdir(parents=True)
        (folder / "model.onnx").write_bytes(b"zqxbetreff")
    (var / "encoders" / "CURRENT").write_text("own-0123456789ab\n", encoding="utf-8")

    world.erase(index_settings, "case", MINE[0])
    assert not (var / "encoders" / "CURRENT").exists()
    (later / "model.onnx").write_bytes(b"fitted since")
    future = 4_102_444_800
    os.utime(later, (future, future))
    rebuild(index_settings)

    assert not own.exists()
    assert later.exists()


def test_a_snapshot_that_cannot_be_read_counts_as_one_that_holds_it(
    indexed: Path, index_settings: IndexSettings, var: Path
) -> None:
    old = next(each for each in snapshot_ids(var) if each != current(var))
    (var / "snapshots" / old / "cases.jsonl").write_bytes(b"\x00kaputt")

    world.erase(index_settings, "case", "c3")
    rebuild(index_settings)

    assert old not in snapshot_ids(var)


def test_what_cannot_be_removed_is_told_and_tried_again_by_the_next_build(
    indexed: Path, index_settings: IndexSettings, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = world.erase(index_settings, "case", MINE[0])

    def full(self: EmbeddingCache, keep: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(EmbeddingCache, "prune", full)
        rebuild(index_settings)
        with ErasureStore.open(index_settings.database) as store:
            (waiting,) = store.receipts(is_open=True)
    assert waiting.left == ("cache of vectors: [Errno 28] No space left on device",)

    rebuild(index_settings)

    with ErasureStore.open(index_settings.database) as store:
        done = store.receipt(receipt.id)
    assert done is not None
    assert (done.left, done.completed_at is not None) == ((), True)
