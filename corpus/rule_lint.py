"""Rules of actions that can never hold, or always do: only what is certain, whatever a case brings.

Fields of the customer and of the context may be lists, on which ``eq`` and ``in`` mean any element: two values asked of
one of those may both be there. Those of the case, but for what was done, are single values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from corpus.eligibility import describe
from corpus.models import AllOf, AnyOf, Not, Rule, Scalar, Test, primary_language
from corpus.times import bound

SINGLE = frozenset({"case.product", "case.channel", "case.language", "case.priority"})
DONE = "case.actions_done"
# Any will do: only the order of two bounds of the same sort is compared.
_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRemark:
    """What is odd about a part of a rule: where it stands (a JSON Pointer from the rule's root), and what to do."""

    pointer: str
    message: str


def remarks_on_rule(rule: Rule | None) -> tuple[RuleRemark, ...]:
    """Return what can never hold or always holds in a rule, the innermost reasons only.

    >>> eq = [Test("case.product", "eq", value) for value in ("tv", "mobil")]
    >>> remarks_on_rule(AllOf(tuple(eq)))[0].message
    'never holds: case.product eq "tv" and case.product eq "mobil" exclude each other: mend one of them'
    """
    return () if rule is None else tuple(_remarks(rule, ""))


def unknown_actions(rule: Rule | None, known: Iterable[str]) -> tuple[RuleRemark, ...]:
    """Return the tests that ask for actions done which no action of the catalogue is."""
    ids = frozenset(known)
    found = []
    for pointer, test in _tests(rule, "") if rule is not None else ():
        wanted = test.value if isinstance(test.value, tuple) else (test.value,)
        missing = [str(each) for each in wanted if test.field == DONE and test.op != "exists" and each not in ids]
        if missing:
            message = f"found {', '.join(missing)} in {DONE}, which is no action of the catalogue: correct the id"
            found.append(RuleRemark(pointer=pointer, message=message))
    return tuple(found)


def _remarks(rule: Rule, pointer: str) -> Iterator[RuleRemark]:
    inner = [remark for name, part in _parts(rule, pointer) for remark in _remarks(part, name)]
    yield from inner
    if inner:
        return
    if isinstance(rule, AllOf):
        for one, other in combinations([part for part in rule.rules if isinstance(part, Test)], 2):
            if _exclude(one, other):
                message = f"never holds: {describe(one)} and {describe(other)} exclude each other: mend one of them"
                yield RuleRemark(pointer=f"{pointer}/all", message=message)
    elif isinstance(rule, AnyOf):
        yield from _any_remarks(rule, pointer)


def _any_remarks(rule: AnyOf, pointer: str) -> Iterator[RuleRemark]:
    if not rule.rules:
        message = "never holds: found an empty list, expected a rule: leave the list out, or add one"
        yield RuleRemark(pointer=f"{pointer}/any", message=message)
    for one, other in combinations([part for part in rule.rules if isinstance(part, Test)], 2):
        if one.field == other.field and one.op == other.op == "exists" and one.value != other.value:
            message = f"always holds: {one.field} exists or is missing in every case: leave both out, or mend one"
            yield RuleRemark(pointer=f"{pointer}/any", message=message)


def _parts(rule: Rule, pointer: str) -> Iterator[tuple[str, Rule]]:
    if isinstance(rule, Not):
        yield f"{pointer}/not", rule.rule
    elif isinstance(rule, AllOf | AnyOf):
        form = "all" if isinstance(rule, AllOf) else "any"
        for place, part in enumerate(rule.rules):
            yield f"{pointer}/{form}/{place}", part


def _tests(rule: Rule, pointer: str) -> Iterator[tuple[str, Test]]:
    if isinstance(rule, Test):
        yield pointer, rule
    for name, part in _parts(rule, pointer):
        yield from _tests(part, name)


def _exclude(one: Test, other: Test) -> bool:
    """Whether two tests never hold together."""
    if one.field != other.field:
        return False
    return any(
        _missing_and_asked(*pair) or _wanted_and_not(*pair) or _two_values(*pair) or _above_and_below(*pair)
        for pair in ((one, other), (other, one))
    )


def _missing_and_asked(one: Test, other: Test) -> bool:
    return one.op == "exists" and one.value is False and not (other.op == "exists" and other.value is False)


def _wanted_and_not(one: Test, other: Test) -> bool:
    return one.op in ("eq", "in") and other.op in ("ne", "not_in") and _values(one) <= _values(other)


def _two_values(one: Test, other: Test) -> bool:
    wanted = one.op in ("eq", "in") and other.op in ("eq", "in")
    return wanted and one.field in SINGLE and _values(one).isdisjoint(_values(other))


def _above_and_below(one: Test, other: Test) -> bool:
    """Whether the first asks for more than the second allows."""
    if one.op in ("gt", "gte") and other.op in ("lt", "lte"):
        low, high = float(str(one.value)), float(str(other.value))
        return low > high or (low == high and (one.op, other.op) != ("gte", "lte"))
    if one.op == "after" and other.op == "before":
        spans = [str(test.value)[:1] in "+-" for test in (one, other)]
        return spans[0] == spans[1] and bound(str(one.value), _MOMENT) >= bound(str(other.value), _MOMENT)
    return False


def _values(test: Test) -> frozenset[tuple[str, Scalar | None]]:
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    return frozenset((_sort(value), _compared(test.field, value)) for value in values)


def _compared(field: str, value: Scalar) -> Scalar | None:
    return primary_language(value) if field == "case.language" and isinstance(value, str) else value


def _sort(value: Scalar) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "number"
