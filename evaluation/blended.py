"""The suggester and the cosine alone with another blend of the cosines of an article and its passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assist.considering import Considered
from assist.ranking import contributions, order
from evaluation.bench import DEPTH, Asked, Bench
from evaluation.blends import BLENDS, SHIPPED_BLEND, Blend, KnownCosines
from evaluation.questions import Question, Ranking, Run
from evaluation.system import ScoredSystem, Update, counted

Answers = dict[str, Ranking]


def dense_blended(name: str, bench: Bench, blend: Blend, cosines: KnownCosines) -> ScoredSystem:
    """Return the system that ranks by the blended cosine alone."""
    return ScoredSystem(name=name, bench=bench, scorer=lambda asked, allowed: blend(cosines.of(asked)).astype("f8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BlendedSuggester:
    """The suggester in which only meaning is made of other blends.

    It considers what the shipped one considers, by the product's own steps, and weighs the meaning of that anew; every
    other evidence stays what it is. So the answers of the shipped blend are the suggester's own.
    """

    bench: Bench
    cosines: KnownCosines
    blends: Mapping[str, Blend]

    def rank(self, questions: Sequence[Question], update: Update | None = None) -> dict[str, Run]:
        """Answer every question with every blend; runs by the name of the blend."""
        answers: dict[str, Answers] = {name: {} for name in self.blends}
        for question in counted(questions, update):
            for name, ranking in self._answers(self.bench.ask(question)).items():
                answers[name][question.id] = ranking
        return {name: Run(system=name, rankings=each) for name, each in answers.items()}

    def _answers(self, asked: Asked) -> Answers:
        if not asked.case.text.text:
            return dict.fromkeys(self.blends, Ranking(ids=(), scores=()))
        suggester = self.bench.suggester
        considered = suggester.consider(self.bench.used_kind, asked.case, suggester.look_back(asked.case))
        return {name: self._reranked(considered, asked, blend) for name, blend in self.blends.items()}

    def _reranked(self, considered: Considered, asked: Asked, blend: Blend) -> Ranking:
        found, rows = self.cosines.of(asked), considered.candidates.rows
        deviation = considered.space.average(asked.case.vector).deviation
        moved = (blend(found)[rows] - BLENDS[SHIPPED_BLEND](found)[rows]) / deviation
        old = considered.evidence
        meaning = (old.meaning + moved).astype("f4")
        # Where an encoder knows no tokens, meaning stands in for their alignment.
        alignment = meaning if old.alignment is old.meaning else old.alignment
        weights = self.bench.parts.scorer.weights[considered.kind]
        total = contributions(replace(old, meaning=meaning, alignment=alignment), weights).total
        ids = [considered.id_at(position) for position in range(rows.size)]
        ranking = order(total, ids)[:DEPTH]
        return Ranking(
            ids=tuple(ids[position] for position in ranking),
            scores=tuple(round(float(total[position]), 5) for position in ranking),
        )
