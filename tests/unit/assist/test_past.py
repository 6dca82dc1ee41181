"""Cases of which it is not known what was used say nothing, and take no place from those of which it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assist.past import Past, past_with_uses
from corpus.models import Case, Kind, Record, Use
from evaluation.bench import Bench
from evaluation.questions import JudgedSet
from tests.unit.evaluation.benches import bench_of, judged

TEXTS = ("Die Rechnung wurde doppelt abgebucht", "Am Router blinkt die Lampe rot", "Ich möchte den Vertrag kündigen")


def bench(folder: Path, *, used: tuple[Use, ...] | None) -> Bench:
    """Open the small set, beside its own cases with some more that used this (``None``: without them)."""
    given = judged("articles")
    cases = [case for case in given.records["cases"] if isinstance(case, Case)]
    if used is not None:
        more = ({"id": f"u{number}", "description": text, "articles": used} for number, text in enumerate(TEXTS))
        cases += [replace(cases[0], **each) for each in more]
    every: list[Record] = sorted(cases, key=lambda case: case.id)
    records: dict[Kind, Any] = {**given.records, "cases": every}
    return bench_of(folder, replace(given, records=records))


def with_many_cases(count: int, *, telling_every: int) -> JudgedSet:
    """Return the small set with so many different cases more, of which one in so many used an article."""
    given = judged("articles")
    cases = [case for case in given.records["cases"] if isinstance(case, Case)]
    for number in range(count):
        used = () if number % telling_every else (Use(id="rechnung"),)
        text = f"{TEXTS[number % 3]} {number} {number * 7919 % 1000}"
        cases.append(replace(cases[0], id=f"m{number:04d}", description=text, articles=used))
    records: dict[Kind, Any] = {**given.records, "cases": sorted(cases, key=lambda case: case.id)}
    return replace(given, records=records)


def telling(opened: Bench) -> list[Past]:
    """Return the past of each question as its articles are ranked by."""
    space = opened.snapshot.items["articles"]
    found = []
    for asked in opened.asked.values():
        past = opened.suggester.look_back(asked.case)
        seen = space.masks.visible(asked.request.audiences)
        found.append(past_with_uses(past, asked.case, past.space.history.uses["articles"], seen))
    return found


def voters(past: Past) -> list[str]:
    return [past.space.cases[row].id for row in past.nearest.cases.tolist()]


@pytest.mark.parametrize("used", [(), (Use(id="gibt-es-nicht"),), (Use(id="intern"),)])
def test_cases_that_tell_of_nothing_the_caller_may_see_neither_vote_nor_count(
    tmp_path: Path, used: tuple[Use, ...]
) -> None:
    alone = telling(bench(tmp_path / "a", used=None))
    beside = telling(bench(tmp_path / "b", used=used))

    assert [voters(past) for past in beside] == [voters(past) for past in alone]
    assert [past.eligible for past in beside] == [past.eligible for past in alone]


def test_cases_that_tell_something_vote(tmp_path: Path) -> None:
    beside = telling(bench(tmp_path, used=(Use(id="rechnung"),)))

    assert any(name.startswith("u") for past in beside for name in voters(past))


@pytest.mark.parametrize("telling_every", [2, 50], ids=["enough of those searched", "too few of those searched"])
def test_cases_that_tell_something_are_found_however_many_do_not(tmp_path: Path, telling_every: int) -> None:
    opened = bench_of(tmp_path, with_many_cases(600, telling_every=telling_every))
    asked = next(iter(opened.asked.values()))
    cases = opened.snapshot.cases
    silent = [case.id for case in cases.cases if not case.articles]

    (past, *_) = telling(opened)
    alone = opened.suggester.look_back(asked.case, without=silent)

    assert voters(past) == voters(alone)
    assert past.states.situations.tolist() == alone.states.situations.tolist()
    assert past.states.weights.tolist() == alone.states.weights.tolist()
    assert past.showable.cosines.tolist() == alone.showable.cosines.tolist()


def test_cases_that_tell_nothing_are_shown_as_similar_all_the_same(tmp_path: Path) -> None:
    opened = bench(tmp_path, used=())
    past = opened.suggester.look_back(next(iter(opened.asked.values())).case)

    assert "u0" in {past.space.cases[row].id for row in past.showable.cases.tolist()}


def test_where_all_cases_tell_something_the_past_is_the_same_one(tmp_path: Path) -> None:
    opened = bench(tmp_path, used=None)
    asked = next(iter(opened.asked.values()))
    past = opened.suggester.look_back(asked.case)
    seen = opened.snapshot.items["articles"].masks.visible(asked.request.audiences)

    assert past_with_uses(past, asked.case, past.space.history.uses["articles"], seen) is past
