"""The shipped suggester as a system, whole and with one part taken out at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from assist.models import Suggestion, Suggestions
from assist.suggest import Suggester
from evaluation.bench import Bench, without_history
from evaluation.questions import JudgedSet, Question, Ranking, Run
from evaluation.system import System, Update, counted
from index.searcher import OpenSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedSystem:
    """``Suggester.suggest`` itself, asked for twenty items of the set's kind and told not to abstain.

    ``took_ms`` is its wall time but for the encoder, whose vectors are remembered; see ``evaluation.latency``.
    """

    name: str
    bench: Bench
    suggester: Suggester

    def rank(self, questions: Sequence[Question], update: Update | None = None) -> Run:
        """Answer every question."""
        return Run(
            system=self.name, rankings={question.id: self._answer(question) for question in counted(questions, update)}
        )

    def _answer(self, question: Question) -> Ranking:
        request = self.bench.ask(question).request
        begin = perf_counter()
        answer = self.suggester.suggest(request)
        took = (perf_counter() - begin) * 1000
        shown = _shown(answer, self.bench.judged)
        return Ranking(
            ids=tuple(each.id for each in shown),
            scores=tuple(each.score for each in shown),
            confidences=tuple(each.confidence for each in shown),
            took_ms=took,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversedSystem:
    """Another system's answers, worst first: what a gate must stop."""

    name: str
    of: System

    def rank(self, questions: Sequence[Question], update: Update | None = None) -> Run:
        """Answer every question, and turn each answer round."""
        run = self.of.rank(questions, update)
        return Run(system=self.name, rankings={key: _turned(ranking) for key, ranking in run.rankings.items()})


def shipped(name: str, bench: Bench) -> System:
    """Return the suggester as shipped."""
    return _over(bench.snapshot, name, bench)


def no_history(name: str, bench: Bench) -> System:
    """Return the suggester over an index without solved cases."""
    return _over(without_history(bench), name, bench)


def no_bm25(name: str, bench: Bench) -> System:
    """Return the suggester without word indexes: words neither find, nor rank, nor lend confidence."""
    items = {kind: replace(space, lexicons={}) for kind, space in bench.snapshot.items.items()}
    return _over(replace(bench.snapshot, items=items), name, bench)


def no_passages(name: str, bench: Bench) -> System:
    """Return the suggester without passages: articles are found and ranked as wholes."""
    items = {kind: replace(space, passages=None) for kind, space in bench.snapshot.items.items()}
    return _over(replace(bench.snapshot, items=items), name, bench)


def no_alignment(name: str, bench: Bench) -> System:
    """Return the suggester without tokens; meaning stands in for their alignment."""
    items = {kind: replace(space, tokens=None) for kind, space in bench.snapshot.items.items()}
    return _over(replace(bench.snapshot, items=items), name, bench)


def no_language(name: str, bench: Bench) -> System:
    """Return the suggester for which words count the same, whether or not case and item share a language."""
    scorer = bench.parts.scorer
    weights = {kind: replace(each, words_across_languages=each.words) for kind, each in scorer.weights.items()}
    parts = replace(bench.parts, scorer=replace(scorer, weights=weights))
    return ShippedSystem(name=name, bench=bench, suggester=Suggester(bench.snapshot, parts))


def reversed_order(name: str, bench: Bench) -> System:
    """Return the suggester with every answer turned round."""
    return ReversedSystem(name=name, of=shipped(name, bench))


def _over(snapshot: OpenSnapshot, name: str, bench: Bench) -> ShippedSystem:
    return ShippedSystem(name=name, bench=bench, suggester=Suggester(snapshot, bench.parts))


def _shown(answer: Suggestions, judged: JudgedSet) -> Sequence[Suggestion]:
    of_kind: dict[str, Sequence[Suggestion] | None] = {
        "articles": answer.articles,
        "templates": answer.templates,
        "actions": answer.actions,
        "similar_cases": answer.similar_cases,
    }
    return of_kind[judged.kind] or ()


def _turned(ranking: Ranking) -> Ranking:
    return Ranking(
        ids=ranking.ids[::-1],
        scores=tuple(-score for score in ranking.scores[::-1]),
        confidences=ranking.confidences[::-1],
        took_ms=ranking.took_ms,
    )
