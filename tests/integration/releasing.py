"""What tests of releases share: commands run in this process, with the toy encoder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from corpus.store import Store
from index import __main__ as command
from index.settings import IndexSettings
from tests.conftest import small_corpus

Rows = dict[str, list[dict[str, Any]]]


class Commands:
    """Runs ``python -m index`` here, and keeps what the last command printed."""

    def __init__(self, settings: IndexSettings, capsys: pytest.CaptureFixture[str]) -> None:
        self.settings = settings
        self.out, self.err = "", ""
        self._capsys = capsys

    def run(self, *arguments: str) -> int:
        code = command.main(arguments)
        self.out, self.err = self._capsys.readouterr()
        return code

    def build(self, corpus: Path, *more: str) -> int:
        return self.run("build", "--corpus", str(corpus), *more)

    def json(self, *arguments: str) -> Any:
        assert self.run(*arguments, "--json") == 0, self.err
        return json.loads(self.out)

    def live(self, kind: Any) -> dict[str, dict[str, Any]]:
        with Store.open(self.settings.database, create=False) as store:
            return {key: json.loads(payload) for key, _, payload in store.live_records(kind)}


def commands_here(
    settings: IndexSettings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    """Return the commands over a state directory, with the toy encoder."""
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    monkeypatch.setenv("ASSIST_VAR", str(settings.var))
    return Commands(settings, capsys)


def many_articles(number: int) -> Rows:
    """The small corpus with so many more articles, each about something of its own."""
    rows = small_corpus()
    rows["articles"] += [
        {
            "id": f"geraet-{each}",
            "title": f"Gerät Nummer {each} einrichten {_word(each)}",
            "body": f"So wird {_word(each)} eingerichtet: Taste {_word(each + 500)} drücken.",
            "language": "de",
        }
        for each in range(number)
    ]
    return rows


def write_smoke(folder: Path, questions: Sequence[Mapping[str, Any]]) -> None:
    lines = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
    (folder / "smoke.jsonl").write_text(lines, encoding="utf-8")


def _word(number: int) -> str:
    syllables = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru")
    return "".join(syllables[int(digit)] for digit in f"{number * 7919 + 104729}")
