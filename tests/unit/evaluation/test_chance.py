"""What comes first where nothing answers: questions of other families, asked of parts of a set."""

from __future__ import annotations

import random
from dataclasses import replace
from math import log, sqrt
from pathlib import Path

import pytest

from corpus.models import Article
from evaluation.chance import chances
from evaluation.commands.chance import lines
from evaluation.questions import JudgedSet
from tests.unit.evaluation.benches import judged, workbench_of

WORDS = ("Vertrag", "Rechnung", "Router", "Lampe", "Monat", "Konto", "Karte", "Gerät", "Adresse", "Tarif")


def _many(name: str, size: int) -> JudgedSet:
    draw = random.Random(name)
    articles = [
        Article(id=f"a{number:03}", title=draw.choice(WORDS), body=" ".join(draw.sample(WORDS, 5)), language="de")
        for number in range(size)
    ]
    return replace(judged(with_history=False), name=name, family=name, records={"articles": articles})


def test_the_first_of_more_items_stands_out_further(tmp_path: Path) -> None:
    found = list(chances([_many("viele", 140), _many("andere", 40)], workbench_of(tmp_path), 3))
    many = [each for each in found if each.dataset == "viele"]
    assert [each.items for each in many] == [30, 60, 125, 140]
    assert [each.items for each in found if each.dataset == "andere"] == [30, 40]
    assert many[-1].found > many[0].found
    assert many[0].expected / many[-1].expected == pytest.approx(sqrt(log(30) / log(140)))


def test_a_set_is_not_asked_what_it_may_know(tmp_path: Path) -> None:
    one = _many("viele", 40)
    assert list(chances([one, replace(one, name="viele_en")], workbench_of(tmp_path), 3)) == []


def test_each_set_is_told_in_a_row(tmp_path: Path) -> None:
    found = list(chances([_many("viele", 40), _many("andere", 35)], workbench_of(tmp_path), 2))
    told = list(lines(found))[2:]
    assert [line.split(" | ")[0] for line in told] == ["| viele", "| andere"]
    assert told[0].count("(") == 2
