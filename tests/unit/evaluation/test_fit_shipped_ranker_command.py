from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assist.scorer import parse_scorer
from evaluation.__main__ import main
from evaluation.commands import fit_shipped_ranker
from evaluation.workbench import Workbench
from index.encoders.toy import ToyEncoder
from tests.unit.evaluation.benches import bench_of
from tests.unit.evaluation.tiny_open_sets import FAMILIES, write_open_sets


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the scorers that the command fits on tiny sets."""
    tmp = tmp_path_factory.mktemp("fit")
    data = write_open_sets(tmp / "data")

    @contextmanager
    def opened() -> Iterator[Workbench]:
        yield bench_of(tmp).workbench

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fit_shipped_ranker, "open_workbench", opened)
        assert main(["fit-shipped-ranker", "--open", str(data), "--out", str(tmp / "scorers")]) == 0
    return tmp / "scorers"


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def test_one_scorer_is_fitted_on_everything_and_one_without_each_family(written: Path) -> None:
    names = {path.stem for path in written.iterdir()}
    assert names == {"all", *(f"without-{family}" for family in FAMILIES)}
    assert _read(written, "all")["families"] == list(FAMILIES)
    for family in FAMILIES:
        assert _read(written, f"without-{family}")["families"] == [each for each in FAMILIES if each != family]


def test_every_scorer_is_one_that_the_service_reads(written: Path) -> None:
    for path in written.iterdir():
        scorer = parse_scorer(_read(written, path.stem))
        assert scorer.name == path.stem
        assert all(min(model.coefficients) >= 0 for model in scorer.confidence.values())
        actions, articles = scorer.weights["actions"].history, scorer.weights["articles"].history
        assert actions is not None
        assert articles is not None
        assert actions.sequence > articles.sequence == 0


def test_a_scorer_tells_what_it_was_made_of(written: Path) -> None:
    data = _read(written, "all")
    assert data["made_by"] == "make fit-shipped-ranker"
    assert data["encoder"] == ToyEncoder().fingerprint
    assert set(data["data"]) == {"beir", "history", "mails"}
    assert {len(digest) for digest in data["data"].values()} == {64}


def test_without_judged_actions_the_sequence_is_believed_as_votes_are(written: Path) -> None:
    scorer = parse_scorer(_read(written, "without-star"))
    assert scorer.confidence["actions"] == scorer.confidence["templates"]
    items, actions = scorer.weights["templates"].history, scorer.weights["actions"].history
    assert items is not None
    assert actions == replace(items, sequence=items.votes)


def test_articles_and_templates_share_a_model_but_not_their_thresholds(written: Path) -> None:
    scorer = parse_scorer(_read(written, "all"))
    articles, templates = scorer.confidence["articles"], scorer.confidence["templates"]
    assert (articles.intercept, articles.coefficients) == (templates.intercept, templates.coefficients)
    assert articles.points != templates.points


def test_both_folders_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["fit-shipped-ranker"])
    assert "--open, --out" in capsys.readouterr().err
