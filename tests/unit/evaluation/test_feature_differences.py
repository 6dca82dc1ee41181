"""How the study of features is told: which sets make a mean, and what an interval says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from assist.ranking import Evidence
from corpus.models import Case
from evaluation.feature_differences import Told, scopes_of, told
from evaluation.feature_material import StudiedQuestion, StudiedSet
from evaluation.feature_study import Held
from evaluation.fit_ranker import Answered
from evaluation.questions import Question

PLAIN = "plain sets (mean of 2)"


def _set(name: str, groups: Sequence[str]) -> StudiedSet:
    evidence = Evidence.of_meaning(np.zeros(0, dtype=np.float32), eligible=0)
    answered = Answered(
        family=name, source=name, ids=[], evidence=evidence, right=np.zeros(0, dtype=bool), removed=False
    )
    questions = [
        Question(id=f"{name}-{number}", case=Case(id="c", description="?"), relevant=frozenset({"a"}), group=group)
        for number, group in enumerate(groups)
    ]
    return StudiedSet(
        name=name,
        family=name,
        questions=[StudiedQuestion(question=each, answered=answered, features={}) for each in questions],
    )


def _held(feature: str | None, values: Mapping[str, Sequence[float]]) -> Held:
    by_question = {
        name: {f"{name}-{number}": value for number, value in enumerate(some)} for name, some in values.items()
    }
    return Held(feature=feature, weights={}, values=by_question)


def _difference(base: Mapping[str, Sequence[float]], other: Mapping[str, Sequence[float]], groups: str) -> Told:
    """Return what is told of another fit; the groups of the questions of every set are one letter each."""
    sets = [_set(name, list(groups)[: len(values)]) for name, values in base.items()]
    return told(sets, _held(None, base), [_held("new", other)])[1]


def test_plain_sets_and_industries_are_means_and_each_set_of_mails_stands_alone() -> None:
    names = ["cwa_title_de2de", "mail_alchemy_de", "mail_cwa_de", "stackfaq_en", "mails_energy"]
    assert scopes_of(names) == {
        PLAIN: ("cwa_title_de2de", "stackfaq_en"),
        "industries (mean of 1)": ("mails_energy",),
        "mail_alchemy_de": ("mail_alchemy_de",),
        "mail_cwa_de": ("mail_cwa_de",),
    }
    assert scopes_of(["mail_cwa_de"]) == {"mail_cwa_de": ("mail_cwa_de",)}


def test_the_base_is_told_by_its_means_in_which_every_set_weighs_the_same() -> None:
    values = {"a_x": [1.0, 1.0, 1.0, 1.0], "b_x": [0.0]}
    sets = [_set(name, [str(number) for number in range(len(some))]) for name, some in values.items()]
    (base,) = told(sets, _held(None, values), [])
    assert base.feature is None
    assert base.means == {PLAIN: 0.5}
    assert base.differences == {}


def test_a_difference_is_the_mean_of_the_differences_of_the_sets() -> None:
    result = _difference({"a_x": [0.5] * 4, "b_x": [0.5]}, {"a_x": [0.75] * 4, "b_x": [0.25]}, "klmn")
    assert result.means == {PLAIN: 0.5}
    assert result.differences[PLAIN].mean == pytest.approx(0.0)
    assert result.differences[PLAIN].ci95 == pytest.approx((0.0, 0.0))


def test_an_interval_is_paired_so_a_gain_that_all_questions_share_is_certain() -> None:
    base = {"a_x": [0.1, 0.9, 0.3, 0.7]}
    result = _difference(base, {"a_x": [0.2, 1.0, 0.4, 0.8]}, "klmn").differences["plain sets (mean of 1)"]
    assert (result.mean, *result.ci95) == pytest.approx((0.1, 0.1, 0.1))


def test_questions_of_one_group_count_as_one_piece_of_evidence() -> None:
    base, better = {"a_x": [0.0] * 8}, {"a_x": [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]}
    heading = "plain sets (mean of 1)"
    alone = _difference(base, better, "klmnopqr").differences[heading].ci95
    grouped = _difference(base, better, "kkkkrrrr").differences[heading].ci95
    assert grouped == (0.0, 1.0)
    assert 0.0 < alone.low < alone.high < 1.0
