"""What was used in cases, by all that is known: what they name, what feedback tells, what was recovered.

In this order. What a case names itself is never taken away. What was sent or done according to feedback is added.
What agents' messages show is recovered for kinds of which nothing is known yet; and where even then nothing is, what an
agent put into a reply or looked at may count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from corpus.feedback import Evidence
from corpus.models import PUBLIC, Article, Case, Item, Template, Use
from corpus.recovery.recover import labelled_cases
from index.bounds import BOUND, Bound, within
from index.claims import Claim, certain_claims, possible_claims
from index.situations import USED_KINDS, UsedKind

Items = Mapping[UsedKind, Sequence[Item]]


def with_known_uses(
    cases: Sequence[Case],
    items: Items,
    evidence: Sequence[Evidence] = (),
    *,
    recover: bool = True,
    bound: Bound | None = BOUND,
) -> list[Case]:
    """Return the cases with everything that was used in them, as far as it is known; only solved ones gain uses.

    ``evidence`` is the feedback about cases, ``recover`` whether uses are recovered from what was sent. Without a
    ``bound`` whatever feedback claims counts, which is for studies only.
    """
    solved = _solved(cases)
    certain = within(certain_claims(evidence, solved), solved, bound)
    told = _gaining(cases, certain)
    known = with_recovered_uses(told, items) if recover else told
    public = {kind: {item.id for item in items[kind] if PUBLIC in item.audience} for kind in USED_KINDS}
    solved = _solved(known)
    return _gaining(known, within(possible_claims(evidence, solved, public), solved, bound, before=certain))


def with_recovered_uses(cases: Sequence[Case], items: Items) -> list[Case]:
    """Return the cases with the recovered uses of items; what a case names itself stays as it is."""
    return labelled_cases(
        cases,
        (item for item in items["templates"] if isinstance(item, Template)),
        (item for item in items["articles"] if isinstance(item, Article)),
    )


def _solved(cases: Iterable[Case]) -> dict[str, Case]:
    return {case.id: case for case in cases if case.is_solved_history}


def _gaining(cases: Sequence[Case], claims: Iterable[Claim]) -> list[Case]:
    gained: dict[str, list[Claim]] = {}
    for claim in claims:
        gained.setdefault(claim.case, []).append(claim)
    return [_with(case, gained[case.id]) if case.id in gained else case for case in cases]


def _with(case: Case, claims: Iterable[Claim]) -> Case:
    # When it was used is not told by messages, so that it counts from the opening on.
    gained: dict[str, Any] = {}
    for claim in claims:
        gained[claim.kind] = (*gained.get(claim.kind, getattr(case, claim.kind)), Use(id=claim.item))
    return replace(case, **gained)
