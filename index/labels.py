"""Cases that name no templates or articles learn from what was sent in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.models import Article, Case, Item, Template
from corpus.recovery.recover import labelled_cases
from index.situations import UsedKind


def with_recovered_uses(cases: Sequence[Case], items: Mapping[UsedKind, Sequence[Item]]) -> list[Case]:
    """Return the cases with the recovered uses of items; what a case names itself stays as it is."""
    return labelled_cases(
        cases,
        (item for item in items["templates"] if isinstance(item, Template)),
        (item for item in items["articles"] if isinstance(item, Article)),
    )
