"""The command as a person runs it; toy encoders stand for the fitted ones, and nothing is fitted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.training_problems import TrainingMessage, TrainingProblem
from evaluation import fair_encoders
from evaluation.__main__ import main
from evaluation.commands import fit_encoder
from index import checksums
from index.adapter import Adapter, AdapterError
from index.cli import NOT_GOOD_ENOUGH
from index.encoder import EncoderError, Role
from index.encoders import onnx
from index.encoders.toy import ToyEncoder
from index.fitting.material import FitProblem
from index.fitting.recipe import Recipe
from index.locks import WriterLock
from index.model_folder import Report
from index.settings import IndexSettings
from tests.conftest import Rows, WriteCorpus, small_corpus


class Blind(ToyEncoder):
    """An encoder that knows nothing: all texts are alike."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.fingerprint = "blind", "b" * 64

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        vectors[:, 0] = 1.0
        return vectors


@dataclass
class Workshop:
    """What the command meets: the encoder in use, the one that a fit makes, and every fit asked for."""

    var: Path
    old: ToyEncoder = field(default_factory=Blind)
    new: ToyEncoder = field(default_factory=lambda: ToyEncoder(256))
    fits: list[tuple[Path, tuple[str, ...], Recipe]] = field(default_factory=list)

    @property
    def encoders(self) -> Path:
        return self.var / "encoders"

    @property
    def current(self) -> str | None:
        pointer = self.encoders / "CURRENT"
        return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None

    def fit(self, settings: IndexSettings, problems: Sequence[FitProblem], recipe: Recipe, out: Path) -> None:
        self.fits.append((out, tuple(each.id for each in problems), recipe))
        out.mkdir(parents=True)
        for name in ("adapter_config.json", "adapter_model.safetensors"):
            (out / name).write_text(self.new.name, encoding="utf-8")


def _merge(plain: Path, adapter: Adapter, folder: Path, report: Report) -> None:
    folder.mkdir()
    (folder / "weights").write_text(adapter.sha256, encoding="utf-8")
    checksums.write(folder, adapter.facts)


def _problem(industry: str, key: str, article: str) -> TrainingProblem:
    return TrainingProblem(
        id=key,
        industry=industry,
        language="de",
        title=key.capitalize(),
        article=article,
        question=f"Frage: {article}",
        family=None,
        messages=(TrainingMessage(form="chat", subject=None, voice=None, text=f"{key} hilft mir nicht"),),
    )


TRAINING = (
    _problem("energy", "abschlag", "Den Abschlag ändern Sie im Portal."),
    _problem("zoo", "zebras", "Zebras füttern wir um zehn."),
    _problem("bank", "konto", "Ein Konto eröffnen Sie in der Filiale."),
)


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    workshop = Workshop(tmp_path / "var")
    monkeypatch.setenv("ASSIST_VAR", str(workshop.var))
    monkeypatch.delenv("ASSIST_ENCODER", raising=False)
    monkeypatch.setattr(fit_encoder, "read_training", lambda: TRAINING)
    monkeypatch.setattr(fit_encoder, "_fit", workshop.fit)
    monkeypatch.setattr(fit_encoder, "ensure_adapted", _merge)
    monkeypatch.setattr(onnx, "OnnxEncoder", lambda folder, threads: workshop.new)
    for module in (fit_encoder, fair_encoders):
        monkeypatch.setattr(module, "set_encoder", lambda settings: workshop.old)
    return workshop


@pytest.fixture
def corpus(write_corpus: WriteCorpus) -> Path:
    return write_corpus(small_corpus())


def _without(rows: Rows, *kinds: str) -> Rows:
    """Return the rows with cases that used nothing of some kinds."""
    return {**rows, "cases": [{key: value for key, value in row.items() if key not in kinds} for row in rows["cases"]]}


def test_a_better_encoder_is_kept_and_used_from_the_next_index_on(
    workshop: Workshop, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fit-encoder", "--corpus", str(corpus)]) == 0
    name = f"own-{workshop.new.fingerprint[:12]}"
    assert workshop.current == name
    assert (workshop.encoders / name / "weights").is_file()
    told = capsys.readouterr()
    assert f"{name} is in use from the next index on: run make reindex CORPUS={corpus}" in told.out
    assert "not used" not in told.err
    assert _left(workshop) == {"CURRENT", name, "scorecard.json"}


def test_a_worse_encoder_leaves_everything_as_it_was_but_the_scorecard(
    workshop: Workshop, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop.old, workshop.new = workshop.new, workshop.old
    workshop.encoders.mkdir(parents=True)
    (workshop.encoders / "CURRENT").write_text("own-before\n", encoding="utf-8")
    assert main(["fit-encoder", "--corpus", str(corpus)]) == NOT_GOOD_ENOUGH == 4
    assert workshop.current == "own-before"
    assert _left(workshop) == {"CURRENT", "scorecard.json"}
    card = json.loads((workshop.encoders / "scorecard.json").read_text(encoding="utf-8"))
    assert {line["kind"] for line in card["lines"]} == {"articles", "templates"}
    assert {line["dataset"] for line in card["lines"]} == {"corpus", "plain_questions"}
    assert any("fell from" in reason for reason in card["reasons"])
    told = capsys.readouterr()
    assert f"not used: {card['reasons'][0]}" in told.err
    assert f"scorecard: {workshop.encoders / 'scorecard.json'}" in told.out


def _left(workshop: Workshop) -> set[str]:
    return {path.name for path in workshop.encoders.iterdir()}


def test_a_fit_to_own_cases_learns_from_those_before_the_split_and_from_the_shipped_training(
    workshop: Workshop, corpus: Path
) -> None:
    main(["fit-encoder", "--corpus", str(corpus), "--recipe", "epochs=0.5", "seed=9"])
    ((_, problems, recipe),) = workshop.fits
    assert sorted(problems) == [
        "Article:kuendigung",
        "Article:rechnung-doppelt",
        "Article:stoerung",
        "abschlag",
        "konto",
        "zebras",
    ]
    assert recipe == Recipe(epochs=0.5, seed=9)


@pytest.mark.parametrize("change", ["epoch=1", "epochs=viele", "batch=1.5", "seed"])
def test_a_recipe_that_cannot_be_is_explained(
    change: str, workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fit-encoder", "--recipe", change]) == 1
    assert f"--recipe: found {change!r}, expected one of rank=" in capsys.readouterr().err
    assert workshop.fits == []


@pytest.mark.parametrize("damaged", [False, True])
def test_an_encoder_that_is_there_already_is_kept_unless_it_is_damaged(
    damaged: bool, workshop: Workshop, corpus: Path
) -> None:
    main(["fit-encoder", "--corpus", str(corpus)])
    weights = workshop.encoders / str(workshop.current) / "weights"
    whole, written = weights.read_bytes(), weights.stat().st_ino
    if damaged:
        weights.write_text("something else", encoding="utf-8")
    assert main(["fit-encoder", "--corpus", str(corpus)]) == 0
    assert weights.read_bytes() == whole
    assert (weights.stat().st_ino == written) is not damaged


def test_nothing_is_put_to_use_while_somebody_else_writes(
    workshop: Workshop, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit_encoder, "PATIENCE", 0.1)
    with WriterLock(workshop.var):
        assert main(["fit-encoder", "--corpus", str(corpus)]) == 3
    assert workshop.current is None


def test_an_encoder_in_use_that_cannot_be_opened_is_told_before_the_fit(
    workshop: Workshop, corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def damaged(settings: IndexSettings) -> ToyEncoder:
        raise EncoderError("CURRENT names an encoder that is not there")

    monkeypatch.setattr(fit_encoder, "set_encoder", damaged)
    assert main(["fit-encoder", "--corpus", str(corpus)]) == 1
    assert "CURRENT names an encoder that is not there" in capsys.readouterr().err
    assert workshop.fits == []


def test_an_adapter_that_does_not_fit_is_told_and_nothing_of_it_stays(
    workshop: Workshop, corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(plain: Path, adapter: Adapter, folder: Path, report: Report) -> None:
        raise AdapterError(f"{adapter.folder.name} does not fit {plain.name}")

    monkeypatch.setattr(fit_encoder, "ensure_adapted", refuse)
    assert main(["fit-encoder", "--corpus", str(corpus)]) == 1
    assert "error: adapter does not fit multilingual-e5-small" in capsys.readouterr().err
    assert _left(workshop) == set()


def test_a_fit_to_own_cases_needs_the_packaged_encoder(
    workshop: Workshop, corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    assert main(["fit-encoder", "--corpus", str(corpus)]) == 2
    assert "ASSIST_ENCODER: found 'toy', expected packaged" in capsys.readouterr().err
    assert workshop.fits == []


def test_a_corpus_whose_tests_used_no_article_and_no_template_is_explained(
    workshop: Workshop, write_corpus: WriteCorpus, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(_without(small_corpus(), "articles", "templates"))
    assert main(["fit-encoder", "--corpus", str(folder)]) == 1
    assert "corpus: found no test case that used an article or a template" in capsys.readouterr().err
    assert workshop.fits == []


def test_a_corpus_without_anything_to_learn_from_is_explained(
    workshop: Workshop, write_corpus: WriteCorpus, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = small_corpus()
    for row in rows["cases"][:4]:  # all before the split
        for kind in ("articles", "templates"):
            del row[kind]
    assert main(["fit-encoder", "--corpus", str(write_corpus(rows))]) == 1
    assert "corpus: found no solved case with text and an article" in capsys.readouterr().err
    assert workshop.fits == []


def test_an_unknown_industry_is_explained(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit-encoder", "--without", "energie"]) == 1
    told = "found no industry 'energie' in the training data, expected one of bank, energy, zoo"
    assert told in capsys.readouterr().err
    assert workshop.fits == []


def test_a_fit_without_an_industry_never_takes_the_place_of_the_shipped_adapter(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fair_encoders, "ADAPTERS", tmp_path / "fair")
    monkeypatch.setattr(fit_encoder, "SHIPPED", tmp_path / "shipped")
    both = ["--without", "zoo", "--without", "bank"]
    for arguments in ([], ["--without", "energy"], both, ["--without", "zoo", "--out", str(tmp_path / "elsewhere")]):
        assert main(["fit-encoder", *arguments]) == 0
    assert [(out, problems) for out, problems, _ in workshop.fits] == [
        (tmp_path / "shipped", ("abschlag", "zebras", "konto")),
        (tmp_path / "fair" / "without-energy", ("zebras", "konto")),
        (tmp_path / "fair" / "without-bank-zoo", ("abschlag",)),
        (tmp_path / "elsewhere", ("abschlag", "konto")),
    ]
    assert workshop.current is None
