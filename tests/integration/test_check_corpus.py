"""check-corpus says what a folder would change, also in suggestions, and what deserves a look; it only reads."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from corpus.store import Store
from index.settings import IndexSettings
from tests.conftest import WriteCorpus, small_corpus
from tests.integration.releasing import Commands, commands_here, write_smoke


@pytest.fixture
def commands(
    index_settings: IndexSettings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    return commands_here(index_settings, capsys, monkeypatch)


def state_of(var: Path) -> dict[str, str]:
    files = (path for path in var.rglob("*") if path.is_file())
    return {str(path.relative_to(var)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def check(commands: Commands, folder: Path, *more: str) -> Any:
    return commands.json("check", "--corpus", str(folder), *more)


def test_it_writes_nothing_even_where_new_texts_are_encoded(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    before = state_of(commands.settings.var)
    rows = small_corpus()
    rows["articles"][0]["body"] = "Ein ganz neuer Text, den noch niemand encodiert hat."
    told = check(commands, write_corpus(rows))
    assert told["effect"]["cases"] == 6
    assert state_of(commands.settings.var) == before


def test_an_article_that_goes_changes_the_first_suggestions_of_its_cases(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    commands.build(write_corpus(small_corpus()))
    rows = small_corpus()
    rows["articles"] = [row for row in rows["articles"] if row["id"] != "rechnung-doppelt"]
    effect = check(commands, write_corpus(rows))["effect"]
    assert effect["changes"]["articles"] > 0
    changed = [each for each in effect["examples"] if each["kind"] == "articles"]
    assert {each["was"] for each in changed} == {"rechnung-doppelt"}
    assert all(each["would_be"] != "rechnung-doppelt" for each in changed)
    assert {each["case"] for each in changed} <= {"c1", "c2"}
    assert commands.run("check", "--corpus", str(write_corpus(rows))) == 0
    assert "Of the last 6 solved cases" in commands.out
    assert "articles: rechnung-doppelt -> " in commands.out


def test_the_same_corpus_changes_no_suggestion(commands: Commands, write_corpus: WriteCorpus) -> None:
    folder = write_corpus(small_corpus())
    commands.build(folder)
    effect = check(commands, folder)["effect"]
    assert (effect["cases"], effect["changed_cases"], effect["examples"]) == (6, 0, [])


def test_the_effect_is_what_serves_once_the_folder_was_imported(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    rows = small_corpus()
    rows["articles"] = rows["articles"][1:]
    folder = write_corpus(rows)
    assert check(commands, folder)["effect"]["changed_cases"] > 0
    commands.build(folder)
    assert check(commands, folder)["effect"]["changed_cases"] == 0


def test_before_anything_serves_there_is_nothing_to_compare(commands: Commands, write_corpus: WriteCorpus) -> None:
    folder = write_corpus(small_corpus())
    assert check(commands, folder)["effect"] is None
    commands.run("check", "--corpus", str(folder))
    assert "Nothing serves yet" in commands.out
    assert not commands.settings.var.exists()


def test_an_upsert_is_told_as_what_it_would_change(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    only = {"articles": small_corpus()["articles"][:1]}
    folder = write_corpus(only)
    full, upsert = check(commands, folder), check(commands, folder, "--mode", "upsert")
    assert full["diff"]["articles"]["removed"] == 4
    assert upsert["diff"]["articles"]["removed"] == 0
    assert upsert["effect"]["changed_cases"] == 0
    assert full["dangling"] == {}
    assert upsert["languages"]["articles"] == {"de": 4, "en": 1}


def test_findings_name_what_deserves_a_look(commands: Commands, write_corpus: WriteCorpus) -> None:
    rows = small_corpus()
    bill, cancel, outage, esim, _ = rows["articles"]
    rows["articles"].append({**bill, "id": "doppelt-doppelt", "title": bill["title"] + " (neu)"})
    cancel["valid_until"] = "2026-06-01T00:00:00Z"
    outage["valid_from"] = "2026-12-01T00:00:00Z"
    esim["translation_of"] = "esim-de"
    esim["replaces"] = ["nie-gewesen", "kuendigung"]
    rows["templates"][0]["body"] = "Rufen Sie Frau Sabine Müller an: 0171 2345678, sabine.mueller@firma.example"
    told = check(commands, write_corpus(rows), "--at", "2026-11-01")
    assert told["duplicates"]["articles"] == [["doppelt-doppelt", "rechnung-doppelt"]]
    assert told["expired"]["articles"] == ["kuendigung"]
    assert told["not_yet_valid"]["articles"] == ["stoerung"]
    assert told["dangling"]["articles.translation_of"] == {"esim-de": 1}
    assert told["dangling"]["articles.replaces"] == {"nie-gewesen": 1}
    assert told["personal_data"]["templates"]["phone"] == ["t-gutschrift"]
    assert told["personal_data"]["templates"]["email"] == ["t-gutschrift"]
    commands.run("check", "--corpus", str(write_corpus(rows)))
    assert "2345678" not in commands.out
    assert "doppelt-doppelt ~ rechnung-doppelt" in commands.out


def test_validity_is_judged_at_the_time_that_is_asked_for(commands: Commands, write_corpus: WriteCorpus) -> None:
    rows = small_corpus()
    rows["articles"][1]["valid_until"] = "2026-06-01T00:00:00Z"
    folder = write_corpus(rows)
    assert check(commands, folder, "--at", "2026-05-01")["expired"]["articles"] == []
    assert check(commands, folder, "--at", "2026-06-01T00:00:00Z")["expired"]["articles"] == ["kuendigung"]
    with pytest.raises(SystemExit):
        commands.run("check", "--corpus", str(folder), "--at", "morgen")


def test_what_an_item_replaces_may_be_gone_if_it_was_there(commands: Commands, write_corpus: WriteCorpus) -> None:
    commands.build(write_corpus(small_corpus()))
    rows = small_corpus()
    rows["articles"] = rows["articles"][:3]
    rows["articles"][0]["replaces"] = ["esim"]
    assert "articles.replaces" not in check(commands, write_corpus(rows))["dangling"]


def test_rows_that_an_importer_set_aside_are_counted_by_reason(commands: Commands, write_corpus: WriteCorpus) -> None:
    folder = write_corpus(small_corpus())
    reasons = ["no title", "no title", "no language"]
    lines = [json.dumps({"reason": reason, "row": {}}) for reason in reasons] + ["kein JSON"]
    (folder / "quarantine.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = check(commands, folder)["quarantined"]
    assert told == {"no title": 2, "no language": 1, "no reason given": 1}
    commands.run("check", "--corpus", str(folder))
    assert "4 rows were set aside" in commands.out


def test_malformed_smoke_questions_are_found_here_already(commands: Commands, write_corpus: WriteCorpus) -> None:
    folder = write_corpus(small_corpus())
    write_smoke(folder, [{"question": "Rechnung"}])
    assert commands.run("check", "--corpus", str(folder)) == 1
    assert "smoke.jsonl:1" in commands.err


def test_live_edits_are_part_of_what_would_be_live(commands: Commands, write_corpus: WriteCorpus) -> None:
    folder = write_corpus(small_corpus())
    commands.build(folder)
    with Store.open(commands.settings.database) as store:
        store.bury("articles", "esim", "withdrawn")
    told = check(commands, folder)
    assert told["diff"]["articles"]["refused"] == 1
    assert told["languages"]["articles"] == {"de": 4}


def test_odd_steps_and_rules_of_actions_are_told_with_their_place(
    commands: Commands, write_corpus: WriteCorpus
) -> None:
    rows = small_corpus()
    products = [{"field": "case.product", "op": "eq", "value": value} for value in ("tv", "mobil")]
    rows["actions"][0] |= {"steps": ["Konto von {{ contact.lastname }}"], "when": {"all": products}}
    rows["actions"][1]["when"] = {"field": "case.actions_done", "op": "eq", "value": "messen"}
    folder = write_corpus(rows)
    told = check(commands, folder)["action_warnings"]
    assert set(told) == {"gutschreiben"}
    assert [each.split(":")[0] for each in told["gutschreiben"]] == ["/steps/0/text line 1, column 14", "/when/all"]
    assert commands.run("check", "--corpus", str(folder)) == 0
    assert "1 actions have warnings in their steps or rules:" in commands.out
    assert "gutschreiben: /when/all: warning, rule: never holds" in commands.out
