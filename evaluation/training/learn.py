"""Learning how far to believe history: what solved cases say weighs anew, what the content says stays as shipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assist.confidence import KindConfidence
from assist.ranking import RankWeights
from assist.scorer import Scorer
from evaluation.fit_history import START, fit_certainty, fit_history
from evaluation.fit_material import past_answered
from evaluation.fit_ranker import claims_of, with_thresholds
from evaluation.training.periods import Period
from evaluation.workbench import Workbench
from index.situations import UsedKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned of one kind, from so many ``answers`` to questions."""

    weights: RankWeights
    confidence: KindConfidence
    answers: int

    def within(self, scorer: Scorer, kind: UsedKind) -> Scorer:
        """Return a scorer in which this stands for a kind."""
        return replace(
            scorer,
            weights={**scorer.weights, kind: self.weights},
            confidence={**scorer.confidence, kind: self.confidence},
        )


Learn = Callable[[Workbench, Period, UsedKind, Scorer], Learned]


def learn(workbench: Workbench, period: Period, kind: UsedKind, shipped: Scorer) -> Learned:
    """Fit the history of a kind, how sure it may be, and the thresholds; raises ``ValueError`` without right answers.

    The inner questions are asked with all of their history, with items hidden from it, and with little of it.
    """
    answered = list(past_answered(workbench, period.inner, hidden=period.hidden))
    weights, model = shipped.weights[kind], shipped.confidence[kind]
    with workbench.reporter.stage(f"fit {kind}"):
        history = fit_history(answered, weights, sequence=kind == "actions", own=True, start=weights.history or START)
        believing = replace(weights, history=history)
        sure = replace(believing, history=fit_certainty(answered, believing, model))
        claims = list(claims_of(answered, sure, model))
    return Learned(weights=sure, confidence=with_thresholds(model, claims), answers=len(answered))
