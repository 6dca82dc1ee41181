"""What feedback does to ranking: an honest month of it, and an adversary who takes one item whatever the case.

Both begin with a history whose uses are hidden, so that nothing but feedback tells what was used. Every agent is
behind one API key, as behind one CRM. The questions are those of the set, asked of later cases.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from assist.models import SuggestRequest
from corpus.feedback import Evidence, FeedbackEvent
from corpus.models import Case
from evaluation.bench import open_bench
from evaluation.bootstrap import GroupBootstrap, Interval
from evaluation.feedback_agents import reactions, team
from evaluation.heirs import current_ids
from evaluation.questions import JudgedSet, Question
from evaluation.workbench import Workbench
from index.bounds import BOUND, Bound
from index.labels import Items, with_known_uses
from index.situations import USED_KINDS, UsedKind

AGENTS = 30
KEY = "crm"
WEEKS = 4
SHOWN = 3
_NOW = datetime(2026, 11, 5, tzinfo=UTC)

# What is compared: how feedback is bounded, by name.
BOUNDS: Mapping[str, Bound | None] = {"bounded": BOUND, "unbounded": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Earlier cases without their uses, which items were right in each, and the questions about later cases."""

    judged: JudgedSet
    kind: UsedKind
    cases: tuple[Case, ...]
    right: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The items ranked first for every question, in the order of the questions."""

    ranked: tuple[tuple[str, ...], ...]

    def first_right(self, questions: Sequence[Question]) -> list[float]:
        """Return for every question whether its first item is right."""
        return [float(bool(set(ids[:1]) & each.relevant)) for ids, each in zip(self.ranked, questions, strict=True)]


def material(judged: JudgedSet, *, cases: int, questions: int, seed: int) -> Material:
    """Draw earlier cases and questions from a set of a history; each case had something right."""
    kind = next((kind for kind in USED_KINDS if kind == judged.kind), None)
    if kind is None:
        raise ValueError(f"{judged.name}: found a set about similar cases, expected articles, templates or actions")
    chance = random.Random(seed)  # noqa: S311 - no secret
    current = current_ids(judged.records[kind])
    every = [case for case in judged.records["cases"] if isinstance(case, Case)]
    right = {case.id: frozenset(current[use.id] for use in getattr(case, kind) if use.id in current) for case in every}
    told = [case for case in every if right[case.id]]
    drawn = sorted(chance.sample(told, min(cases, len(told))), key=lambda case: (case.closed_at or _NOW, case.id))
    asked = chance.sample(list(judged.questions), min(questions, len(judged.questions)))
    nothing: dict[str, Any] = dict.fromkeys(USED_KINDS, ())
    return Material(
        judged=replace(judged, questions=tuple(sorted(asked, key=lambda question: question.id))),
        kind=kind,
        cases=tuple(replace(case, resolution=None, **nothing) for case in drawn),
        right=right,
    )


def ranked(of: Material, history: Sequence[Case], workbench: Workbench, *, limit: int = 20) -> Answers:
    """Ask all questions with these cases as history, without abstaining."""
    records = {**of.judged.records, "cases": sorted(history, key=lambda case: case.id)}
    bench = open_bench(replace(of.judged, records=records), workbench)
    suggest = bench.suggester.suggest
    found = [suggest(replace(bench.asked[each.id].request, limits={of.kind: limit})) for each in of.judged.questions]
    return Answers(ranked=tuple(tuple(item.id for item in getattr(each, of.kind) or ()) for each in found))


def taught(of: Material, evidence: Sequence[Evidence], bound: Bound | None) -> list[Case]:
    """Return the cases with what feedback taught."""
    return with_known_uses(of.cases, _items(of), evidence, recover=False, bound=bound)


def honest_month(of: Material, workbench: Workbench, *, seed: int) -> list[Evidence]:
    """Let a team work through the cases, a week at a time; each week's index knows the feedback of the weeks before."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    agents = team(AGENTS, chance)
    evidence: list[Evidence] = []
    for week in range(WEEKS):
        before = of.cases[: week * len(of.cases) // WEEKS]
        now = of.cases[week * len(of.cases) // WEEKS : (week + 1) * len(of.cases) // WEEKS]
        history = with_known_uses(before, _items(of), evidence, recover=False)
        for case, shown in zip(now, _shown(of, history, now, workbench), strict=True):
            agent = chance.choice(agents)
            done = reactions(agent, shown, of.right[case.id], chance)
            evidence += [_told(of.kind, case, item, event, agent.name) for item, event in done]
    return evidence


def hijacked(
    of: Material, item: str, share: float, *, seed: int, names: int = 1, key: str = KEY
) -> tuple[list[Evidence], int]:
    """Return the feedback of a team that sends what is right, but for one who sends ``item`` in a share of the cases.

    He gives himself ``names`` in turn. The number of his cases comes with it.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    his = set(chance.sample([case.id for case in of.cases], round(share * len(of.cases))))
    evidence = []
    for number, case in enumerate(of.cases):
        if case.id in his:
            evidence.append(_told(of.kind, case, item, "sent", f"2026Q4-x{number % names}", key))
        else:
            agent = f"2026Q4-{chance.randrange(AGENTS):04d}"
            evidence += [_told(of.kind, case, right, "sent", agent) for right in sorted(of.right[case.id])]
    return evidence, len(his)


def interval(of: Material, values: Sequence[float]) -> Interval:
    """Return the 95 % interval of the mean of values by question, by bootstrap over groups."""
    return GroupBootstrap([question.group for question in of.judged.questions]).interval(values)


def usual_items(of: Material, count: int) -> list[str]:
    """Return items that are used neither often nor seldom: what an adversary may want to lift."""
    used = Counter(item for case in of.cases for item in sorted(of.right[case.id]))
    middle = sorted(used, key=lambda item: (used[item], item))
    start = max(0, (len(middle) - count) // 2)
    return middle[start : start + count]


def _shown(of: Material, history: Sequence[Case], cases: Sequence[Case], workbench: Workbench) -> list[list[str]]:
    """Return what the service shows for cases, which abstains where nothing is likely to help."""
    questions = tuple(Question(id=case.id, case=_open(case), relevant=frozenset(), group=case.id) for case in cases)
    records = {**of.judged.records, "cases": sorted(history, key=lambda case: case.id)}
    bench = open_bench(replace(of.judged, records=records, questions=questions), workbench)
    requests: list[SuggestRequest] = [
        replace(bench.asked[case.id].request, limits={of.kind: SHOWN}, min_confidence=None) for case in cases
    ]
    return [[item.id for item in getattr(bench.suggester.suggest(each), of.kind) or ()] for each in requests]


def _open(case: Case) -> Case:
    return replace(case, closed_at=None, status=None, outcome=None)


def _told(kind: UsedKind, case: Case, item: str, event: FeedbackEvent, agent: str, key: str = KEY) -> Evidence:
    return Evidence(
        case_id=case.id,
        kind=kind,
        item_id=item,
        event=event,
        at=case.closed_at or _NOW,
        key=key,
        hand=agent,
    )


def _items(of: Material) -> Items:
    records: Any = of.judged.records
    return {kind: records.get(kind, ()) for kind in USED_KINDS}
