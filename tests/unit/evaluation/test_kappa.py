from __future__ import annotations

import pytest

from evaluation.kappa import Agreement, agreement

DIAGNOSES = ("psychotic", "neurotic", "organic")
# J. L. Fleiss, Statistical Methods for Rates and Proportions, 2nd edition 1981, table 13.1: two raters, 100 patients.
FLEISS = ((75, 1, 4), (5, 4, 1), (0, 0, 10))


def _of(table: tuple[tuple[int, ...], ...], labels: tuple[str, ...], *, copies: int = 1) -> Agreement:
    said = [(labels[i], labels[j]) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    first, second = ([each[place] for each in said for _ in range(copies)] for place in (0, 1))
    groups = [f"q{number}" for number in range(len(said)) for _ in range(copies)]
    return agreement(first, second, groups, labels)


def test_kappa_is_that_of_the_diagnoses_of_fleiss() -> None:
    found = _of(FLEISS, DIAGNOSES)
    assert found.observed == pytest.approx(0.89)
    assert found.expected == pytest.approx(0.66)
    assert found.kappa == pytest.approx(0.68, abs=0.005)
    assert found.table == FLEISS
    assert found.n == 100


def test_the_interval_is_that_of_the_diagnoses_of_fleiss() -> None:
    """Published there: standard error .087, interval .51 to .85; a bootstrap of single patients comes near it."""
    found = _of(FLEISS, DIAGNOSES)
    assert found.ci95 is not None
    assert found.ci95.low == pytest.approx(0.51, abs=0.04)
    assert found.ci95.high == pytest.approx(0.85, abs=0.04)


def test_kappa_of_two_words_is_the_textbook_one() -> None:
    """Two readers and fifty proposals: 20 yes by both, 15 no by both, 5 and 10 between; kappa is .40."""
    assert _of(((20, 5), (10, 15)), ("yes", "no")).kappa == pytest.approx(0.4)


def test_agreement_that_chance_explains_is_worth_nothing() -> None:
    assert _of(((36, 24), (24, 16)), ("yes", "no")).kappa == pytest.approx(0.0)


def test_full_agreement_is_one_and_full_disagreement_below_zero() -> None:
    perfect = _of(((5, 0), (0, 5)), ("yes", "no"))
    assert perfect.kappa == pytest.approx(1.0)
    assert _of(((0, 5), (5, 0)), ("yes", "no")).kappa == pytest.approx(-1.0)


def test_two_judges_who_say_one_word_only_have_no_kappa() -> None:
    found = _of(((9, 0), (0, 0)), ("yes", "no"))
    assert found.kappa is None
    assert found.ci95 is None
    assert found.observed == 1.0


def test_judgements_of_one_question_count_as_one_piece_of_evidence() -> None:
    single, copied = _of(FLEISS, DIAGNOSES), _of(FLEISS, DIAGNOSES, copies=4)
    assert copied.kappa == pytest.approx(single.kappa)
    assert copied.ci95 == pytest.approx(single.ci95)


def test_few_questions_have_no_interval_rather_than_one_that_feigns_precision() -> None:
    """Two questions of fifty judgements each: three different resamples, all of nearly the same kappa."""
    first, second = ["yes", "no"] * 50, ["yes", "no", "no", "no"] * 25
    few = agreement(first, second, ["q1", "q2"] * 50, ("yes", "no"))
    assert few.kappa == pytest.approx(0.5)
    assert few.ci95 is None
    enough = agreement(first, second, [f"q{number % 10}" for number in range(100)], ("yes", "no"))
    assert enough.ci95 is not None


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        agreement([], [], [], ("yes", "no"))
    with pytest.raises(ValueError, match="equally many"):
        agreement(["yes"], ["yes", "no"], ["q", "q"], ("yes", "no"))
    with pytest.raises(ValueError, match="perhaps"):
        agreement(["yes"], ["perhaps"], ["q"], ("yes", "no"))
