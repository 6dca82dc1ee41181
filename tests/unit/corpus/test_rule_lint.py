"""Rules that can never hold, or always do, are told; whatever some case could satisfy is not."""

from __future__ import annotations

from typing import Any

import pytest

from corpus.rule_lint import remarks_on_rule, unknown_actions
from corpus.rules import parse_rule


def a_test(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


CONTRADICTIONS = [
    (a_test("case.product", "eq", "tv"), a_test("case.product", "eq", "mobil")),
    (a_test("case.channel", "in", ["phone", "chat"]), a_test("case.channel", "eq", "email")),
    (a_test("case.language", "eq", "de-AT"), a_test("case.language", "eq", "en")),
    (a_test("customer.x", "eq", "a"), a_test("customer.x", "ne", "a")),
    (a_test("customer.x", "in", ["a"]), a_test("customer.x", "not_in", ["a", "b"])),
    (a_test("customer.x", "exists", False), a_test("customer.x", "eq", "a")),
    (a_test("customer.x", "exists", False), a_test("customer.x", "exists", True)),
    (a_test("customer.n", "gt", 5), a_test("customer.n", "lt", 5)),
    (a_test("customer.n", "gt", 5), a_test("customer.n", "lte", 5)),
    (a_test("customer.n", "gte", 6), a_test("customer.n", "lte", 5.5)),
    (a_test("customer.t", "after", "+P1D"), a_test("customer.t", "before", "-P1D")),
    (a_test("customer.t", "after", "2026-05-01"), a_test("customer.t", "before", "2026-05-01T00:00:00Z")),
]
POSSIBLE = [
    (a_test("customer.x", "eq", "a"), a_test("customer.x", "eq", "b")),  # it may be a list
    (a_test("case.actions_done", "eq", "a"), a_test("case.actions_done", "eq", "b")),
    (a_test("case.language", "eq", "de-AT"), a_test("case.language", "eq", "de")),
    (a_test("customer.x", "in", ["a", "b"]), a_test("customer.x", "ne", "a")),
    (a_test("customer.n", "gte", 5), a_test("customer.n", "lte", 5)),
    (a_test("customer.n", "gt", 5), a_test("customer.m", "lt", 5)),
    (a_test("customer.t", "after", "2026-05-01"), a_test("customer.t", "before", "-P1D")),  # today decides
    (a_test("customer.t", "before", "2020-01-01"), a_test("customer.t", "exists", True)),
    (a_test("case.product", "eq", "tv"), a_test("customer.x", "exists", False)),
    (a_test("customer.x", "exists", False), a_test("customer.x", "exists", False)),
]


@pytest.mark.parametrize(("one", "other"), CONTRADICTIONS)
def test_tests_that_exclude_each_other_are_told_in_either_order(one: dict[str, Any], other: dict[str, Any]) -> None:
    for pair in ([one, other], [other, one]):
        (remark,) = remarks_on_rule(parse_rule({"all": pair}))
        assert remark.pointer == "/all"
        assert remark.message.startswith("never holds")


@pytest.mark.parametrize(("one", "other"), POSSIBLE)
def test_what_some_case_could_satisfy_is_not_told(one: dict[str, Any], other: dict[str, Any]) -> None:
    for pair in ([one, other], [other, one]):
        assert remarks_on_rule(parse_rule({"all": pair})) == ()


def test_an_empty_any_never_holds_and_asking_for_there_or_missing_always_does() -> None:
    nothing = parse_rule({"all": [a_test("case.product", "eq", "tv"), {"any": []}]})
    (never,) = remarks_on_rule(nothing)
    assert (never.pointer, never.message.split(":")[0]) == ("/all/1/any", "never holds")
    either = [a_test("customer.x", "exists", True), a_test("customer.x", "exists", False)]
    (always,) = remarks_on_rule(parse_rule({"not": {"any": either}}))
    assert (always.pointer, always.message.split(":")[0]) == ("/not/any", "always holds")


def test_an_action_that_the_catalogue_lacks_is_named_where_it_is_asked_for() -> None:
    rule = parse_rule({"any": [a_test("case.actions_done", "in", ["pruefen", "prüfen"]), {"not": {"all": []}}]})
    (remark,) = unknown_actions(rule, ["pruefen"])
    assert remark.pointer == "/any/0"
    assert "found prüfen in case.actions_done" in remark.message
    assert unknown_actions(rule, ["pruefen", "prüfen"]) == ()
    assert unknown_actions(None, []) == ()
