"""How much of what feedback claims counts: so bounded that nobody can steer the ranking with it.

Whoever asks may name any case and may claim to have sent anything. So an item gains few cases from any one hand (an
agent behind an API key), and not many from any one key, unless others use it too. Which cases count is drawn by hash:
the same from build to build, whoever claims them in what order. ``docs/feedback.md`` says what this holds off.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from corpus.models import PUBLIC, Case
from index.claims import Claim, Place, Who, used_ids
from index.situations import USED_KINDS, UsedKind

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """How many cases an item may gain from one source: ``cases``, or ``share`` of the cases in which others used it.

    Of a hand that is known ``hand_cases``; of a key ``hand_cases`` too, or the share ``key_part`` of all solved cases.
    """

    hand_cases: int = 3
    key_part: float = 0.02
    share: float = 0.25

    def hand(self, others: int) -> int:
        """Return how many cases count of one hand where others used the item in so many."""
        return max(self.hand_cases, int(self.share * others))

    def key(self, others: int, solved: int) -> int:
        """Return how many cases count of one key, of so many solved ones."""
        return max(self.hand_cases, int(self.key_part * solved), int(self.share * others))


BOUND = Bound()


def within(
    claims: Sequence[Claim], solved: Mapping[str, Case], bound: Bound | None, *, before: Sequence[Claim] = ()
) -> list[Claim]:
    """Return the claims that count; ``before`` are claims that count already, and use up what a source may claim.

    Each group of cases that the same people see is bounded by itself, and what others used is counted in the cases that
    everybody sees: nobody can tell by the rest what lies in cases that are hidden from him.
    """
    if bound is None:
        return list(claims)
    known, public = _known(solved, before)
    sizes = Counter(_group(case) for case in solved.values())
    groups: dict[tuple[Group, UsedKind, str], list[Claim]] = defaultdict(list)
    for claim in (*before, *claims):
        groups[_group(solved[claim.case]), claim.kind, claim.item].append(claim)
    first = {claim.place for claim in before}
    kept: list[Claim] = []
    for (group, kind, item), some in groups.items():
        seen = public if PUBLIC in group else public + sizes[group]
        counting = _counting(some, known[kind, item], seen, bound, first)
        kept += [claim for claim in some if claim.case in counting and claim.place not in first]
    return sorted(kept, key=lambda claim: (claim.case, claim.kind, claim.at, claim.item))


def _known(solved: Mapping[str, Case], before: Sequence[Claim]) -> tuple[Counter[tuple[UsedKind, str]], int]:
    """Return in how many cases that everybody sees each item was used, claims aside, and how many such cases are."""
    claimed = {claim.place for claim in before}
    public = [case for case in solved.values() if PUBLIC in case.audience]
    uses = (
        (kind, item)
        for case in public
        for kind in USED_KINDS
        for item in used_ids(case, kind)
        if (case.id, kind, item) not in claimed
    )
    return Counter(uses), len(public)


def _counting(claims: Sequence[Claim], known: int, solved: int, bound: Bound, first: Collection[Place]) -> set[str]:
    """Return the cases in which one item counts, of the claims about it."""
    drawn = {claim.case: (claim.place not in first, _draw(claim)) for claim in claims}
    by_hand: dict[Who, set[str]] = defaultdict(set)
    for claim in claims:
        for who in claim.by:
            by_hand[who].add(claim.case)
    by_key: dict[str, set[str]] = defaultdict(set)
    # Nobody's word weighs more for another's than it may weigh for itself: two who help each other gain nothing.
    trusted = {who: min(len(cases), bound.hand_cases) for who, cases in by_hand.items()}
    for (key, hand), cases in by_hand.items():
        others = known + sum(trusted.values()) - trusted[key, hand]
        by_key[key] |= _first(cases, drawn, bound.hand(others)) if hand else cases
    vouched = {key: min(len(cases), bound.hand_cases) for key, cases in by_key.items()}
    kept: set[str] = set()
    for key, cases in by_key.items():
        others = known + sum(vouched.values()) - vouched[key]
        kept |= _first(cases, drawn, bound.key(others, solved))
    return kept


def _first(cases: Collection[str], drawn: Mapping[str, tuple[bool, str]], count: int) -> set[str]:
    return set(sorted(cases, key=lambda case: drawn[case])[:count])


def _draw(claim: Claim) -> str:
    return hashlib.sha256(f"{claim.kind}\0{claim.item}\0{claim.case}".encode()).hexdigest()


def _group(case: Case) -> Group:
    return (PUBLIC,) if PUBLIC in case.audience else tuple(sorted(case.audience))
