"""How articles are cut into passages, and how their cosines are blended, measured on one set beside what ships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evaluation.bench import Bench, open_bench
from evaluation.blended import BlendedSuggester, dense_blended
from evaluation.blends import BLENDS, SHIPPED_BLEND, KnownCosines
from evaluation.metrics import measure, qrels_of
from evaluation.passage_cuts import with_cut
from evaluation.questions import JudgedSet, Run
from evaluation.shipped import shipped
from evaluation.systems import OURS, run_systems
from evaluation.workbench import Workbench
from index.passages import PassageSettings

METRIC = "nDCG@10"
DENSE = "dense"
CUT, BLEND = "cut", "blend"
SYSTEMS = (DENSE, OURS)

# Values of the metric by question id.
Values = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One setting of one part of the study on one set, with as many ``passages`` as it cuts the articles into.

    ``part`` is ``cut`` or ``blend``, ``system`` is ``dense`` (the cosine alone) or the whole suggester.
    """

    part: str
    setting: str
    system: str
    dataset: str
    family: str
    encoder: str
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was ``tried`` and what it gave: ``values`` of the metric and ``ships``, those of what ships, by question.

    ``groups`` go by question, too: a bootstrap must not tear them apart.
    """

    tried: Tried
    values: Values
    ships: Values
    groups: Mapping[str, str]


def passage_study(judged: JudgedSet, workbench: Workbench, cuts: Mapping[str, PassageSettings]) -> list[Measured]:
    """Measure every cut with the shipped blend, and every blend with the shipped cut; the first cut is what ships.

    Raises ``ValueError`` for a set that does not ask for articles.
    """
    if judged.kind != "articles":
        raise ValueError(f"{judged.name} asks for {judged.kind}, expected a set that asks for articles")
    bench = open_bench(judged, workbench)
    return [*_measured(bench, CUT, _cut_runs(bench, cuts)), *_measured(bench, BLEND, _blend_runs(bench))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the systems answered in one setting."""

    setting: str
    passages: int
    runs: Mapping[str, Run]


def _cut_runs(bench: Bench, cuts: Mapping[str, PassageSettings]) -> Iterator[_Asked]:
    for setting, settings in cuts.items():
        cut = with_cut(bench, settings)
        dense = dense_blended(DENSE, cut, BLENDS[SHIPPED_BLEND], KnownCosines(cut.shelf))
        yield _Asked(setting=setting, passages=len(cut.shelf.parts), runs=run_systems(cut, [dense, shipped(OURS, cut)]))


def _blend_runs(bench: Bench) -> Iterator[_Asked]:
    cosines = KnownCosines(bench.shelf)
    questions = bench.judged.questions
    with bench.workbench.reporter.stage("ask the suggester with every blend") as update:
        ours = BlendedSuggester(bench=bench, cosines=cosines, blends=BLENDS).rank(questions, update)
    for setting, blend in BLENDS.items():
        dense = dense_blended(DENSE, bench, blend, cosines).rank(questions)
        yield _Asked(setting=setting, passages=len(bench.shelf.parts), runs={DENSE: dense, OURS: ours[setting]})


def _measured(bench: Bench, part: str, asked: Iterator[_Asked]) -> list[Measured]:
    judged = bench.judged
    qrels = qrels_of(judged.questions)
    groups = {question.id: question.group for question in judged.questions}
    found: list[Measured] = []
    ships: dict[str, Values] = {}
    for each in asked:
        for system in SYSTEMS:
            values = measure(qrels, each.runs[system], (METRIC,)).values[METRIC]
            found.append(
                Measured(
                    tried=Tried(
                        part=part,
                        setting=each.setting,
                        system=system,
                        dataset=judged.name,
                        family=judged.family,
                        encoder=bench.encoder.name,
                        passages=each.passages,
                    ),
                    values=values,
                    ships=ships.setdefault(system, values),
                    groups=groups,
                )
            )
    return found
