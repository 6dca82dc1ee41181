"""Attributes of a customer: plain scalars, or lists of them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from corpus.wording import Problem, pointer, show

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SCALAR = "a text, a number, true or false"
_MAX_PROBLEMS = 100


def check_attributes(value: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the attributes (the first 100 faults), none if nothing is."""
    problems: list[Problem] = []
    for name, attribute in value.items():
        if not name.strip() or _CONTROL.search(name):
            problems.append(Problem(pointer([name]), f"found the name {show(name)}, expected one that is not blank"))
        problems += _faults(name, attribute)
        if len(problems) >= _MAX_PROBLEMS:
            break
    return problems[:_MAX_PROBLEMS]


def _faults(name: str, attribute: object) -> list[Problem]:
    if not isinstance(attribute, list):
        fault = Problem(pointer([name]), f"found {show(attribute)}, expected {_SCALAR}, or a list of these")
        return [] if _is_scalar(attribute) else [fault]
    return [
        Problem(pointer([name, position]), f"found {show(part)}, expected {_SCALAR}")
        for position, part in enumerate(attribute)
        if not _is_scalar(part)
    ]


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
