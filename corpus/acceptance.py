"""How suggestions were taken, in figures that are never about fewer than ten agents.

Suggestions are counted in cells: one item in one channel and language in one month. A cell of fewer than ten agents is
added to the other small ones of its item and month, what is small even then to those of its kind and month, and what is
small at last is left out of every figure. All figures are sums of what remains. So no difference between any two of
them tells of fewer than ten, nor one between figures that begin in two months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby

from corpus.feedback import PERHAPS_USED, SPEAKS_AGAINST, USED_FOR_CERTAIN, FeedbackKind
from corpus.feedback_store import FeedbackStore, Reaction
from corpus.privacy.agent_figures import AgentFigure, shown_figure, shown_figures

FEW = "(few agents)"
"""Stands for items, channels and languages that are counted together, having too few agents each."""
UNKNOWN = "(unknown)"
NO_REASON = "(no reason)"
_PUT_TO_USE = frozenset({"copied", "inserted", "attached", *USED_FOR_CERTAIN})
_TAKEN = frozenset({*PERHAPS_USED, *USED_FOR_CERTAIN})
_REFUSED = frozenset(SPEAKS_AGAINST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers of suggestions: ``shown``, and of these those that were used, sent or executed, dismissed, judged."""

    shown: int = 0
    used: int = 0
    sent: int = 0
    dismissed: int = 0
    helpful: int = 0
    not_helpful: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return the sums."""
        return Counts(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One item in one channel, language and month, or several together; ``reasons`` are those of what was dismissed.

    ``taken`` and ``refused`` count suggestions of which any event says that they may have helped, or did not.
    """

    item: str
    month: str
    channel: str
    language: str
    counts: Counts
    taken: int
    refused: int
    agents: frozenset[str]
    reasons: Mapping[str, AgentFigure]

    @property
    def may_be_shown(self) -> bool:
        """Whether it is about ten agents or more."""
        return shown_figure(AgentFigure(self.counts.shown, self.agents)) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAcceptance:
    """One item; a reason of which there is a figure of fewer than ten agents is ``None``.

    ``taken`` and ``refused`` are the sums of those of its cells.
    """

    id: str
    counts: Counts
    taken: int
    refused: int
    reasons: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindAcceptance:
    """One kind of item. ``hidden`` counts the cells that are in no figure."""

    kind: FeedbackKind
    total: Counts
    items: tuple[ItemAcceptance, ...]
    channels: Mapping[str, Counts]
    languages: Mapping[str, Counts]
    hidden: int


def acceptance(store: FeedbackStore, since: datetime | None = None) -> Iterator[KindAcceptance]:
    """Yield how the suggestions of each kind were taken, those that feedback since a time is about."""
    for kind, named in groupby(store.items(), key=lambda entry: entry[0]):
        yield _of_kind(kind, [cell for _, item in named for cell in cells(item, store.reactions(kind, item, since))])


def cells(item: str, reactions: Iterable[Reaction]) -> list[Cell]:
    """Count the suggestions of an item by month, channel and language; any event says that one was shown."""
    by_place: dict[tuple[str, str, str], list[Reaction]] = defaultdict(list)
    for each in reactions:
        by_place[f"{each.at:%Y-%m}", each.channel or UNKNOWN, each.language or UNKNOWN].append(each)
    return [
        Cell(
            item=item,
            month=month,
            channel=channel,
            language=language,
            counts=_counts(some),
            taken=_suggestions_with(_TAKEN, some),
            refused=_suggestions_with(_REFUSED, some),
            agents=frozenset(each.agent for each in some if each.agent is not None),
            reasons=_reasons(some),
        )
        for (month, channel, language), some in sorted(by_place.items())
    ]


def large_cells(small: Sequence[Cell]) -> tuple[list[Cell], int]:
    """Return cells of ten agents or more, adding small ones together, and how many small ones are in none of them."""
    large, few = _together(small, lambda cell: cell.item)
    whole, left = _together(few, lambda cell: FEW)
    return large + whole, len(left)


def _together(some: Sequence[Cell], named: Callable[[Cell], str]) -> tuple[list[Cell], list[Cell]]:
    """Return the cells that may be shown, the sums of the others by name and month that may be, and what is left."""
    large = [cell for cell in some if cell.may_be_shown]
    few: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in some:
        if not cell.may_be_shown:
            few[named(cell), cell.month].append(cell)
    left: list[Cell] = []
    for (name, _), group in sorted(few.items()):
        whole = _sum(name, group)
        if whole.may_be_shown:
            large.append(whole)
        else:
            left += group
    return large, left


def _sum(item: str, some: Sequence[Cell]) -> Cell:
    return Cell(
        item=item,
        month=some[0].month,
        channel=FEW,
        language=FEW,
        counts=_total(some),
        taken=sum(cell.taken for cell in some),
        refused=sum(cell.refused for cell in some),
        agents=frozenset(agent for cell in some for agent in cell.agents),
        reasons=_added(some),
    )


def _of_kind(kind: FeedbackKind, found: Sequence[Cell]) -> KindAcceptance:
    large, hidden = large_cells(found)
    by_item: dict[str, list[Cell]] = defaultdict(list)
    for cell in large:
        by_item[cell.item].append(cell)
    items = (
        ItemAcceptance(
            id=item,
            counts=_total(some),
            taken=sum(cell.taken for cell in some),
            refused=sum(cell.refused for cell in some),
            reasons=_shown_reasons(some),
        )
        for item, some in by_item.items()
    )
    return KindAcceptance(
        kind=kind,
        total=_total(large),
        items=tuple(sorted(items, key=lambda each: (-each.counts.shown, each.id))),
        channels=_by(large, lambda cell: cell.channel),
        languages=_by(large, lambda cell: cell.language),
        hidden=hidden,
    )


def _by(some: Sequence[Cell], named: Callable[[Cell], str]) -> dict[str, Counts]:
    return {name: _total([cell for cell in some if named(cell) == name]) for name in sorted({*map(named, some)})}


def _total(some: Iterable[Cell]) -> Counts:
    return sum((cell.counts for cell in some), Counts())


def _counts(some: Iterable[Reaction]) -> Counts:
    events: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for each in some:
        events[each.suggestion].add(each.event)
    told = events.values()
    return Counts(
        shown=len(told),
        used=sum(bool(names & _PUT_TO_USE) for names in told),
        sent=sum(bool(names & set(USED_FOR_CERTAIN)) for names in told),
        dismissed=sum("dismissed" in names for names in told),
        helpful=sum("helpful" in names for names in told),
        not_helpful=sum("not_helpful" in names for names in told),
    )


def _suggestions_with(events: Collection[str], some: Iterable[Reaction]) -> int:
    return len({each.suggestion for each in some if each.event in events})


def _reasons(some: Iterable[Reaction]) -> dict[str, AgentFigure]:
    found: dict[str, list[Reaction]] = defaultdict(list)
    for each in some:
        if each.event in SPEAKS_AGAINST:
            found[each.reason or NO_REASON].append(each)
    return {
        reason: AgentFigure(len(told), frozenset(each.agent for each in told if each.agent is not None))
        for reason, told in found.items()
    }


def _added(some: Iterable[Cell]) -> dict[str, AgentFigure]:
    found: dict[str, AgentFigure] = {}
    for cell in some:
        for reason, figure in cell.reasons.items():
            before = found.get(reason, AgentFigure(0, frozenset()))
            found[reason] = AgentFigure(before.value + figure.value, before.agents | figure.agents)
    return found


def _shown_reasons(some: Iterable[Cell]) -> dict[str, int | None]:
    shown = shown_figures(_added(some))
    return {reason: None if value is None else int(value) for reason, value in sorted(shown.items())}
