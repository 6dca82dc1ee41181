"""What feedback claims of solved cases: that an item was sent or done in them, or perhaps used.

``index.bounds`` decides how many claims of one source count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from corpus.feedback import PERHAPS_USED, SPEAKS_AGAINST, USED_FOR_CERTAIN, Evidence
from corpus.models import Case
from index.situations import USED_KINDS, UsedKind

Who = tuple[str, str]
Place = tuple[str, UsedKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That an item was used in a case, by these hands behind these keys; ``at`` is when it was first told."""

    case: str
    kind: UsedKind
    item: str
    by: frozenset[Who]
    at: datetime

    @property
    def place(self) -> Place:
        """What is claimed of what: case, kind and item."""
        return self.case, self.kind, self.item


def certain_claims(evidence: Iterable[Evidence], solved: Mapping[str, Case]) -> list[Claim]:
    """Return what was sent or done in solved cases that do not name it themselves, ordered."""
    told: dict[tuple[str, UsedKind, str], list[Evidence]] = defaultdict(list)
    for each in evidence:
        if each.event in USED_FOR_CERTAIN and each.case_id in solved:
            for kind in USED_KINDS:
                if kind == each.kind and each.item_id not in used_ids(solved[each.case_id], kind):
                    told[each.case_id, kind, each.item_id].append(each)
    return [_claim(*place, events) for place, events in sorted(told.items())]


def possible_claims(
    evidence: Iterable[Evidence], solved: Mapping[str, Case], public: Mapping[UsedKind, Collection[str]]
) -> list[Claim]:
    """Return what was perhaps used in solved cases that used nothing else of the kind: the likeliest item of each.

    ``public`` names the items that everybody may see. Among them it is decided as if there were no others, or who may
    not see an item could tell by what happened to the rest.
    """
    told: dict[tuple[str, UsedKind], dict[str, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    for each in evidence:
        if each.case_id in solved:
            for kind in USED_KINDS:
                if kind == each.kind:
                    told[each.case_id, kind][each.item_id].append(each)
    claims = []
    for (case, kind), by_item in sorted(told.items()):
        certain = {item for item, events in by_item.items() if any(each.event in USED_FOR_CERTAIN for each in events)}
        used = used_ids(solved[case], kind) | certain
        for seen, others in (
            (by_item.keys() & public[kind], used & set(public[kind])),
            (by_item.keys() - public[kind], used),
        ):
            likeliest = _likeliest({item: by_item[item] for item in seen})
            if likeliest is not None and not others:
                claims.append(_claim(case, kind, likeliest, by_item[likeliest]))
    return claims


def _likeliest(by_item: Mapping[str, Sequence[Evidence]]) -> str | None:
    """Return the item with the strongest evidence that nothing speaks against; ties by how much, when, and id."""
    ranked = [
        (strength, -len({each.event for each in events}), max(each.at for each in events), item)
        for item, events in by_item.items()
        if (strength := _strength(events)) is not None
    ]
    return min(ranked)[-1] if ranked else None


def _strength(events: Sequence[Evidence]) -> int | None:
    told = {each.event for each in events}
    if told & set(SPEAKS_AGAINST):
        return None
    return next((place for place, event in enumerate(PERHAPS_USED) if event in told), None)


def _claim(case: str, kind: UsedKind, item: str, events: Sequence[Evidence]) -> Claim:
    telling = [each for each in events if each.event in USED_FOR_CERTAIN or each.event in PERHAPS_USED]
    return Claim(
        case=case,
        kind=kind,
        item=item,
        by=frozenset((each.key, each.hand) for each in telling),
        at=min(each.at for each in telling),
    )


def used_ids(case: Case, kind: UsedKind) -> set[str]:
    """Return the ids of a kind that a case used."""
    return {use.id for use in getattr(case, kind)}
