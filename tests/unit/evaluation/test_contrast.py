from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.__main__ import main
from evaluation.contrast import contrasts
from evaluation.metrics import METRICS
from evaluation.per_query import Outcome, write_per_query
from evaluation.results import OURS


def outcomes(system: str, values: list[float], *, kind: str = "articles") -> list[Outcome]:
    return [
        Outcome(
            kind=kind,
            question=f"q{number}",
            group=f"q{number}",
            system=system,
            metrics={**dict.fromkeys(METRICS, 0.0), "nDCG@10": value},
        )
        for number, value in enumerate(values)
    ]


def test_the_mean_of_families_weighs_many_sets_of_one_origin_as_one() -> None:
    better = [*outcomes(OURS, [0.8] * 5), *outcomes("cc", [0.6] * 5)]
    equal = [*outcomes(OURS, [0.5] * 5), *outcomes("cc", [0.5] * 5)]
    (found,) = contrasts({"cwa_de": better, "cwa_en": better, "covid_de": equal}, "nDCG@10")
    assert found.sets.mean == pytest.approx(0.4 / 3)
    assert found.families.mean == pytest.approx(0.1)
    assert found.families.ci95 == pytest.approx((0.1, 0.1))
    assert found.ahead == ("cwa_de", "cwa_en")
    assert found.behind == ()


def test_a_set_counts_as_behind_only_if_its_whole_interval_lies_below_0() -> None:
    doubtful = [*outcomes(OURS, [0.0, 1.0, 0.0]), *outcomes("cc", [1.0, 0.0, 0.5])]
    worse = [*outcomes(OURS, [0.1] * 4), *outcomes("cc", [0.2] * 4)]
    (found,) = contrasts({"a_de": doubtful, "b_de": worse}, "nDCG@10")
    assert found.behind == ("b_de",)


def test_a_system_is_compared_on_the_sets_that_it_answered() -> None:
    alone = outcomes(OURS, [0.5])
    both = [*outcomes(OURS, [0.5]), *outcomes("knn-cases", [0.25])]
    (found,) = contrasts({"a_de": alone, "b_de": both}, "nDCG@10")
    assert (found.system, found.count, found.sets.mean) == ("knn-cases", 1, 0.25)


def test_the_command_prints_a_row_for_each_other_system(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a_de", "b_de"):
        (tmp_path / name).mkdir()
        both = [*outcomes(OURS, [0.5, 0.75]), *outcomes("cc", [0.25, 0.5])]
        write_per_query(tmp_path / name / "per_query.csv", both)
    assert main(["contrast", str(tmp_path), "--only", "a_de"]) == 0
    assert "| cc | 1 | +0.250 (+0.250 to +0.250) | +0.250 (+0.250 to +0.250) | 1 | - |" in capsys.readouterr().out


def test_a_folder_without_results_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contrast", str(tmp_path)]) == 1
    assert "make evaluate-open" in capsys.readouterr().err
