from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np

from corpus.models import Article, Case, Template
from index.filters import CaseMasks, ItemMasks, ValueMasks


def _article(number: int, **fields: object) -> Article:
    return Article(id=f"a{number}", title="t", body="b", language="de", **fields)  # type: ignore[arg-type]


def _moment(day: int) -> datetime:
    return datetime(2026, 5, day, tzinfo=UTC)


def test_an_item_without_a_value_fits_every_case_and_a_case_without_one_every_item() -> None:
    masks = ValueMasks([("mobil",), (), ("internet", "tv")])
    assert masks.fits("mobil").tolist() == [True, True, False]
    assert masks.fits("unknown").tolist() == [False, True, False]
    assert masks.fits(None).tolist() == [True, True, True]


def test_only_published_items_of_the_callers_audience_are_visible() -> None:
    masks = ItemMasks([_article(0), _article(1, audience=("second_level",)), _article(2, status="draft")])
    assert masks.visible(frozenset({"public"})).tolist() == [True, False, False]
    assert masks.visible(frozenset({"second_level"})).tolist() == [False, True, False]
    assert masks.visible(frozenset()).tolist() == [False, False, False]


def test_validity_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    masks = ItemMasks([_article(0, valid_from=_moment(2), valid_until=_moment(4)), _article(1)])
    assert [masks.valid(_moment(day)).tolist() for day in (1, 2, 3, 4)] == [
        [False, True],
        [True, True],
        [True, True],
        [False, True],
    ]


def test_headers_and_footers_are_never_a_reply() -> None:
    templates = [
        Template(id=kind, name=kind, body="b", language="de", kind=kind)
        for kind in ("reply", "header", "footer", "snippet")
    ]  # type: ignore[arg-type]
    assert ItemMasks(templates).visible(frozenset({"public"})).tolist() == [True, False, False, True]


def test_a_case_is_history_only_after_it_closed_and_never_for_itself() -> None:
    cases = [Case(id=f"c{day}", description="x", closed_at=_moment(day)) for day in (1, 2, 3)]
    open_case = Case(id="open", description="x")
    masks = CaseMasks([*cases, open_case])
    seen = masks.visible(frozenset({"public"}), closed_before=_moment(3), without="c1")
    assert seen.tolist() == [False, True, False, False]


def test_masks_of_nothing_are_empty() -> None:
    masks = ItemMasks([])
    assert masks.visible(frozenset({"public"})).shape == (0,)
    assert masks.valid(_moment(1)).dtype == np.bool_


def test_masks_read_from_a_snapshot_are_those_of_its_items() -> None:
    items = [
        _article(0, audience=("public", "intern"), products=("mobil",), categories=("Tarif",)),
        _article(1, status="draft", valid_from=_moment(2), valid_until=_moment(4)),
        _article(2, audience=("intern",), products=("mobil", "internet"), valid_until=_moment(3)),
    ]
    masks, read = ItemMasks(items), ItemMasks.from_json(json.loads(json.dumps(ItemMasks(items).to_json())))

    for audiences in (frozenset({"public"}), frozenset({"intern"}), frozenset({"public", "intern"}), frozenset[str]()):
        assert read.visible(audiences).tolist() == masks.visible(audiences).tolist()
    for day in range(1, 6):
        assert read.valid(_moment(day)).tolist() == masks.valid(_moment(day)).tolist()
    for field, value in (("product", "mobil"), ("product", "tv"), ("channel", "chat"), ("category", "Tarif")):
        assert getattr(read, field).fits(value).tolist() == getattr(masks, field).fits(value).tolist()
    changed = {1: _article(1, products=("tv",)), 3: _article(3)}
    assert read.overlaid(changed, 4).to_json() == masks.overlaid(changed, 4).to_json()


def test_masks_read_from_a_snapshot_are_those_of_its_cases() -> None:
    cases = [
        Case(id="c1", description="x", closed_at=_moment(1), product="mobil", language="de-AT"),
        Case(id="c2", description="x", closed_at=_moment(2), audience=("intern",)),
        Case(id="open", description="x", channel="chat"),
    ]
    masks = CaseMasks(cases)
    read = CaseMasks.from_json(
        json.loads(json.dumps(masks.to_json())), {case.id: row for row, case in enumerate(cases)}
    )

    for audiences in (frozenset({"public"}), frozenset({"public", "intern"})):
        for day in (1, 2, 3):
            seen = read.visible(audiences, closed_before=_moment(day), without="c1")
            assert seen.tolist() == masks.visible(audiences, closed_before=_moment(day), without="c1").tolist()
    assert read.to_json() == masks.to_json()
    assert read.language.fits("de").tolist() == [True, True, True]
