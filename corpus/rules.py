"""Eligibility rules of actions: their JSON form, strictly read, and back.

A rule is an object with exactly one of ``all``, ``any`` (lists) or ``not``, or a test ``{field, op, value}``.
What a rule means for a case stands in ``corpus.eligibility``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice, takewhile
from typing import Any, cast

from corpus.eligibility import describe, first_failure, holds
from corpus.models import AllOf, AnyOf, Not, Rule, Scalar, Test
from corpus.times import check_bound
from corpus.wording import Problem, pointer, show

__all__ = ["MAX_DEPTH", "OPERATORS", "RuleError", "describe", "first_failure", "holds", "parse_rule", "rule_to_json"]

MAX_DEPTH = 32
MAX_PROBLEMS = 100
OPERATORS = ("eq", "ne", "in", "not_in", "lt", "lte", "gt", "gte", "exists", "before", "after")
CASE_FIELDS = ("case.product", "case.channel", "case.language", "case.priority", "case.actions_done")
_NAMED_FIELD = re.compile(r"customer\.[^\s.]+|context(?:\.[^\s.]+)+")
_FIELDS = f"{', '.join(CASE_FIELDS)}, customer.<name> or context.<name>"
_COMPOUNDS = ("all", "any", "not")
_TEST_KEYS = ("field", "op", "value")
_FORMS = "exactly one of all, any, not, or a test {field, op, value}"

_Path = tuple[str | int, ...]


class RuleError(ValueError):
    """A malformed rule; ``problems`` holds every fault, with JSON Pointers from the rule's own root."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.pointer or '(rule)'}: {problem.message}" for problem in problems))
        self.problems = tuple(problems)


def parse_rule(obj: object) -> Rule:
    """Return the rule that a parsed JSON value denotes; null keys equal absent ones.

    Raises RuleError with all faults found (it stops looking after some 100): other keys, unknown fields and
    operators, values of the wrong type, nesting deeper than 32.
    """
    problems: list[Problem] = []
    rule = _rule(obj, (), problems)
    if problems or rule is None:
        raise RuleError(problems)
    return rule


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """Return the rule as JSON, so that ``parse_rule`` gives it back."""
    if isinstance(rule, AllOf):
        return {"all": [rule_to_json(part) for part in rule.rules]}
    if isinstance(rule, AnyOf):
        return {"any": [rule_to_json(part) for part in rule.rules]}
    if isinstance(rule, Not):
        return {"not": rule_to_json(rule.rule)}
    value = list(rule.value) if isinstance(rule.value, tuple) else rule.value
    return {"field": rule.field, "op": rule.op, "value": value}


def _rule(obj: object, path: _Path, problems: list[Problem]) -> Rule | None:
    if sum(isinstance(part, str) for part in path) >= MAX_DEPTH:
        _refuse(problems, path, f"found rules nested deeper than {MAX_DEPTH}, expected less")
        return None
    if not isinstance(obj, Mapping):
        _refuse(problems, path, f"found {show(obj)}, expected an object with {_FORMS}")
        return None
    given = {key: value for key, value in obj.items() if value is not None or key not in (*_COMPOUNDS, *_TEST_KEYS)}
    for form in _COMPOUNDS:
        if set(given) == {form}:
            return _compound(form, given[form], (*path, form), problems)
    if set(given) & set(_TEST_KEYS) and not set(given) & set(_COMPOUNDS):
        return _test(given, path, problems)
    keys = ", ".join(map(show, islice(given, 5)))
    found = f"found the keys {keys}{', …' if len(given) > 5 else ''}" if given else "found no key"
    _refuse(problems, path, f"{found}, expected {_FORMS}")
    return None


def _compound(form: str, value: object, path: _Path, problems: list[Problem]) -> Rule | None:
    if form == "not":
        rule = _rule(value, path, problems)
        return None if rule is None else Not(rule)
    if not isinstance(value, list):
        _refuse(problems, path, f"found {show(value)}, expected a list of rules")
        return None
    parts = takewhile(lambda _: len(problems) < MAX_PROBLEMS, enumerate(value))
    rules = [_rule(part, (*path, position), problems) for position, part in parts]
    known = tuple(rule for rule in rules if rule is not None)
    return AllOf(known) if form == "all" else AnyOf(known)


def _test(obj: Mapping[str, object], path: _Path, problems: list[Problem]) -> Test | None:
    before = len(problems)
    for key in islice((key for key in obj if key not in _TEST_KEYS), MAX_PROBLEMS):
        _refuse(problems, (*path, key), "unknown key, expected only field, op and value: remove it")
    for key in _TEST_KEYS:
        if key not in obj:
            _refuse(problems, (*path, key), "required, but missing or null: a test has field, op and value")
    if "field" in obj and not _is_field(obj["field"]):
        _refuse(problems, (*path, "field"), f"found {show(obj['field'])}, expected {_FIELDS}")
    if "op" in obj and obj["op"] not in OPERATORS:
        _refuse(problems, (*path, "op"), f"found {show(obj['op'])}, expected one of {', '.join(OPERATORS)}")
    elif "op" in obj and "value" in obj:
        _check_value(str(obj["op"]), obj["value"], (*path, "value"), problems)
    if len(problems) > before:
        return None
    value = tuple(obj["value"]) if isinstance(obj["value"], list) else cast(Scalar, obj["value"])
    return Test(str(obj["field"]), str(obj["op"]), value)


def _is_field(value: object) -> bool:
    return isinstance(value, str) and (value in CASE_FIELDS or _NAMED_FIELD.fullmatch(value) is not None)


def _check_value(op: str, value: object, path: _Path, problems: list[Problem]) -> None:
    if op in ("in", "not_in"):
        _check_list(op, value, path, problems)
    elif op in ("before", "after"):
        try:
            check_bound(value)
        except ValueError as error:
            _refuse(problems, path, str(error))
    elif expected := _expected(op, value):
        _refuse(problems, path, f"found {show(value)}, expected {expected} for the operator {op}")


def _expected(op: str, value: object) -> str | None:
    if op == "exists":
        return None if isinstance(value, bool) else "true or false"
    if op in ("eq", "ne"):
        return None if isinstance(value, str | int | float) else "a text, a number, true or false"
    return None if isinstance(value, int | float) and not isinstance(value, bool) else "a number"


def _check_list(op: str, value: object, path: _Path, problems: list[Problem]) -> None:
    if not isinstance(value, list) or not value:
        _refuse(problems, path, f"found {show(value)}, expected a list with at least one value for the operator {op}")
        return
    wrong = ((position, part) for position, part in enumerate(value) if not isinstance(part, str | int | float))
    for position, part in islice(wrong, MAX_PROBLEMS):
        _refuse(problems, (*path, position), f"found {show(part)}, expected a text, a number, true or false")


def _refuse(problems: list[Problem], path: _Path, message: str) -> None:
    problems.append(Problem(pointer(path), message))
