"""A new snapshot is asked before it serves; one that answers badly leaves the old one serving."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.store import Store
from index.settings import IndexSettings
from index.snapshot import current
from index.snapshot_verify import snapshot_ids
from tests.conftest import WriteCorpus, edition, small_corpus
from tests.integration.releasing import Commands, commands_here, many_articles, write_smoke

GOOD = {"question": "Rechnung doppelt abgebucht", "language": "de", "expect": {"articles": ["rechnung-doppelt"]}}
BAD = {"question": "Lampe blinkt rot", "expect": {"articles": ["esim"], "actions": ["messen"]}, "top": 1}


@pytest.fixture
def commands(
    index_settings: IndexSettings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    return commands_here(index_settings, capsys, monkeypatch)


@pytest.fixture
def serving(commands: Commands, write_corpus: WriteCorpus) -> str:
    assert commands.build(write_corpus(small_corpus())) == 0
    snapshot = current(commands.settings.var)
    assert snapshot is not None
    return snapshot


@pytest.fixture
def refused(commands: Commands, serving: str, write_corpus: WriteCorpus) -> Path:
    folder = write_corpus(edition(1))
    write_smoke(folder, [GOOD, BAD])
    assert commands.build(folder) == 4
    return folder


def test_a_snapshot_that_fails_a_question_does_not_serve_and_the_old_one_does(
    commands: Commands, serving: str, refused: Path
) -> None:
    assert current(commands.settings.var) == serving
    assert snapshot_ids(commands.settings.var) == (serving,)
    assert "1 of 2 smoke questions failed, expected at most 0" in commands.err
    assert "smoke.jsonl:2: articles: expected esim among the first 1, found stoerung" in commands.err
    assert "smoke.jsonl:1" not in commands.err
    assert "Lampe" not in commands.err
    assert "FORCE=1" in commands.err
    assert "make undo" in commands.err


def test_force_lets_it_serve_and_warns(commands: Commands, serving: str, refused: Path) -> None:
    assert commands.build(refused, "--force") == 0
    assert "warning: smoke.jsonl:2" in commands.err
    assert current(commands.settings.var) != serving


def test_some_questions_may_fail_where_the_setting_says_so(
    commands: Commands, serving: str, refused: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSIST_SMOKE_FAILURES", "1")
    assert commands.build(refused) == 0
    assert current(commands.settings.var) != serving


def test_the_questions_are_kept_for_later_builds_until_an_empty_file_ends_that(
    commands: Commands, refused: Path
) -> None:
    (refused / "smoke.jsonl").unlink()
    assert commands.build(refused) == 4
    assert commands.run("build") == 4
    write_smoke(refused, [])
    assert commands.build(refused) == 0


def test_an_import_whose_snapshot_was_refused_can_be_undone_in_spite_of_its_questions(
    commands: Commands, serving: str, refused: Path
) -> None:
    assert commands.run("undo", "--import", "2") == 0
    assert "warning: smoke.jsonl:2" in commands.err
    assert current(commands.settings.var) == serving


def test_a_question_is_asked_as_somebody_who_may_see_what_it_expects(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    folder = write_corpus(small_corpus())
    write_smoke(folder, [{"question": "Kulanz bei doppelter Rechnung", "expect": {"articles": ["intern"]}}])
    assert commands.build(folder) == 0


def test_an_id_that_the_corpus_lacks_is_named(commands: Commands, write_corpus: WriteCorpus) -> None:
    folder = write_corpus(small_corpus())
    write_smoke(folder, [{"question": "Rechnung", "expect": {"templates": ["t-fort"]}}])
    assert commands.build(folder) == 4
    assert "(the corpus lacks t-fort)" in commands.err
    assert current(commands.settings.var) is None


def test_malformed_questions_are_named_with_their_line_and_nothing_is_written(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    folder = write_corpus(small_corpus())
    write_smoke(folder, [GOOD, {**GOOD, "colour": 1}])
    assert commands.build(folder) == 1
    assert "smoke.jsonl:2: /colour" in commands.err
    assert not commands.settings.var.exists()


def test_articles_that_are_not_found_by_their_own_titles_keep_a_snapshot_from_serving(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    rows = many_articles(0)
    same = {"body": "Immer derselbe Text in jedem Artikel.", "language": "de"}
    # Stop words alone say nothing, so that no title finds anything.
    rows["articles"] = [{"id": f"a{each}", "title": "Der die das", **same} for each in range(3)]
    rows["articles"] += [{"id": f"b{each}", "title": f"{'-' * (each + 1)}", **same} for each in range(9)]
    assert commands.build(write_corpus(rows)) == 4
    assert "articles are found by their own title" in commands.err
    assert "expected at least 50%" in commands.err


def test_the_audit_does_not_tell_of_a_snapshot_that_was_refused(commands: Commands, refused: Path) -> None:
    with Store.open(commands.settings.database) as store:
        assert [entry.action for entry in store.audit()] == ["import", "activate", "import"]
