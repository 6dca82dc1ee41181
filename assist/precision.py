"""The precision that is wanted of suggestions, where no setting says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assist.models import SuggestKind

TARGET_PRECISION: Mapping[SuggestKind, float] = MappingProxyType(
    {"articles": 0.5, "templates": 0.7, "actions": 0.6, "similar_cases": 0.6}
)
"""The share of right ones among the first items shown that is wanted of each kind."""
