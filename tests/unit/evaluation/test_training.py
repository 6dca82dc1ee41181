"""Learning from a deployment's own cases: what parts them, what counts, and what must not serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assist.blending import HistoryWeights
from assist.scorer import shipped_scorer
from corpus.folder import read_corpus
from corpus.models import Case, Message, Outcome, Template, Use
from evaluation.bench import open_bench
from evaluation.bootstrap import Interval
from evaluation.calibration import Calibration
from evaluation.fit_history import START
from evaluation.hiding import with_newest
from evaluation.history_sets import used_in_history
from evaluation.paired import Difference
from evaluation.questions import JudgedSet
from evaluation.training.judge import CONTENT, LEARNED, SHIPPED, Belief, judge, reasons_against
from evaluation.training.learn import learn
from evaluation.training.periods import MIN_QUESTIONS, TooLittleHistoryError, part
from evaluation.training.records import FIELDS, Labels, OwnRecords
from evaluation.training.words import weights_told
from evaluation.training.workbench import OwnWorkbench
from tests.conftest import write_folder
from tests.made_history import made_history
from tests.unit.evaluation.benches import judged, workbench_of

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def _belief(skill: float | None, *, brier: float = 0.2) -> Belief:
    calibration = Calibration(brier_skill=skill, brier_skill_ci95=None, ece=0.1, ece_null_p95=0.1, coverage_at_p90=0.5)
    return Belief(brier=brier, calibration=calibration)


def _difference(mean: float, low: float, high: float) -> Difference:
    return Difference(mean=mean, ci95=Interval(low, high))


@pytest.mark.parametrize(
    ("mean", "low", "high", "serves"),
    [
        (0.05, 0.01, 0.09, True),
        (0.0, -0.05, 0.05, True),
        (-0.002, -0.05, 0.04, True),
        (-0.0021, -0.05, 0.04, False),
        (-0.001, -0.0015, -0.0005, False),
        (-0.05, -0.08, -0.02, False),
    ],
)
def test_what_finds_the_right_item_less_often_must_not_serve(
    mean: float, low: float, high: float, serves: bool
) -> None:
    reasons = reasons_against(_difference(mean, low, high), _belief(0.3), _belief(0.3))
    assert (reasons == ()) is serves
    assert all("the first item is right less often" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("shipped", "learned", "serves"),
    [
        (_belief(0.3), _belief(0.5), True),
        (_belief(0.3), _belief(0.291), True),
        (_belief(0.3), _belief(0.289), False),
        (_belief(None, brier=0.1), _belief(0.2, brier=0.105), True),
        (_belief(0.9, brier=0.1), _belief(None, brier=0.12), False),
    ],
)
def test_what_is_surer_than_it_may_be_must_not_serve(shipped: Belief, learned: Belief, serves: bool) -> None:
    reasons = reasons_against(_difference(0.1, 0.05, 0.15), shipped, learned)
    assert (reasons == ()) is serves
    assert all("its confidence is less to be believed" in reason for reason in reasons)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> OwnRecords:
    corpus = read_corpus(write_folder(tmp_path_factory.mktemp("made") / "corpus", made_history()))
    records: Any = {kind: getattr(corpus, kind) for kind in ("articles", "templates", "actions", "cases")}
    return OwnRecords.of(records, recover_labels=True)


def _opened(cases: Sequence[Any]) -> list[datetime]:
    return [case.opened_at for case in cases]


def test_what_is_learned_from_is_older_than_what_judges_and_its_history_older_still(made: OwnRecords) -> None:
    (period,) = part(made).kinds.values()
    oldest = _opened(period.inner.records["cases"])
    fitted = _opened([question.case for question in period.inner.questions])
    judges = _opened([question.case for question in period.later.questions])
    assert max(oldest) < min(fitted) <= max(fitted) < min(judges)
    assert len(period.later.records["cases"]) == len(oldest) + len(fitted)
    assert min(len(fitted), len(judges)) >= MIN_QUESTIONS


def test_the_items_that_are_hidden_have_no_past_in_a_history_that_all_kinds_share(made: OwnRecords) -> None:
    template = Template(id="t", name="Gruß", body="Guten Tag", language="de")
    cases = tuple(replace(case, templates=(Use(id="t"),)) for case in made.corpus.cases)
    corpus = replace(made.corpus, cases=cases, templates=(template,))
    found = part(OwnRecords(corpus=corpus, taught={case.id: case for case in cases})).kinds
    articles, templates = found["articles"], found["templates"]
    assert articles.hidden.records is templates.hidden.records
    assert len(used_in_history(articles.hidden)) == len(used_in_history(articles.inner)) - 1
    assert used_in_history(templates.inner)["t"] > used_in_history(templates.hidden)["t"] == 0
    assert articles.hidden.questions == articles.inner.questions


def test_a_split_that_cases_name_parts_what_judges_but_not_what_is_learned_from(made: OwnRecords) -> None:
    ids = [case.id for case in made.corpus.cases]
    tests = frozenset(ids[::5])
    cases = tuple(replace(case, split="test" if case.id in tests else "train") for case in made.corpus.cases)
    named = replace(made, corpus=replace(made.corpus, cases=cases))
    period = part(named).kinds["articles"]
    assert {question.case.id for question in period.later.questions} == tests
    fitted = _opened([question.case for question in period.inner.questions])
    assert max(_opened(period.inner.records["cases"])) < min(fitted)
    assert not {question.case.id for question in period.inner.questions} & tests


def test_a_kind_that_few_cases_used_is_left_out_with_its_numbers(made: OwnRecords) -> None:
    template = Template(id="t", name="Gruß", body="Guten Tag", language="de")
    cases = tuple(
        replace(case, templates=(Use(id="t"),)) if number % 20 == 0 else case
        for number, case in enumerate(made.corpus.cases)
    )
    corpus = replace(made.corpus, cases=cases, templates=(template,))
    found = part(OwnRecords(corpus=corpus, taught={case.id: case for case in cases}))
    assert set(found.kinds) == {"articles"}
    assert set(found.left_out) == {"templates"}
    assert f"expected at least {MIN_QUESTIONS} of each" in found.left_out["templates"]


def test_too_short_a_history_says_how_many_cases_there_are_and_how_many_are_needed(made: OwnRecords) -> None:
    few = made.only(frozenset(case.id for case in made.corpus.cases[:100]))
    with pytest.raises(TooLittleHistoryError) as told:
        part(few)
    assert "found 100 solved cases, of which 100 name articles, 0 name templates, 0 name actions" in str(told.value)
    assert "articles: found 16 questions to learn from and 20 to judge by" in str(told.value)
    assert "some 313 solved cases" in str(told.value)


def test_no_case_at_all_is_too_short_a_history(made: OwnRecords) -> None:
    with pytest.raises(TooLittleHistoryError, match="found 0 solved cases"):
        part(made.only(frozenset()))


def test_what_is_learned_finds_what_no_text_tells_and_leaves_the_texts_as_they_were(
    made: OwnRecords, tmp_path: Path
) -> None:
    small = workbench_of(tmp_path)
    bench = OwnWorkbench(encoder=small.encoder, cache=small.cache, identifier=small.identifier, reporter=small.reporter)
    period = part(made).kinds["articles"]
    shipped = shipped_scorer()

    learned = learn(bench, period, "articles", shipped)

    assert learned.answers > 4 * MIN_QUESTIONS
    assert replace(learned.weights, history=None) == replace(shipped.weights["articles"], history=None)
    assert learned.weights.history is not None
    model = shipped.confidence["articles"]
    assert replace(learned.confidence, points=model.points) == model
    judgement = judge(open_bench(period.later, bench.afresh()), shipped, learned.within(shipped, "articles"))
    found, texts = (judgement.systems[name]["P@1"].mean for name in (LEARNED, CONTENT))
    assert texts < 0.4 < 0.7 < found
    # what the curve takes for granted: without history every ranker is what content alone is
    alone = judge(
        open_bench(with_newest(period.later, 0), bench.afresh()), shipped, learned.within(shipped, "articles")
    )
    assert alone.systems[LEARNED] == alone.systems[SHIPPED] == alone.systems[CONTENT]
    assert alone.systems[CONTENT]["P@1"] == judgement.systems[CONTENT]["P@1"]


SENT = "Wir erstatten Ihnen die doppelte Abbuchung noch heute auf das Konto, von dem sie kam, ohne jede Gebühr."


def _case(key: str, **more: Any) -> Case:
    return Case(id=key, opened_at=BEGIN, closed_at=BEGIN + timedelta(hours=1), **more)


def test_labels_that_were_recovered_are_counted_apart_and_judge_nothing() -> None:
    template = Template(id="t", name="Erstattung", body=SENT, language="de")
    sent = (Message(role="customer", text="doppelt abgebucht"), Message(role="agent", text=SENT))
    cases = [
        _case("a", messages=sent),
        _case("b", subject="x", templates=(Use(id="t"),)),
        _case("c", description="y"),
        _case("d", description="z", templates=(Use(id="t"),), outcome=Outcome(solved=False)),
    ]
    rows: Any = {"articles": [], "templates": [template], "actions": [], "cases": cases}
    recovered, plain = (OwnRecords.of(rows, recover_labels=each) for each in (True, False))
    assert recovered.labels()["templates"] == Labels(given=1, recovered=1)
    assert plain.labels()["templates"] == Labels(given=1, recovered=0)
    assert recovered.taught["a"].templates
    assert not recovered.solved[0].templates


def test_coverage_is_the_share_of_solved_cases_that_tell_a_field() -> None:
    cases = [_case("a", subject="x", channel="chat"), _case("b", channel="email", outcome=Outcome(solved=True))]
    rows: Any = {"articles": [], "templates": [], "actions": [], "cases": cases}
    coverage = OwnRecords.of(rows, recover_labels=True).coverage()
    assert tuple(coverage) == FIELDS
    assert coverage == {
        "subject": 0.5,
        "messages": 0.0,
        "product": 0.0,
        "channel": 1.0,
        "language": 0.0,
        "opened_at": 1.0,
        "outcome": 0.5,
    }


def test_the_same_records_are_indexed_once_whatever_is_asked_of_them(tmp_path: Path) -> None:
    small = workbench_of(tmp_path)
    bench = OwnWorkbench(encoder=small.encoder, cache=small.cache, identifier=small.identifier, reporter=small.reporter)
    articles: JudgedSet = judged("articles")
    first = bench.index(articles.records)
    same = {kind: list(rows) for kind, rows in articles.records.items()}
    assert bench.index(same) is first
    assert bench.index({**articles.records, "cases": articles.records["cases"][1:]}) is not first
    assert bench.afresh().index(articles.records) is not first


def test_a_store_of_ones_own_is_measured_with_what_serves(tmp_path: Path) -> None:
    small = workbench_of(tmp_path)
    bench = OwnWorkbench(encoder=small.encoder, cache=small.cache, identifier=small.identifier, reporter=small.reporter)
    assert bench.fair_to(replace(judged(), family="banking77")).scorer == shipped_scorer()


def _told(weights: HistoryWeights) -> dict[str, str]:
    return {each.name: each.says for each in weights_told(START, weights)}


def test_numbers_are_told_as_what_they_do() -> None:
    weights = HistoryWeights(
        votes=0.3,
        sequence=0.0,
        head=0.7,
        head_after=50.0,
        known_after=4.0,
        temperature=2.0,
        doubt=0.0,
        trust=(0.0, 0.0, 0.0, 1.0),
        certainty=(0.0, 1.0),
    )
    told = _told(weights)
    assert told["votes"].startswith("30% of what history says comes from solved cases like this one")
    assert told["sequence"].startswith("not heard")
    assert told["doubt"].endswith("believed to 50.0%")
    assert "multiplied by 10 for each tenfold" in told["experience"]
    assert "multiplied by 1 " in told["nearness"]
    assert "after 50 solved cases" in told["head_after"]
    assert "an item that 4 cases used is half known" in told["known_after"]
    assert "right with 50%" in told["certainty"]


def test_each_number_stands_beside_the_shipped_one() -> None:
    told = weights_told(START, replace(START, doubt=-2.0))
    (doubt,) = (each for each in told if each.name == "doubt")
    assert (doubt.shipped, doubt.learned) == (START.doubt, -2.0)
    assert all(each.shipped == each.learned for each in told if each.name != "doubt")
