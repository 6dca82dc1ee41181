"""The questions on which we and the best baseline differ most, and why we ranked as we did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from corpus.models import Article, Item
from evaluation.bench import Bench
from evaluation.judged import asked_text
from evaluation.metrics import PerQuestion
from evaluation.questions import Question, Run
from evaluation.results import Contrast, RankedItem
from evaluation.why import explain_ranking

SHOWN = 20


def contrasts(
    bench: Bench, ours: PerQuestion, baseline: PerQuestion, baseline_run: Run, metric: str
) -> tuple[tuple[Contrast, ...], tuple[Contrast, ...]]:
    """Return the worst losses and the best wins against a baseline by a metric, up to 20 each; ties by question id."""
    gain = {each.id: ours.values[metric][each.id] - baseline.values[metric][each.id] for each in bench.judged.questions}
    by_id = {each.id: each for each in bench.judged.questions}

    def chosen(key: Callable[[str], float]) -> list[Question]:
        ordered = sorted((each for each in gain if key(each) < 0), key=lambda each: (key(each), each))
        return [by_id[each] for each in ordered[:SHOWN]]

    def shown(questions: Sequence[Question]) -> tuple[Contrast, ...]:
        return tuple(
            _contrast(bench, each, ours.values[metric], baseline.values[metric], baseline_run) for each in questions
        )

    return shown(chosen(lambda each: gain[each])), shown(chosen(lambda each: -gain[each]))


def _contrast(
    bench: Bench, question: Question, ours: Mapping[str, float], baseline: Mapping[str, float], run: Run
) -> Contrast:
    first = next(iter(run.rankings[question.id].ids), None)
    items = explain_ranking(bench, question, others=() if first is None else (first,))
    return Contrast(
        question=question.id,
        ours=ours[question.id],
        baseline=baseline[question.id],
        baseline_first=first,
        items=tuple(_titled(bench, item) for item in items),
        slices=question.slices,
        text=asked_text(question.case),
    )


def _titled(bench: Bench, item: RankedItem) -> RankedItem:
    if bench.judged.kind == "similar_cases":
        return item
    space = bench.snapshot.items[bench.judged.kind]
    record: Item | None = space.items[space.row_of[item.id]] if item.id in space.row_of else None
    title = None if record is None else record.title if isinstance(record, Article) else record.name
    return RankedItem(
        id=item.id,
        rank=item.rank,
        relevant=item.relevant,
        score=item.score,
        contributions=item.contributions,
        title=title,
    )
