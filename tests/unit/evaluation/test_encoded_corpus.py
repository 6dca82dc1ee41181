from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from corpus.findings import CorpusErrors
from corpus.models import AnyOf, Test
from evaluation.encoded_corpus import read_any_corpus
from tests.conftest import WriteCorpus, small_corpus


def _rows() -> dict[str, list[dict[str, Any]]]:
    done: list[dict[str, Any]] = [
        {"field": "case.actions_done", "op": "eq", "value": "x/y"},
        {"field": "case.actions_done", "op": "in", "value": ["x/y", "z"]},
        {"field": "case.product", "op": "eq", "value": "x/y"},
    ]
    used = ["a?", {"id": "a~3F", "after_message": 0}]
    return {
        "articles": [
            {"id": "a?", "title": "t", "body": "b", "language": "de", "replaces": ["old one"]},
            {"id": "a~3F", "title": "t", "body": "b", "language": "de", "translation_of": "a?"},
        ],
        "templates": [{"id": "t", "name": "n", "body": "b", "language": "de", "articles": ["a?"]}],
        "actions": [{"id": "x/y", "name": "n", "templates": ["t"], "articles": ["a?"], "when": {"any": done}}],
        "cases": [{"id": "c 1", "subject": "wo?", "articles": used, "actions": ["x/y"]}],
        "pins": [{"id": "p", "kind": "articles", "item": "a?", "effect": "pin", "reason": "r"}],
    }


def test_every_place_that_names_an_item_is_encoded_alike(write_corpus: WriteCorpus) -> None:
    corpus, encoded = read_any_corpus(write_corpus(_rows()))

    assert encoded == 5  # a?, a~3F, "old one", x/y, "c 1"
    assert [article.id for article in corpus.articles] == ["a~3F", "a~7E3F"]
    assert corpus.articles[0].replaces == ("old~20one",)
    assert corpus.pins[0].item == "a~3F"
    assert corpus.articles[1].translation_of == "a~3F"
    assert corpus.templates[0].articles == ("a~3F",)
    action = corpus.actions[0]
    assert (action.id, action.articles) == ("x~2Fy", ("a~3F",))
    assert isinstance(action.when, AnyOf)
    assert [rule.value for rule in action.when.rules if isinstance(rule, Test)] == ["x~2Fy", ("x~2Fy", "z"), "x/y"]
    case = corpus.cases[0]
    assert (case.id, case.subject) == ("c~201", "wo?")
    assert [use.id for use in case.articles] == ["a~3F", "a~7E3F"]
    assert corpus.dangling == {}


def test_a_sound_corpus_is_read_as_it_is(write_corpus: WriteCorpus) -> None:
    rows = small_corpus()
    rows["articles"][0]["id"] = "with~tilde"
    corpus, encoded = read_any_corpus(write_corpus(rows))
    assert encoded == 0
    assert corpus.articles[0].id == "with~tilde"


def test_what_is_wrong_besides_is_told_on_its_own_line(write_corpus: WriteCorpus) -> None:
    folder = write_corpus(_rows())
    lines = [json.dumps(row) for row in _rows()["articles"]]
    text = f"{lines[0]}\n\n{lines[1]}\nno json\n"
    (folder / "articles.jsonl").unlink()
    (folder / "articles.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    with pytest.raises(CorpusErrors) as caught:
        read_any_corpus(folder)
    assert [(problem.file, problem.line) for problem in caught.value.problems] == [("articles.jsonl.gz", 4)]


def test_faults_that_are_no_ids_stay_faults(write_corpus: WriteCorpus, tmp_path: Path) -> None:
    with pytest.raises(CorpusErrors, match="/language"):
        read_any_corpus(write_corpus({"articles": [{"id": "a", "title": "t", "body": "b", "language": "Deutsch"}]}))
    with pytest.raises(CorpusErrors, match="found no folder"):
        read_any_corpus(tmp_path / "nowhere")
