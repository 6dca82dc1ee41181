from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from evaluation.bootstrap import Interval
from evaluation.report import render_report, verdict
from evaluation.results import EvaluationResults, KindResults
from evaluation.significance import Comparison

HOSTILE = '<script>alert("1")</script><img src=x onerror=y> $x_1$ {{ 7*7 }}'


class _Page(HTMLParser):
    """Tags with their attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def _hostile(results: EvaluationResults, articles: KindResults) -> EvaluationResults:
    loss = articles.losses[0]
    items = tuple(replace(item, id=HOSTILE, title=HOSTILE) for item in loss.items)
    kind = replace(
        articles,
        systems={**articles.systems, HOSTILE: articles.systems["cc"]},
        recall_by_k={HOSTILE: {1: 0.5, 3: 0.6}},
        slices=(replace(articles.slices[0], dimension=HOSTILE, value=HOSTILE),),
        split={HOSTILE: HOSTILE},
        dropped={HOSTILE: 1},
        losses=(replace(loss, question=HOSTILE, text=HOSTILE, items=items, slices={HOSTILE: HOSTILE}),),
        wins=(replace(loss, baseline_first=HOSTILE),),
    )
    return replace(
        results,
        dataset=HOSTILE,
        family=HOSTILE,
        kinds={"articles": kind},
        fingerprints={HOSTILE: HOSTILE},
        warnings=(HOSTILE,),
    )


def test_nothing_from_the_data_becomes_markup(results: EvaluationResults, articles: KindResults) -> None:
    page = render_report(_hostile(results, articles), with_text=True)
    tags = _Page(page)
    assert not tags.named("script", "img")
    assert not [name for _, attributes in tags.tags for name in attributes if name.startswith("on")]
    assert "49" not in page.split("</style>", 1)[1].split("<svg", 1)[0]
    assert page.count("&lt;script&gt;") > 10


def test_the_page_needs_nothing_from_outside(results: EvaluationResults) -> None:
    page = render_report(results)
    tags = _Page(page)
    addresses = [each.get(name) for _, each in tags.tags for name in ("src", "href", "xlink:href") if each.get(name)]
    assert addresses
    assert all(address and address.startswith("#") for address in addresses)
    assert not tags.named("link", "iframe", "object")
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_texts_and_titles_are_there_only_when_asked_for(results: EvaluationResults) -> None:
    without, with_text = render_report(results), render_report(results, with_text=True)
    for text in ("Text of the case", "Title of the wrong one"):
        assert text not in without
        assert text in with_text
    for page in (without, with_text):
        assert "q-loss" in page
        assert "a-wrong" in page


def test_it_shows_why_an_item_was_ranked_so(results: EvaluationResults) -> None:
    page = render_report(results)
    row = page[page.index(">a-wrong<") :].split("</tr>")[0]
    assert re.findall(r">(-?\d+\.\d+)<", row) == ["3.00", "2.25", "5.25"]


def test_every_table_and_figure_can_be_read_aloud(results: EvaluationResults) -> None:
    page = render_report(results)
    tags = _Page(page)
    assert all(each.get("scope") for each in tags.named("th"))
    assert len(tags.named("table")) == len(tags.named("caption"))
    pictures = tags.named("svg")
    assert len(pictures) == 5
    ids = {each["id"] for _, each in tags.tags if each.get("id")}
    for each in pictures:
        assert each["role"] == "img"
        assert set((each["aria-labelledby"] or "").split()) <= ids


def test_ids_are_unique_in_a_page_of_several_kinds(results: EvaluationResults, articles: KindResults) -> None:
    page = render_report(replace(results, kinds={"articles": articles, "similar_cases": articles}))
    counted = Counter(each["id"] for _, each in _Page(page).tags if each.get("id"))
    assert [name for name, times in counted.items() if times > 1] == []


def test_two_reports_of_the_same_results_are_the_same(results: EvaluationResults) -> None:
    assert render_report(results) == render_report(results)


def test_what_was_not_measured_is_left_out(results: EvaluationResults, articles: KindResults) -> None:
    bare = KindResults(items=1, systems={"stichwort": articles.systems["stichwort"]}, split={}, dropped={})
    page = render_report(replace(results, kinds={"templates": bare}))
    assert "Worst losses" not in page
    assert len(_Page(page).named("svg")) == 1


def test_at_most_twenty_losses_are_shown(results: EvaluationResults, articles: KindResults) -> None:
    many = tuple(replace(articles.losses[0], question=f"q-{number:02d}") for number in range(25))
    page = render_report(replace(results, kinds={"articles": replace(articles, losses=many)}))
    assert "q-19" in page
    assert "q-20" not in page


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.01, 0.03, "ahead of"), (-0.03, -0.01, "behind"), (-0.01, 0.03, "not shown to differ from")],
)
def test_the_verdict_is_no_stronger_than_the_interval(low: float, high: float, said: str) -> None:
    assert verdict(Comparison(baseline="cc", diff=0.01, ci95=Interval(low, high), p=0.5)) == said
