from __future__ import annotations

from math import log2

import pytest

from evaluation.metrics import METRICS, PerQuestion, measure, recall_by_k
from evaluation.questions import Ranking, Run


def _run(**rankings: str) -> Run:
    """Rankings as words, best first."""
    return Run(
        system="s", rankings={name: Ranking(ids=tuple(ids.split()), scores=()) for name, ids in rankings.items()}
    )


def _qrels(**relevant: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(ids.split()) for name, ids in relevant.items()}


def test_reciprocal_rank_of_the_example_of_wikipedia() -> None:
    """Wikipedia, "Mean reciprocal rank", example: plurals of cat, torus and virus; the mean is 11/18."""
    qrels = _qrels(cat="cats", torus="tori", virus="viruses")
    run = _run(cat="catten cati cats", torus="torii tori toruses", virus="viruses virii viri")
    measured = measure(qrels, run)
    assert measured.values["RR@10"] == pytest.approx({"cat": 1 / 3, "torus": 1 / 2, "virus": 1.0})
    assert measured.means["RR@10"] == pytest.approx(11 / 18)


def test_ndcg_of_the_example_of_torchmetrics() -> None:
    """TorchMetrics, RetrievalNormalizedDCG: targets F F T and F T F T, scores .2 .3 .5 and .1 .3 .5 .2; mean .8467."""
    run = _run(q0="c b a", q1="f e g d")
    measured = measure(_qrels(q0="c", q1="e g"), run)
    assert measured.means["nDCG@10"] == pytest.approx(0.8467, abs=5e-5)


def test_ndcg_with_a_relevant_item_never_found_of_the_example_of_evret() -> None:
    """Evret documentation, nDCG: d1 d4 d2 d9 d8 retrieved, d2 d8 d10 relevant, nDCG@5 = .8869 / 2.1309 = .4162."""
    measured = measure(_qrels(q="d2 d8 d10"), _run(q="d1 d4 d2 d9 d8"), ["nDCG@5"])
    assert measured.values["nDCG@5"]["q"] == pytest.approx(0.4162, abs=5e-5)


def test_precision_recall_and_success_of_the_example_of_croft_metzler_and_strohman() -> None:
    """Croft, Metzler and Strohman, Search Engines, 2010, figure 8.2: two rankings of six relevant documents.

    Relevant stand at ranks 1 3 4 5 6 10 and at 2 5 6 7 9 10; the figure gives precision and recall at each rank.
    """
    names = [f"d{rank}" for rank in range(1, 11)]
    qrels = {
        "one": frozenset(("d1", "d3", "d4", "d5", "d6", "d10")),
        "two": frozenset(("d2", "d5", "d6", "d7", "d9", "d10")),
    }
    measured = measure(qrels, _run(one=" ".join(names), two=" ".join(names)))
    found = {metric: tuple(round(value, 2) for value in values.values()) for metric, values in measured.values.items()}
    assert found["P@1"] == (1.0, 0.0)
    assert found["P@3"] == (0.67, 0.33)
    assert found["R@5"] == (0.67, 0.33)
    assert found["Success@3"] == (1.0, 1.0)
    assert found["RR@10"] == (1.0, 0.5)


def test_recall_by_k_of_the_same_figure() -> None:
    relevant = frozenset(("d1", "d3", "d4", "d5", "d6", "d10"))
    run = _run(q=" ".join(f"d{rank}" for rank in range(1, 11)))
    curve = recall_by_k({"q": relevant}, run, (1, 2, 3, 4, 5, 6, 9, 10))
    published = (0.17, 0.17, 0.33, 0.5, 0.67, 0.83, 0.83, 1.0)
    assert tuple(round(value, 2) for value in curve.values()) == published
    assert tuple(recall_by_k({"q": relevant}, run)) == (1, 3, 5, 10, 20, 50)


@pytest.mark.parametrize("metric", METRICS)
def test_a_judged_question_without_results_costs(metric: str) -> None:
    qrels = _qrels(a="x", b="y")
    answered = measure(qrels, _run(a="x", b="y")).means[metric]
    empty = measure(qrels, _run(a="x", b=""))
    missing = measure(qrels, _run(a="x"))
    assert empty.values[metric]["b"] == 0.0
    assert empty.means[metric] == pytest.approx(answered / 2)
    assert missing == empty


def test_a_run_without_any_answer_scores_zero() -> None:
    assert measure(_qrels(a="x"), Run(system="silent", rankings={})).means == dict.fromkeys(METRICS, 0.0)


def test_equal_scores_do_not_change_what_the_order_says() -> None:
    """With the scores handed over as they are, P@1 and RR@10 of a tie would contradict each other."""
    tied = Run(system="s", rankings={"q": Ranking(ids=("right", "wrong"), scores=(1.0, 1.0))})
    means = measure(_qrels(q="right"), tied).means
    assert (means["P@1"], means["RR@10"], means["nDCG@10"]) == (1.0, 1.0, 1.0)
    means = measure(_qrels(q="wrong"), tied).means
    assert (means["P@1"], means["RR@10"]) == (0.0, 0.5)
    assert means["nDCG@10"] == pytest.approx(1 / log2(3))


def test_only_the_first_ten_count_for_reciprocal_rank_and_gain() -> None:
    run = _run(q=" ".join(f"d{rank}" for rank in range(1, 12)))
    means = measure(_qrels(q="d11"), run).means
    assert (means["RR@10"], means["nDCG@10"]) == (0.0, 0.0)


def test_a_metric_without_a_cutoff_sees_the_whole_ranking() -> None:
    run = _run(q=" ".join(f"d{rank}" for rank in range(1, 200)))
    means = measure(_qrels(q="d150"), run, ["RR", "P@1"]).means
    assert means == {"RR": pytest.approx(1 / 150), "P@1": 0.0}


def test_every_metric_of_the_contract_is_there_for_every_judged_question_and_for_no_other() -> None:
    measured = measure(_qrels(b="x", a="y"), _run(a="y", unjudged="x"))
    assert tuple(measured.values) == METRICS
    assert all(tuple(values) == ("b", "a") for values in measured.values.values())
    assert measured.n == 2


def test_means_do_not_depend_on_the_order_of_questions() -> None:
    values = {str(number): 1 / (number + 3) for number in range(200)}
    turned = dict(reversed(values.items()))
    assert PerQuestion(values={"m": values}).means == PerQuestion(values={"m": turned}).means


@pytest.mark.parametrize(
    ("qrels", "run", "message"),
    [
        ({}, _run(), "found 0 judged questions"),
        ({"q": frozenset()}, _run(), "question q: found no relevant item"),
        (_qrels(q="x"), _run(q="x y x"), "question q: found an item twice"),
        (_qrels(q="x"), _run(other="x"), "answers to none of the 1 judged questions"),
    ],
)
def test_what_cannot_be_measured_is_refused(qrels: dict[str, frozenset[str]], run: Run, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measure(qrels, run)
