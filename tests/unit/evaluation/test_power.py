from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest

from evaluation.power import detectable_difference, half_width, power_tables, questions_needed

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("wins", "losses", "needed"), [(0.45, 0.05, 23), (0.30, 0.15, 155)])
def test_the_numbers_of_questions_are_published_ones(wins: float, losses: float, needed: int) -> None:
    """Both as calculators print them: powerandsamplesize.com (two-sided, power .8) and clinicaltrials-tools."""
    assert questions_needed(wins - losses, wins + losses) == needed


@pytest.mark.parametrize("n", [100, 400, 1600])
@pytest.mark.parametrize("discordance", [0.1, 0.2, 0.3])
def test_the_detectable_difference_is_the_one_that_takes_so_many_questions(n: int, discordance: float) -> None:
    difference = detectable_difference(n, 0.6, discordance)
    assert difference is not None
    assert questions_needed(difference * 1.0001, discordance) <= n <= questions_needed(difference * 0.999, discordance)


def test_a_test_of_mcnemar_finds_the_detectable_difference_four_times_in_five() -> None:
    n, discordance = 400, 0.2
    difference = detectable_difference(n, 0.6, discordance)
    assert difference is not None
    wins = (discordance + difference) / 2
    drawn = np.random.default_rng(5).multinomial(n, [wins, discordance - wins, 1 - discordance], size=2000)
    found = [(abs(win - loss) / np.sqrt(win + loss)) > 1.96 for win, loss, _ in drawn]
    assert np.mean(found) == pytest.approx(0.8, abs=0.03)
    exact = [binomtest(int(win), int(win + loss)).pvalue < 0.05 for win, loss, _ in drawn[:500]]
    assert 0.7 < np.mean(exact) < 0.82


def test_more_questions_and_less_discordance_show_smaller_differences() -> None:
    few, many = detectable_difference(100, 0.6, 0.2), detectable_difference(400, 0.6, 0.2)
    calm = detectable_difference(100, 0.6, 0.1)
    assert few is not None
    assert many is not None
    assert calm is not None
    assert many == pytest.approx(few / 2, rel=0.02)
    assert calm < few


@pytest.mark.parametrize(
    ("n", "p", "discordance"),
    [(50, 0.6, 0.05), (100, 0.95, 0.1), (100, 0.01, 0.3), (2, 0.5, 0.2)],
    ids=["more than is discordant", "no room above", "nothing to lose", "hardly a question"],
)
def test_a_difference_that_cannot_exist_is_not_promised(n: int, p: float, discordance: float) -> None:
    assert detectable_difference(n, p, discordance) is None


def test_a_precision_is_known_within_its_normal_interval() -> None:
    assert half_width(100, 0.5) == pytest.approx(0.098, abs=0.0005)


@pytest.mark.parametrize(("n", "p", "discordance"), [(0, 0.5, 0.2), (10, 1.5, 0.2), (10, 0.5, 0.0)])
def test_what_is_out_of_range_is_refused(n: int, p: float, discordance: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        detectable_difference(n, p, discordance)


def test_the_document_holds_the_tables_that_the_command_prints() -> None:
    assert power_tables() in (ROOT / "docs" / "judging.md").read_text(encoding="utf-8")
