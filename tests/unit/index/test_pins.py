"""Pins in a snapshot: what stands before what, what may take effect, and that older snapshots have none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.models import AllOf, AnyOf, Not, Pin, Rule, Test
from corpus.times import parse_time
from index.pins import Pins, closeness, open_pins, pin_blobs

CHAT = Test("case.channel", "eq", "chat")
POWER = Test("case.product", "eq", "strom")
PIN = Pin(id="p", kind="articles", item="kb-1", effect="pin", reason="Preisänderung")
APRIL, MAY = parse_time("2026-04-01T00:00:00Z"), parse_time("2026-05-01T00:00:00Z")


def order(*pins: Pin) -> list[str]:
    return [pin.id for pin in Pins.of(pins).published["articles", "pin"]]


@pytest.mark.parametrize(
    ("rule", "tests"),
    [(None, 0), (CHAT, 1), (AllOf(()), 0), (Not(CHAT), 1), (AllOf((CHAT, AnyOf((POWER, Not(CHAT))))), 3)],
)
def test_a_rule_is_as_specific_as_it_has_tests(rule: Rule | None, tests: int) -> None:
    assert closeness(rule) == tests


def test_the_most_specific_pin_stands_first_then_the_newest_then_the_first_by_id() -> None:
    specific = replace(PIN, id="z", when=AllOf((CHAT, POWER)), updated_at=APRIL)
    newest, older = replace(PIN, id="y", when=CHAT, updated_at=MAY), replace(PIN, id="x", when=POWER, updated_at=APRIL)
    timeless = replace(PIN, id="a", when=CHAT)
    every, other = replace(PIN, id="c"), replace(PIN, id="b")
    assert order(every, other, timeless, older, newest, specific) == ["z", "y", "x", "a", "b", "c"]
    assert order(specific, newest, older, timeless, other, every) == ["z", "y", "x", "a", "b", "c"]


def test_only_published_pins_may_take_effect_and_all_can_be_read() -> None:
    pins = Pins.of([replace(PIN, status="draft"), replace(PIN, id="old", status="archived")])
    assert pins.published == {}
    assert set(pins.by_id) == {"p", "old"}


def test_pins_are_kept_apart_by_kind_of_item_and_effect() -> None:
    pins = Pins.of([PIN, replace(PIN, id="q", kind="actions"), replace(PIN, id="r", effect="forbid")])
    assert {key: [pin.id for pin in each] for key, each in pins.published.items()} == {
        ("articles", "pin"): ["p"],
        ("actions", "pin"): ["q"],
        ("articles", "forbid"): ["r"],
    }


def test_pins_come_out_of_a_snapshot_as_they_went_in() -> None:
    pins = [replace(PIN, when=AllOf((CHAT, Not(POWER))), valid_until=MAY, language="de"), replace(PIN, id="q")]
    assert open_pins(pin_blobs(pins)) == Pins.of(pins)


def test_a_snapshot_without_pins_has_no_file_of_them_and_opens_like_one_of_before_there_were_pins() -> None:
    assert pin_blobs([]) == {}
    assert open_pins({"articles.jsonl": b""}) == Pins()


def test_what_is_written_or_hidden_since_lies_over_the_pins_of_the_snapshot() -> None:
    base = Pins.of([PIN, replace(PIN, id="q")])
    changed = replace(PIN, reason="Preisänderung, verlängert")
    assert base.overlaid([changed, replace(PIN, id="n")], ["q", "never-was"]) == Pins.of(
        [changed, replace(PIN, id="n")]
    )


def test_tests_that_are_alike_are_one_object_and_one_is_not_true() -> None:
    one, true = Test("customer.age", "eq", 1), Test("customer.age", "eq", True)
    rules: list[Rule] = [AllOf((CHAT, one)), Not(true), replace(CHAT), Test("customer.age", "eq", 1)]
    pins = Pins.of(replace(PIN, id=str(number), when=rule) for number, rule in enumerate(rules)).by_id
    both, negated, alone, again = (pins[str(number)].when for number in range(4))
    assert isinstance(both, AllOf)
    assert isinstance(negated, Not)
    assert both.rules[0] is alone
    assert both.rules[1] is again
    assert isinstance(negated.rule, Test)
    assert negated.rule.value is True
