from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.eligibility import first_failure, holds
from corpus.models import AllOf, AnyOf, Not, Rule, Test
from corpus.rules import parse_rule

STEADY = settings(deadline=None, derandomize=True)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "case": {
        "product": "Strom",
        "channel": None,
        "language": "de-AT",
        "actions_done": ["verify_identity", "send_form"],
    },
    "customer": {
        "segment": "privat",
        "age": 5,
        "score": 5.0,
        "vip": True,
        "text": "5",
        "tags": (),
        "mixed": ["a", 1],
        "since": "2026-02-01",
        "ends": "2026-03-01T13:00:00+01:00",
        "naive": "2026-02-01T00:00:00",
    },
    "context": {"contact": {"salutation": "Frau"}, "opened": datetime(2026, 2, 28, tzinfo=UTC)},
}


def holds_test(field: str, op: str, value: Any) -> bool:
    return holds(parse_rule({"field": field, "op": op, "value": value}), FACTS, NOW)


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("case.product", "eq", "Strom", True),
        ("case.product", "eq", "strom", False),
        ("case.product", "ne", "Gas", True),
        ("case.product", "ne", "Strom", False),
        ("case.product", "in", ["Gas", "Strom"], True),
        ("case.product", "not_in", ["Gas", "Wasser"], True),
        ("case.product", "not_in", ["Strom"], False),
        # deeper facts
        ("context.contact.salutation", "eq", "Frau", True),
        ("context.contact.salutation.more", "eq", "Frau", False),
        ("context.contact", "eq", "Frau", False),
        ("context.contact", "ne", "Frau", False),
        # array fields: any element, no element
        ("case.actions_done", "eq", "send_form", True),
        ("case.actions_done", "in", ["x", "send_form"], True),
        ("case.actions_done", "eq", "storno", False),
        ("case.actions_done", "ne", "storno", True),
        ("case.actions_done", "ne", "send_form", False),
        ("case.actions_done", "not_in", ["storno", "refund"], True),
        ("case.actions_done", "not_in", ["storno", "send_form"], False),
        ("customer.tags", "eq", "a", False),
        ("customer.tags", "ne", "a", True),
        ("customer.mixed", "eq", 1, True),
        ("customer.mixed", "eq", "a", True),
        ("customer.mixed", "ne", "b", False),  # 1 is no text: a type mismatch
        ("customer.mixed", "not_in", ["b", 2], True),
        ("case.actions_done", "lt", 5, False),
        ("case.actions_done", "before", "2026-01-01", False),
        # missing fields make every test false but exists
        ("case.priority", "eq", "high", False),
        ("case.priority", "ne", "high", False),
        ("case.priority", "not_in", ["high"], False),
        ("case.channel", "ne", "email", False),
        ("customer.nothing", "lt", 5, False),
        ("customer.nothing", "before", "2026-01-01", False),
        ("case.priority", "exists", True, False),
        ("case.priority", "exists", False, True),
        ("case.channel", "exists", False, True),
        ("case.product", "exists", True, True),
        ("case.product", "exists", False, False),
        ("customer.tags", "exists", True, True),
        ("context.contact", "exists", True, True),
        # nothing is coerced
        ("customer.vip", "eq", 1, False),
        ("customer.vip", "ne", 1, False),
        ("customer.vip", "eq", True, True),
        ("customer.age", "eq", True, False),
        ("customer.age", "eq", "5", False),
        ("customer.age", "ne", "5", False),
        ("customer.text", "eq", 5, False),
        ("customer.text", "gt", 4, False),
        ("customer.vip", "gt", 0, False),
        ("customer.age", "eq", 5.0, True),
        ("customer.score", "eq", 5, True),
        ("customer.age", "in", ["5", True, 5.0], True),
        # order
        ("customer.age", "lt", 5, False),
        ("customer.age", "lte", 5, True),
        ("customer.age", "gt", 4.5, True),
        ("customer.age", "gte", 5.5, False),
        # time: strict, dates as midnight UTC, spans from now
        ("customer.since", "before", "2026-02-01", False),
        ("customer.since", "after", "2026-01-31", True),
        ("customer.since", "before", "2026-02-01T00:00:00-01:00", True),
        ("customer.since", "before", "-P28D", True),
        ("customer.since", "before", "-P29D", False),
        ("customer.ends", "after", "+PT0M", False),
        ("customer.ends", "after", "-PT1M", True),
        ("customer.naive", "before", "+P1D", False),
        ("customer.naive", "after", "-P999D", False),
        ("customer.segment", "before", "+P1D", False),
        ("customer.age", "before", "+P1D", False),
        ("context.opened", "before", "-P1D", True),
        # languages compare by primary subtag
        ("case.language", "eq", "de", True),
        ("case.language", "eq", "DE-ch", True),
        ("case.language", "ne", "de", False),
        ("case.language", "not_in", ["en", "fr"], True),
        ("case.language", "in", ["en-GB", "de-DE"], True),
    ],
)
def test_a_test_holds_as_the_contract_says(field: str, op: str, value: Any, expected: bool) -> None:
    assert holds_test(field, op, value) is expected


def test_empty_lists_and_no_rule() -> None:
    assert holds(None, {}, NOW)
    assert holds(AllOf(()), {}, NOW)
    assert not holds(AnyOf(()), {}, NOW)
    assert not holds(Not(AllOf(())), {}, NOW)


ATOMS = st.sampled_from(
    [
        Test("case.product", "eq", "Strom"),
        Test("case.product", "ne", "Strom"),
        Test("case.priority", "eq", "high"),
        Test("customer.age", "gt", 4),
        Test("customer.age", "eq", "5"),
        Test("case.actions_done", "in", ("send_form",)),
        Test("customer.since", "before", "-P30D"),
        Test("case.channel", "exists", False),
    ]
)
RULES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda rules: AllOf(tuple(rules))),
        st.lists(inner, max_size=3).map(lambda rules: AnyOf(tuple(rules))),
        inner.map(Not),
    ),
    max_leaves=8,
)


@STEADY
@given(st.lists(RULES, max_size=4))
def test_de_morgan(rules: list[Rule]) -> None:
    negated = tuple(Not(rule) for rule in rules)

    assert holds(Not(AllOf(tuple(rules))), FACTS, NOW) is holds(AnyOf(negated), FACTS, NOW)
    assert holds(Not(AnyOf(tuple(rules))), FACTS, NOW) is holds(AllOf(negated), FACTS, NOW)


@STEADY
@given(RULES)
def test_double_negation_and_single_lists_change_nothing(rule: Rule) -> None:
    expected = holds(rule, FACTS, NOW)

    assert holds(Not(Not(rule)), FACTS, NOW) is expected
    assert holds(AllOf((rule,)), FACTS, NOW) is expected
    assert holds(AnyOf((rule,)), FACTS, NOW) is expected


@STEADY
@given(RULES)
def test_a_failure_is_named_exactly_when_the_rule_does_not_hold(rule: Rule) -> None:
    failure = first_failure(rule, FACTS, NOW)

    assert (failure is None) is holds(rule, FACTS, NOW)
    assert failure != ""


@pytest.mark.parametrize(
    ("obj", "failure"),
    [
        ({"field": "case.product", "op": "eq", "value": "Gas"}, 'expected case.product eq "Gas", found "Strom"'),
        (
            {"field": "case.priority", "op": "in", "value": ["high", 1]},
            'expected case.priority in ["high", 1], found nothing',
        ),
        ({"field": "case.product", "op": "exists", "value": False}, 'expected case.product is missing, found "Strom"'),
        (
            {"not": {"field": "customer.vip", "op": "eq", "value": True}},
            "expected not: customer.vip eq true, found true",
        ),
        (
            {
                "all": [
                    {"field": "case.product", "op": "exists", "value": True},
                    {"field": "customer.age", "op": "gt", "value": 9},
                    {"field": "customer.age", "op": "gt", "value": 10},
                ]
            },
            "expected customer.age gt 9, found 5",
        ),
        (
            {
                "any": [
                    {"field": "customer.age", "op": "gt", "value": 9},
                    {"field": "case.actions_done", "op": "eq", "value": "x"},
                ]
            },
            "none of 2 alternatives holds: expected customer.age gt 9, found 5; "
            'expected case.actions_done eq "x", found ["verify_identity", "send_form"]',
        ),
        ({"any": []}, "no alternative given"),
    ],
)
def test_the_first_failing_test_is_told(obj: object, failure: str) -> None:
    assert first_failure(parse_rule(obj), FACTS, NOW) == failure
