"""The adapters in the repository are what their papers say: of this recipe, and of the training data that is here."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest

from corpus.plain_passages import read_plain
from corpus.training_problems import read_training
from evaluation.fair_encoders import ADAPTERS, adapter_without
from index.adapter import ADAPTER_CONFIG, ADAPTER_WEIGHTS, SHIPPED
from index.fitting.customers import held_texts, material_of, with_relatives
from index.fitting.material import FitProblem, fingerprint_of
from index.fitting.recipe import Recipe

FOLDERS = (SHIPPED, *sorted(ADAPTERS.iterdir()))
MEASURED = ("appliances", "banking", "energy", "insurance", "itservice", "retail", "telecom")


@cache
def material() -> tuple[FitProblem, ...]:
    return material_of(read_training())


def left_out(folder: Path) -> frozenset[str]:
    _, *industries = folder.name.split("-")
    return with_relatives(industries)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_adapter_was_made_of_the_training_data_that_is_here(folder: Path) -> None:
    report = json.loads((folder / "fit.json").read_text(encoding="utf-8"))
    without = left_out(folder)
    learned = [each for each in material() if each.group.split(".")[0] not in without]

    assert report["data"] == fingerprint_of(learned, held_texts(read_plain()))
    assert report["problems"] == len(learned)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_adapter_was_made_by_the_shipped_recipe(folder: Path) -> None:
    recipe = Recipe()

    assert json.loads((folder / "fit.json").read_text(encoding="utf-8"))["recipe"] == asdict(recipe)
    assert json.loads((folder / ADAPTER_CONFIG).read_text(encoding="utf-8"))["lora_alpha"] == pytest.approx(
        2 * recipe.rank * recipe.strength
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_adapter_is_small_enough_to_live_beside_the_code(folder: Path) -> None:
    assert (folder / ADAPTER_WEIGHTS).stat().st_size <= 4_000_000


@pytest.mark.parametrize("industry", MEASURED)
def test_every_measured_industry_has_an_adapter_that_never_saw_it(industry: str) -> None:
    folder = adapter_without(industry)

    assert folder is not None
    assert industry in left_out(folder)
