"""Training: a ranker learned from the records of a store, judged on their later part, and the scorecard of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assist.models import SEARCH_KINDS
from assist.own_ranker import own_name
from assist.scorer import Scorer
from evaluation.bench import open_bench
from evaluation.fit_history import START
from evaluation.fit_material import QUESTIONS_PER_SET, sampled
from evaluation.training.curve import METRIC, learning_curve
from evaluation.training.judge import CONTENT, LEARNED, SHIPPED, Judgement, judge
from evaluation.training.learn import Learn, Learned, learn
from evaluation.training.periods import Period, Periods, part
from evaluation.training.records import OwnRecords
from evaluation.training.scorecard import KindCard, Scorecard
from evaluation.training.words import weights_told
from evaluation.training.workbench import OwnWorkbench
from index.situations import UsedKind

QUESTIONS = 600
"""At most so many later questions of a kind judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The scorer that may serve, the shipped one where nothing learned may, and the scorecard."""

    scorer: Scorer
    card: Scorecard


def train(records: OwnRecords, workbench: OwnWorkbench, *, data: str, at: datetime, learning: Learn = learn) -> Trained:
    """Learn from ``records``, judge, and tell; ``data`` is the fingerprint of the store, ``at`` the time of day.

    Raises ``TooLittleHistoryError`` where there is too little to learn from or to judge by.
    """
    periods = part(records)
    learned = _learned(periods, workbench.afresh(), workbench.scorer, learning)
    judgements = {kind: _judged(period, workbench, learned[kind], kind) for kind, period in periods.kinds.items()}
    scorer = _serving(workbench.scorer, learned, judgements)
    kinds = {
        kind: _kind_card(period, workbench, learned[kind], judgements[kind], kind)
        for kind, period in periods.kinds.items()
    }
    card = Scorecard(
        ranker=None if scorer is workbench.scorer else scorer.name,
        made_at=at.isoformat(timespec="seconds"),
        encoder=workbench.encoder.name,
        encoder_fingerprint=workbench.encoder.fingerprint,
        data=data,
        counts=_counts(records, periods),
        split=periods.split.facts,
        coverage=records.coverage(),
        labels=records.labels(),
        kinds=kinds,
        left_out=periods.left_out,
    )
    return Trained(scorer=scorer, card=card)


def _learned(periods: Periods, workbench: OwnWorkbench, shipped: Scorer, learning: Learn) -> Mapping[UsedKind, Learned]:
    return {kind: learning(workbench, period, kind, shipped) for kind, period in periods.kinds.items()}


def _judged(period: Period, workbench: OwnWorkbench, learned: Learned, kind: UsedKind) -> Judgement:
    bench = open_bench(sampled(period.later, QUESTIONS), workbench)
    return judge(bench, workbench.scorer, learned.within(workbench.scorer, kind))


def _serving(shipped: Scorer, learned: Mapping[UsedKind, Learned], judgements: Mapping[UsedKind, Judgement]) -> Scorer:
    scorer = shipped
    for kind, judgement in judgements.items():
        if not judgement.reasons:
            scorer = learned[kind].within(scorer, kind)
    return scorer if scorer is shipped else replace(scorer, name=own_name(scorer))


def _kind_card(
    period: Period, workbench: OwnWorkbench, learned: Learned, judgement: Judgement, kind: UsedKind
) -> KindCard:
    shipped = workbench.scorer
    rankers = {SHIPPED: shipped}
    if not judgement.reasons:
        rankers[LEARNED] = learned.within(shipped, kind)
    return KindCard(
        fitted=len(sampled(period.inner, 2 * QUESTIONS_PER_SET).questions),
        answers=learned.answers,
        history=len(period.inner.records["cases"]),
        dropped=period.later.dropped,
        judgement=judgement,
        weights=weights_told(shipped.weights[kind].history or START, learned.weights.history or START),
        curve=learning_curve(
            sampled(period.later, QUESTIONS),
            workbench,
            rankers,
            content=judgement.systems[CONTENT][METRIC],
            whole={name: judgement.systems[name][METRIC] for name in rankers},
        ),
    )


def _counts(records: OwnRecords, periods: Periods) -> Mapping[str, int]:
    return {
        **{kind: len(getattr(records.corpus, kind)) for kind in SEARCH_KINDS},
        "solved cases": len(records.solved),
        "earlier cases": len(periods.split.history),
        "later cases": len(periods.split.tests),
        "cases open across the split": periods.split.dropped["closed after the split"],
    }
