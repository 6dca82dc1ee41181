"""Whether a rule holds for the facts of a case, and if not, which test fails.

Facts are nested mappings ``{"case": {...}, "customer": {...}, "context": {...}}``. A field that is absent or
None is missing; a missing field or a type mismatch makes a test false (``exists`` only asks for presence), and
nothing is coerced: true is not 1, "5" is not 5, but 5 equals 5.0.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from corpus.models import AllOf, AnyOf, Not, Rule, Test, primary_language
from corpus.times import bound, parse_moment
from corpus.wording import show

LANGUAGE_FIELD = "case.language"
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"lt": operator.lt, "lte": operator.le, "gt": operator.gt, "gte": operator.ge}
)


def holds(rule: Rule | None, facts: Mapping[str, object], now: datetime) -> bool:
    """Return whether the rule is true for the facts at the aware time ``now``; no rule is always true."""
    if rule is None:
        return True
    if isinstance(rule, AllOf):
        return all(holds(part, facts, now) for part in rule.rules)
    if isinstance(rule, AnyOf):
        return any(holds(part, facts, now) for part in rule.rules)
    if isinstance(rule, Not):
        return not holds(rule.rule, facts, now)
    return _test_holds(rule, _find(facts, rule.field), now)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureWords:
    """What says in one language why a rule does not hold; its fields, operators and values stand as written."""

    test: str
    nothing: str
    negated: str
    alternatives: str
    no_alternative: str
    exists: str
    missing: str
    both: str
    either: str
    inverted: str


ENGLISH = FailureWords(
    test="expected {rule}, found {found}",
    nothing="nothing",
    negated="expected not: {rule}, found {found}",
    alternatives="none of {count} alternatives holds: {failures}",
    no_alternative="no alternative given",
    exists="exists",
    missing="is missing",
    both="and",
    either="or",
    inverted="not",
)
GERMAN = FailureWords(
    test="erwartet: {rule}, gefunden: {found}",
    nothing="nichts",
    negated="nicht erwartet: {rule}, gefunden: {found}",
    alternatives="keine von {count} Möglichkeiten trifft zu: {failures}",
    no_alternative="keine Möglichkeit angegeben",
    exists="vorhanden",
    missing="fehlt",
    both="und",
    either="oder",
    inverted="nicht",
)


def first_failure(
    rule: Rule | None, facts: Mapping[str, object], now: datetime, words: FailureWords = ENGLISH
) -> str | None:
    """Return a short sentence on the first test that makes the rule false, or None where it holds."""
    if rule is None or holds(rule, facts, now):
        return None
    if isinstance(rule, AllOf):
        return next(filter(None, (first_failure(part, facts, now, words) for part in rule.rules)), None)
    if isinstance(rule, AnyOf):
        failures = [failure for part in rule.rules if (failure := first_failure(part, facts, now, words))]
        told = words.alternatives.format(count=len(failures), failures="; ".join(failures))
        return told if failures else words.no_alternative
    if isinstance(rule, Not):
        return words.negated.format(rule=describe(rule.rule, words), found=_found_by(rule.rule, facts, words))
    return words.test.format(rule=describe(rule, words), found=_shown_or(_find(facts, rule.field), words))


def _found_by(rule: Rule, facts: Mapping[str, object], words: FailureWords) -> str:
    if isinstance(rule, Test):
        return _shown_or(_find(facts, rule.field), words)
    return ", ".join(f"{field} {_shown_or(_find(facts, field), words)}" for field in dict.fromkeys(fields_of(rule)))


def fields_of(rule: Rule) -> tuple[str, ...]:
    """Return the field of every test of a rule, in its order."""
    if isinstance(rule, Test):
        return (rule.field,)
    parts = (rule.rule,) if isinstance(rule, Not) else rule.rules
    return tuple(field for part in parts for field in fields_of(part))


def _shown_or(found: object | None, words: FailureWords) -> str:
    return words.nothing if found is None else _shown(found)


def describe(rule: Rule, words: FailureWords = ENGLISH) -> str:
    """Return the rule in one line, such as ``(customer.segment eq "privat" and case.channel exists)``."""
    if isinstance(rule, Not):
        return f"{words.inverted} {describe(rule.rule, words)}"
    if isinstance(rule, AllOf | AnyOf):
        word = words.both if isinstance(rule, AllOf) else words.either
        return f"({f' {word} '.join(describe(part, words) for part in rule.rules)})"
    if rule.op == "exists":
        return f"{rule.field} {words.exists if rule.value else words.missing}"
    return f"{rule.field} {rule.op} {_shown(rule.value)}"


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(show(part) for part in value)}]"
    return value.isoformat() if isinstance(value, datetime) else show(value)


def _find(facts: Mapping[str, object], field: str) -> object | None:
    found: object = facts
    for name in field.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def _test_holds(test: Test, found: object | None, now: datetime) -> bool:
    if test.op == "exists":
        return (found is not None) is test.value
    if found is None:
        return False
    if test.op in _ORDER:
        return _is_number(found) and _is_number(test.value) and _ORDER[test.op](found, test.value)
    if test.op in ("before", "after"):
        return _compares_in_time(test, found, now)
    return _is_or_is_not(test, found)


def _is_or_is_not(test: Test, found: object) -> bool:
    elements: tuple[object, ...] = tuple(found) if isinstance(found, list | tuple) else (found,)
    wanted: tuple[object, ...] = test.value if isinstance(test.value, tuple) else (test.value,)
    if test.field == LANGUAGE_FIELD:
        elements, wanted = tuple(map(_primary, elements)), tuple(map(_primary, wanted))
    kinds = {_kind(value) for value in wanted}
    equal = any(_kind(value) == _kind(other) and value == other for value in elements for other in wanted)
    if test.op in ("eq", "in"):
        return equal and None not in kinds
    return not equal and all(_kind(value) in kinds for value in elements) and None not in kinds


def _compares_in_time(test: Test, found: object, now: datetime) -> bool:
    try:
        time, limit = parse_moment(found), bound(str(test.value), now)
    except ValueError:
        return False
    return time < limit if test.op == "before" else time > limit


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(value: object) -> str | None:
    """Return the JSON type of a scalar, whose values compare with each other only; None for all else."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "text"
    return "number" if isinstance(value, int | float) else None


def _primary(value: object) -> object:
    return primary_language(value) if isinstance(value, str) else value
