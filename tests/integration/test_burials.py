"""What was erased or withdrawn stays hidden, whatever snapshot is gone back to."""

from __future__ import annotations

from typing import get_args

import pytest

from assist.bootstrap import build_runtime
from assist.models import SEARCH_KINDS, SUGGEST_KINDS, SearchRequest, SuggestRequest
from assist.opening import current_suggester
from assist.settings import Settings
from assist.suggest import Suggester
from corpus.models import Case, Kind
from corpus.store import Store
from corpus.stored import BurialReason
from index.settings import IndexSettings
from index.snapshot import activate, rollback
from tests.conftest import Build, WriteCorpus, edition, small_corpus

PUBLIC = frozenset({"public"})
BURIED: tuple[tuple[Kind, str], ...] = (
    ("articles", "rechnung-doppelt"),
    ("templates", "t-gutschrift"),
    ("actions", "gutschreiben"),
    ("cases", "c2"),
)


@pytest.fixture
def older(write_corpus: WriteCorpus, build_index: Build) -> str:
    """A snapshot that another one followed."""
    first = build_index(write_corpus(small_corpus())).snapshot.snapshot_id
    build_index(write_corpus(edition(1)))
    return first


def bury(settings: IndexSettings, kind: Kind, record_id: str, reason: BurialReason) -> None:
    with Store.open(settings.database) as store:
        store.bury(kind, record_id, reason)


def shown(suggester: Suggester) -> dict[str, set[str]]:
    """Return the ids of all that is suggested or found about double debits, by kind."""
    case = Case(id="", description="Die Rechnung wurde doppelt abgebucht, bitte Geld zurück", language="de")
    limits = dict.fromkeys(SUGGEST_KINDS, 20)
    answer = suggester.suggest(SuggestRequest(case=case, min_confidence=0.0, limits=limits))
    found = suggester.search(SearchRequest(query="Rechnung doppelt Gutschrift", kinds=SEARCH_KINDS, limit=20)).results
    suggested = {"articles": answer.articles, "templates": answer.templates, "actions": answer.actions}
    ids = {kind: {each.id for each in items or ()} for kind, items in suggested.items()}
    ids["cases"] = {each.id for each in answer.similar_cases or ()}
    return {kind: ids[kind] | {hit.id for hit in found[kind]} for kind in ids}


@pytest.mark.parametrize("reason", get_args(BurialReason))
def test_an_older_snapshot_never_brings_back_what_was_buried_since(
    older: str, index_settings: IndexSettings, reason: BurialReason
) -> None:
    settings = Settings(index=index_settings)
    before = current_suggester(settings)
    shown_before = shown(before)
    for kind, record_id in BURIED:
        assert record_id in shown_before[kind]
        bury(index_settings, kind, record_id, reason)

    assert rollback(index_settings.var) == older

    suggester = current_suggester(settings)
    assert suggester.snapshot_id == older
    shown_after = shown(suggester)
    for kind, record_id in BURIED:
        assert shown_after[kind]
        assert record_id not in shown_after[kind]
        assert suggester.record(kind, record_id, PUBLIC) is None
        assert before.record(kind, record_id, PUBLIC) is not None


def test_a_running_service_that_swaps_to_an_older_snapshot_hides_it_too(
    older: str, index_settings: IndexSettings
) -> None:
    live = build_runtime(Settings(index=index_settings)).live
    live.refresh()
    bury(index_settings, "articles", "rechnung-doppelt", "erased")
    activate(index_settings.var, older)
    live.refresh()
    engine = live.engine()
    assert engine is not None
    assert engine.snapshot_id == older
    assert engine.record("articles", "rechnung-doppelt", PUBLIC) is None
    assert engine.record("articles", "kuendigung", PUBLIC) is not None


def test_a_buried_case_votes_for_nothing(older: str, index_settings: IndexSettings) -> None:
    for case in ("c1", "c2", "neu-1"):
        bury(index_settings, "cases", case, "erased")
    rollback(index_settings.var)
    suggester = current_suggester(Settings(index=index_settings))
    case = Case(id="", description="Betrag doppelt abgebucht", language="de")
    answer = suggester.suggest(SuggestRequest(case=case, min_confidence=0.0))
    (item,) = [each for each in answer.articles or () if each.id == "rechnung-doppelt"]
    assert "history" not in {reason.kind for reason in item.reasons}


def test_a_damaged_store_keeps_a_service_from_starting_because_nobody_knows_what_may_be_shown(
    older: str, index_settings: IndexSettings
) -> None:
    index_settings.database_file.write_bytes(b"kein SQLite" * 100)
    live = build_runtime(Settings(index=index_settings)).live
    live.refresh()
    assert live.engine() is None
    assert live.state().status == "starting"
    assert "is not an SQLite database" in live.state().reasons[0]


def test_where_there_is_no_store_the_snapshot_serves_as_it_is(older: str, index_settings: IndexSettings) -> None:
    index_settings.database_file.unlink()
    suggester = current_suggester(Settings(index=index_settings))
    assert suggester.record("articles", "rechnung-doppelt", PUBLIC) is not None
    assert not index_settings.database_file.exists()
