from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.models import AllOf, AnyOf, Not, Rule, Test
from corpus.rules import CASE_FIELDS, MAX_DEPTH, RuleError, parse_rule, rule_to_json

STEADY = settings(deadline=None, derandomize=True)
SCALARS = st.text(max_size=5) | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
FIELDS = st.sampled_from(
    [*CASE_FIELDS, "customer.segment", "customer.Straße", "context.contact.salutation", "context.a"]
)
MOMENTS = st.sampled_from(["2026-01-01", "2026-01-01T00:00:00+01:00", "-P30D", "+P1DT2H3M"])


def test_of(operators: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Rule]:
    return st.builds(Test, FIELDS, st.sampled_from(operators), values)


test_of.__test__ = False  # type: ignore[attr-defined]  # a helper, in spite of its name

TESTS = st.one_of(
    test_of(["eq", "ne"], SCALARS),
    test_of(["in", "not_in"], st.lists(SCALARS, min_size=1, max_size=3).map(tuple)),
    test_of(["lt", "lte", "gt", "gte"], st.integers() | st.floats(allow_nan=False)),
    test_of(["exists"], st.booleans()),
    test_of(["before", "after"], MOMENTS),
)
RULES = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda rules: AllOf(tuple(rules))),
        st.lists(inner, max_size=3).map(lambda rules: AnyOf(tuple(rules))),
        inner.map(Not),
    ),
    max_leaves=8,
)


@STEADY
@given(RULES)
def test_every_rule_survives_writing_and_reading(rule: Rule) -> None:
    assert parse_rule(rule_to_json(rule)) == rule


def test_the_form_of_the_contract_is_read() -> None:
    rule = parse_rule(
        {
            "all": [
                {"field": "case.product", "op": "in", "value": ["Strom", "Gas"]},
                {"not": {"field": "case.actions_done", "op": "eq", "value": "storno"}},
                {"any": []},
            ]
        }
    )

    assert rule == AllOf(
        (
            Test("case.product", "in", ("Strom", "Gas")),
            Not(Test("case.actions_done", "eq", "storno")),
            AnyOf(()),
        )
    )


def test_null_keys_equal_absent_ones() -> None:
    obj = {"all": None, "any": None, "not": None, "field": "case.product", "op": "exists", "value": True}

    assert parse_rule(obj) == Test("case.product", "exists", True)


def problems(obj: object) -> list[tuple[str, str]]:
    with pytest.raises(RuleError) as caught:
        parse_rule(obj)
    return [(problem.pointer, problem.message) for problem in caught.value.problems]


def a_test(**changes: object) -> dict[str, object]:
    return {"field": "customer.age", "op": "eq", "value": 5} | changes


@pytest.mark.parametrize(
    ("obj", "pointer", "message"),
    [
        ([], "", "found an empty list, expected an object"),
        ("x", "", 'found "x"'),
        (None, "", "found null"),
        ({}, "", "found no key, expected exactly one of all, any, not, or a test"),
        ({"all": [], "any": []}, "", 'found the keys "all", "any"'),
        ({"all": [], "field": "case.product"}, "", 'found the keys "all", "field"'),
        ({"oder": []}, "", 'found the keys "oder"'),
        ({"all": {}}, "/all", "found an empty object, expected a list of rules"),
        ({"not": []}, "/not", "found an empty list, expected an object"),
        ({"all": [{"any": [5]}]}, "/all/0/any/0", "found 5"),
        (a_test(extra=1), "/extra", "unknown key"),
        (a_test(extra=None), "/extra", "unknown key"),
        (a_test(value=None), "/value", "missing or null"),
        ({"field": "case.product", "value": 1}, "/op", "missing or null"),
        (a_test(field="case.subject"), "/field", 'found "case.subject", expected case.product, case.channel'),
        (a_test(field="customer"), "/field", 'found "customer"'),
        (a_test(field="customer.a.b"), "/field", 'found "customer.a.b"'),
        (a_test(field="context."), "/field", 'found "context."'),
        (a_test(field="context.a..b"), "/field", 'found "context.a..b"'),
        (a_test(field="agent.name"), "/field", 'found "agent.name"'),
        (a_test(field=5), "/field", "found 5"),
        (a_test(op="equals"), "/op", 'found "equals", expected one of eq, ne, in'),
        (a_test(op=[]), "/op", "found an empty list"),
        (a_test(op="eq", value=[1]), "/value", "found a list, expected a text, a number, true or false"),
        (a_test(op="in", value="a"), "/value", 'found "a", expected a list'),
        (a_test(op="in", value=[]), "/value", "found an empty list, expected a list with at least one value"),
        (a_test(op="not_in", value=["a", {}]), "/value/1", "found an empty object"),
        (a_test(op="in", value=["a", None]), "/value/1", "found null"),
        (a_test(op="lt", value="5"), "/value", 'found "5", expected a number for the operator lt'),
        (a_test(op="gte", value=True), "/value", "found true, expected a number"),
        (a_test(op="exists", value=1), "/value", "found 1, expected true or false"),
        (a_test(op="before", value="gestern"), "/value", 'found "gestern", expected'),
        (a_test(op="after", value="2026-02-30"), "/value", "expected a time that exists"),
        (a_test(op="after", value=5), "/value", "found 5"),
    ],
)
def test_malformed_rules_are_refused_with_place_and_reason(obj: object, pointer: str, message: str) -> None:
    found = problems(obj)

    assert len(found) == 1
    assert found[0][0] == pointer
    assert message in found[0][1]


def test_all_faults_are_found_in_one_pass() -> None:
    found = problems({"all": [a_test(field="x", op="y"), {"any": [a_test(op="in", value=[None, []])]}, 5]})

    assert [pointer for pointer, _ in found] == [
        "/all/0/field",
        "/all/0/op",
        "/all/1/any/0/value/0",
        "/all/1/any/0/value/1",
        "/all/2",
    ]


def test_pointers_are_escaped() -> None:
    assert problems(a_test(**{"a/b~c": 1}))[0][0] == "/a~1b~0c"


def test_depth_is_bounded() -> None:
    def nested(levels: int) -> dict[str, object]:
        obj: dict[str, object] = a_test()
        for _ in range(levels):
            obj = {"not": obj}
        return obj

    assert parse_rule(nested(MAX_DEPTH - 1))
    assert "nested deeper than 32" in problems(nested(MAX_DEPTH))[0][1]
    assert "nested deeper than 32" in problems(nested(5_000))[0][1]


def test_a_flood_of_faults_is_cut_short() -> None:
    assert len(problems({"all": [5] * 100_000})) <= 200
    assert len(problems(a_test(op="in", value=[None] * 100_000))) <= 200
