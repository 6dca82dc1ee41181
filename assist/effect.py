"""What a change of the corpus does to suggestions: the first item of each kind, before and after, case by case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from assist.models import SUGGEST_KINDS, SuggestKind, SuggestRequest
from assist.suggest import Suggester
from corpus.models import Case
from index.effects import Change, Effect

CASES_ASKED = 200
EXAMPLES = 10


def last_solved(cases: Iterable[Case], number: int = CASES_ASKED) -> tuple[Case, ...]:
    """Return the solved cases that closed last, the latest first."""
    solved = [(case.closed_at, case.id, case) for case in cases if case.is_solved_history and case.closed_at]
    return tuple(case for _, _, case in sorted(solved, key=lambda each: each[:2], reverse=True)[:number])


def effect(
    before: Suggester, after: Suggester, cases: Sequence[Case], *, as_of: datetime, audiences: frozenset[str]
) -> Effect:
    """Ask both suggesters about every case as it stands, judged at a time, and compare what comes first."""
    changes = []
    for case in cases:
        request = SuggestRequest(
            case=case, limits=dict.fromkeys(SUGGEST_KINDS, 1), as_of=as_of, audiences=audiences, language="de"
        )
        was, would_be = _first_items(before, request), _first_items(after, request)
        changes += [
            Change(case=case.id, kind=kind, was=was[kind], would_be=would_be[kind])
            for kind in SUGGEST_KINDS
            if was[kind] != would_be[kind]
        ]
    return Effect(
        cases=len(cases),
        changed_cases=len({change.case for change in changes}),
        changes={kind: sum(change.kind == kind for change in changes) for kind in SUGGEST_KINDS},
        examples=tuple(changes[:EXAMPLES]),
    )


def _first_items(suggester: Suggester, request: SuggestRequest) -> dict[SuggestKind, str | None]:
    answer = suggester.suggest(request)
    return {kind: next((each.id for each in getattr(answer, kind) or ()), None) for kind in SUGGEST_KINDS}
