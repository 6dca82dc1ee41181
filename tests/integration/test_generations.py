"""Imports are generations: guarded against shrinking, listed, and taken back; what was corrected since stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assist.opening import current_suggester
from assist.settings import Settings
from corpus.codec import from_json
from corpus.privacy.agents import AgentKeys
from corpus.store import Store
from index.rows import stored
from index.settings import IndexSettings
from index.snapshot import current
from tests.conftest import WriteCorpus, small_corpus
from tests.integration.releasing import Commands, commands_here, many_articles

PUBLIC = frozenset({"public"})
BILL = "rechnung-doppelt"
NO_KEYS = AgentKeys(by_quarter={})


@pytest.fixture
def commands(
    index_settings: IndexSettings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    return commands_here(index_settings, capsys, monkeypatch)


def titles(commands: Commands) -> dict[str, str]:
    return {key: record["title"] for key, record in commands.live("articles").items()}


def shown_title(commands: Commands, article: str = BILL) -> str | None:
    record = current_suggester(Settings(index=commands.settings)).record("articles", article, PUBLIC)
    return None if record is None else getattr(record, "title", None)


def retitled(title: str) -> dict[str, list[dict[str, object]]]:
    rows = small_corpus()
    rows["articles"][0]["title"] = title
    return rows


def all_retitled(title: str) -> dict[str, list[dict[str, object]]]:
    rows = small_corpus()
    rows["articles"] = [{**row, "title": f"{title} {row['id']}"} for row in rows["articles"]]
    return rows


def test_an_import_that_would_remove_too_much_is_refused_and_nothing_is_written(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    assert commands.build(write_corpus(many_articles(20))) == 0
    serving = current(commands.settings.var)

    assert commands.build(write_corpus(many_articles(10))) == 3

    assert "10 of 25 articles (40%" in commands.err
    assert "expected at most 20 %" in commands.err
    assert "FORCE=1" in commands.err
    assert "MODE=upsert" in commands.err
    assert len(commands.live("articles")) == 25
    assert commands.json("imports")["import"] == 1
    assert current(commands.settings.var) == serving


def test_force_passes_the_guard_over(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(many_articles(20)))
    assert commands.build(write_corpus(many_articles(10)), "--force") == 0
    assert len(commands.live("articles")) == 15


def test_the_audit_tells_what_was_forced_and_whether_the_guard_stood_in_the_way(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    commands.build(write_corpus(many_articles(20)))
    commands.build(write_corpus(many_articles(10)), "--force")
    commands.build(write_corpus(many_articles(11)), "--force")
    with Store.open(commands.settings.database) as store:
        told = [(entry.action, entry.detail or {}) for entry in store.audit()]
    usual, forced, in_vain = (detail for action, detail in told if action == "import")
    assert usual.keys().isdisjoint({"force", "passed_over"})
    assert (forced["force"], forced["passed_over"]) == (True, ["shrink_guard"])
    assert (in_vain["force"], in_vain["passed_over"]) == (True, [])
    assert [detail.get("force", False) for action, detail in told if action == "activate"] == [False, True, True]


def test_the_limit_can_be_set_and_a_share_just_at_it_passes(
    commands: Commands, write_corpus: WriteCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.build(write_corpus(many_articles(20)))
    monkeypatch.setenv("ASSIST_SHRINK_LIMIT", "40")
    assert commands.build(write_corpus(many_articles(10))) == 0


def test_a_few_records_may_always_go(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    fewer = {**small_corpus(), "templates": []}
    assert commands.build(write_corpus(fewer)) == 0
    assert commands.live("templates") == {}


def test_an_upsert_changes_what_it_names_and_leaves_the_rest(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(many_articles(20)))
    one = {**retitled("Neu")["articles"][0]}
    assert commands.build(write_corpus({"articles": [one]}), "--mode", "upsert") == 0
    assert len(commands.live("articles")) == 25
    assert shown_title(commands) == "Neu"
    assert len(commands.live("cases")) == 6


def test_imports_are_listed_with_mode_source_counts_and_whether_they_were_undone(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    folder = write_corpus(small_corpus())
    commands.build(folder)
    commands.build(write_corpus(retitled("Neu")), "--mode", "upsert")
    commands.run("undo", "--import", "2")

    assert commands.run("imports", "--json") == 0
    first, second = (json.loads(line) for line in commands.out.splitlines())

    assert (first["import"], first["mode"], first["source"]) == (1, "full", str(folder))
    assert (first["counts"]["articles"]["new"], first["undone_at"]) == (5, None)
    assert (second["mode"], second["counts"]["articles"]["changed"]) == ("upsert", 1)
    assert second["undone_at"] is not None
    commands.run("imports")
    assert str(folder) in commands.out
    assert "upsert" in commands.out


def test_before_anything_was_imported_the_list_says_how_to_begin(commands: Commands) -> None:
    assert commands.run("imports") == 1
    assert "Import a corpus first" in commands.err


def test_an_undone_import_no_longer_serves_and_what_changed_is_told(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    commands.build(write_corpus(small_corpus()))
    before = current(commands.settings.var)
    bad = retitled("Falsch")
    bad["articles"].append({"id": "zuviel", "title": "Zu viel", "body": "Weg damit", "language": "de"})
    bad["templates"] = bad["templates"][:2]
    commands.build(write_corpus(bad))
    assert shown_title(commands) == "Falsch"

    assert commands.run("undo", "--import", "2") == 0

    assert f"articles: 0 new, 1 changed ({BILL}), 1 removed (zuviel)" in commands.out
    assert "templates: 1 new (t-stoerung)" in commands.out
    assert shown_title(commands) == "Doppelte Abbuchung einer Rechnung"
    assert shown_title(commands, "zuviel") is None
    assert current(commands.settings.var) == before


def test_an_import_that_later_ones_cover_is_undone_without_a_trace_in_what_serves(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    for title in ("Eins", "Zwei", "Drei"):
        commands.build(write_corpus(retitled(title)))
    assert commands.run("undo", "--import", "2") == 0
    assert "nothing changes" in commands.out
    assert shown_title(commands) == "Drei"
    commands.run("undo", "--import", "3")
    assert shown_title(commands) == "Eins"


@pytest.mark.parametrize("number", ["7", "0"])
def test_an_unknown_import_is_an_error_that_names_the_known_ones(
    commands: Commands, write_corpus: WriteCorpus, number: str
) -> None:
    commands.build(write_corpus(small_corpus()))
    assert commands.run("undo", "--import", number) == 1
    assert f"no import {number}" in commands.err
    assert "make imports" in commands.err


def test_an_import_is_undone_once(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    commands.build(write_corpus(retitled("Neu")))
    commands.run("undo", "--import", "2")
    assert commands.run("undo", "--import", "2") == 1
    assert "nothing is left to undo" in commands.err


def test_an_undo_whose_build_failed_is_finished_by_asking_again(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    commands.build(write_corpus(retitled("Falsch")))
    with Store.open(commands.settings.database) as store:  # as if the build had been killed after this
        store.undo_import(2)
    assert shown_title(commands) == "Falsch"
    assert commands.run("undo", "--import", "2") == 0
    assert "was undone before" in commands.out
    assert shown_title(commands) == "Doppelte Abbuchung einer Rechnung"


def change_by_hand(commands: Commands) -> None:
    """Correct, withdraw, erase and delete one article each."""
    record = from_json("articles", {**small_corpus()["articles"][0], "title": "Berichtigt"})
    with Store.open(commands.settings.database) as store:
        store.put(stored("articles", record, NO_KEYS), by="key-1")
        store.bury("articles", "kuendigung", "withdrawn")
        store.bury("articles", "stoerung", "erased")
        store.remove("articles", "esim")


def undo(commands: Commands, corpora: dict[str, Path]) -> None:
    assert commands.run("undo", "--import", "2") == 0


def import_again(commands: Commands, corpora: dict[str, Path]) -> None:
    assert commands.build(corpora["second"]) == 0


def upsert_again(commands: Commands, corpora: dict[str, Path]) -> None:
    assert commands.build(corpora["second"], "--mode", "upsert") == 0


def import_the_older_one(commands: Commands, corpora: dict[str, Path]) -> None:
    assert commands.build(corpora["first"]) == 0


def go_back_and_build(commands: Commands, corpora: dict[str, Path]) -> None:
    assert commands.run("rollback") == 0
    assert commands.run("build") == 0


@pytest.mark.parametrize("afterwards", [undo, import_again, upsert_again, import_the_older_one, go_back_and_build])
def test_what_was_changed_by_hand_survives(
    commands: Commands,
    write_corpus: WriteCorpus,
    tmp_path: Path,
    afterwards: Callable[[Commands, dict[str, Path]], None],
) -> None:
    corpora = {
        "first": write_corpus(small_corpus()).rename(tmp_path / "first"),
        "second": write_corpus(all_retitled("Zweite Ausgabe")).rename(tmp_path / "second"),
    }
    commands.build(corpora["first"])
    commands.build(corpora["second"])
    change_by_hand(commands)

    afterwards(commands, corpora)

    assert set(titles(commands)) == {BILL, "intern"}
    assert titles(commands)[BILL] == shown_title(commands) == "Berichtigt"
    assert titles(commands)["intern"] in ("Kulanz bei Rechnungen", "Zweite Ausgabe intern")
    assert [shown_title(commands, gone) for gone in ("kuendigung", "stoerung", "esim")] == [None] * 3


def test_going_back_alone_never_brings_back_what_was_buried(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    commands.build(write_corpus(all_retitled("Neu")))
    change_by_hand(commands)
    assert commands.run("rollback") == 0
    assert [shown_title(commands, gone) for gone in ("kuendigung", "stoerung")] == [None] * 2


def test_the_audit_tells_of_imports_undone_ones_activations_and_rollbacks(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    commands.build(write_corpus(small_corpus()))
    commands.build(write_corpus(retitled("Neu")), "--by", "key-7")
    commands.run("rollback")
    commands.run("undo", "--import", "2")
    with Store.open(commands.settings.database) as store:
        told = [(entry.action, entry.by) for entry in store.audit()]
    line = "command line"
    assert told == [
        ("import", line),
        ("activate", line),
        ("import", "key-7"),
        ("activate", "key-7"),
        ("rollback", line),
        ("undo", line),
    ]


def test_going_back_works_without_the_store(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    first = current(commands.settings.var)
    commands.build(write_corpus(retitled("Neu")))
    commands.settings.database_file.write_bytes(b"kein SQLite" * 100)
    assert commands.run("rollback") == 0
    assert "the audit does not tell" in commands.err
    assert current(commands.settings.var) == first
