"""The masker is measured on sentences in which somebody marked what is personal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.privacy.judged_sentences import parse_sentence, read_sentences
from corpus.privacy.measuring import measure, measure_set
from corpus.privacy.spans import PERSONAL_KINDS, Span

# What must be found at least, and masked in vain at most, lest a change of the rules loses it unnoticed.
FLOORS = {"german": (0.97, 0), "german-blind": (0.95, 1), "english": (0.95, 0)}


@pytest.mark.parametrize("name", FLOORS)
def test_the_shipped_rules_find_what_they_found(name: str) -> None:
    recall, alarms = FLOORS[name]
    measured = measure_set(name)

    assert measured.found.total() >= recall * measured.marked.total()
    assert measured.alarms.total() <= alarms


def test_the_sets_are_of_the_promised_size_and_hold_every_kind() -> None:
    german = (*read_sentences("german"), *read_sentences("german-blind"))

    assert len(german) == 300
    assert sum(not sentence.spans for sentence in german) == 100
    assert len(read_sentences("english")) == 40
    assert {span.kind for sentence in german for span in sentence.spans} == set(PERSONAL_KINDS)


def test_no_sentence_is_there_twice() -> None:
    texts = [each.text for name in FLOORS for each in read_sentences(name)]

    assert len(texts) == len(set(texts))


def test_a_line_is_a_sentence_with_its_marks_and_known_names() -> None:
    sentence = parse_sentence(r"Tel. [[phone:030 23125377]]\n[[name:Brandt]] || Helmut; Brandt")

    assert sentence.text == "Tel. 030 23125377\nBrandt"
    assert sentence.spans == (Span(5, 17, "phone"), Span(18, 24, "name"))
    assert sentence.names == ("Helmut", "Brandt")


@pytest.mark.parametrize("line", ["[[telefon:030]]", "[[phone:030", "030]]"])
def test_a_wrong_mark_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match="expected every mark as"):
        parse_sentence(line)


def test_what_is_missed_masked_in_vain_and_masked_too_widely_is_counted() -> None:
    sentences = [
        parse_sentence("Mein Kater heißt [[name:Minka]]"),
        parse_sentence("Tel. 030 23125377"),
        parse_sentence("Tel. [[phone:030]] 23125377"),
        parse_sentence("alles gut"),
    ]
    measured = measure("probe", sentences)

    assert (measured.marked.total(), measured.found.total()) == (2, 1)
    assert (measured.alarms["phone"], measured.spilt) == (1, 1)
    assert (measured.clean, measured.spared) == (2, 1)
    assert len(measured.misses) == 3


def test_the_command_prints_the_figures_and_nothing_of_the_blind_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["masking", "--misses"]) == 0
    printed = capsys.readouterr().out

    assert "german-blind: 100 sentences" in printed
    assert not [each.text for each in read_sentences("german-blind") if each.text in printed]


def test_templates_are_measured_where_they_are_and_left_out_where_they_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "templates.jsonl"
    path.write_text(json.dumps({"body": "Guten Tag {{ name }}, Tel. 030 23125377"}) + "\n", encoding="utf-8")

    assert main(["masking", "--set", "english", "--json", "--templates", str(path)]) == 0
    _, templates = json.loads(capsys.readouterr().out)
    assert (templates["set"], templates["false_alarms"]) == ("templates", 1)
    assert main(["masking", "--set", "english", "--templates", str(tmp_path / "none")]) == 0
    assert "is not there" in capsys.readouterr().err
