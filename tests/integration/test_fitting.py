"""Fitting an adapter to the packaged weights, and what becomes of it: a tiny one, on four problems in two steps."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index.adapted import ensure_adapted
from index.adapter import ADAPTER_CONFIG, ADAPTER_WEIGHTS, read_adapter
from index.encoders.onnx import OnnxEncoder, fingerprint_of
from index.fitting.material import FitProblem, HeldText
from index.fitting.material import fingerprint_of as fingerprint_of_material
from index.fitting.recipe import Recipe
from index.model_folder import verify
from index.weights import PACKAGED
from tests.integration.test_packaged_encoder import MODELS, SENTENCES

PLAIN = MODELS / PACKAGED
# The smallest adapter there is, learning so fast that two steps show.
RECIPE = Recipe(rank=2, first_layer=11, batch=2, epochs=1.0, learning_rate=1e-2)
PROBLEMS = [
    FitProblem(id=f"p{row}", group="telecom.de", title=title, article=article, messages=messages)
    for row, (title, article, messages) in enumerate(
        [
            (
                "Störung des Anschlusses melden",
                "Trennen Sie den Router vom Strom. Blinkt die Lampe danach rot, messen wir die Leitung.",
                ("Hier geht gar nichts mehr, alles blinkt.", "Kd. kommt nicht ins Netz, schon neu gestartet."),
            ),
            (
                "Vertrag kündigen",
                "Sie kündigen mit einer Frist von einem Monat zum Ende der Mindestlaufzeit.",
                ("Ich will raus, was muss ich tun?", "Brauche das nicht mehr, wann komme ich frei?"),
            ),
            (
                "Rechnung reklamieren",
                "Wurde ein Betrag doppelt abgebucht, erstatten wir ihn in fünf Werktagen.",
                ("Ihr habt mir zweimal Geld genommen!", "Auf dem Auszug steht alles zweimal."),
            ),
            (
                "Rufnummer mitnehmen",
                "Beantragen Sie die Übertragung spätestens 30 Tage nach dem Wechsel.",
                ("Ich möchte erreichbar bleiben wie bisher.", "Kann ich meine alte behalten?"),
            ),
        ]
    )
]
HELD = [HeldText(question="Wann Tomaten säen?", passage="Ab Ende Februar im Haus, nach den Eisheiligen im Beet.")]

pytestmark = [
    pytest.mark.model,
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("datasets") is None, reason="datasets is not installed: make fit-encoder does it"),
    pytest.mark.skipif(not PLAIN.exists(), reason=f"{PLAIN} is not built: run make setup"),
]


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fit(tmp_path_factory.mktemp("fitted") / "adapter")


@pytest.fixture(scope="module")
def merged(fitted: Path) -> Path:
    folder = fitted.with_name("merged")
    ensure_adapted(PLAIN, read_adapter(fitted), folder, lambda line: None)
    return folder


def fit(out: Path, *, seed: int = 1) -> Path:
    from index.fitting.train import fit_adapter

    recipe = replace(RECIPE, seed=seed)
    told: list[tuple[int, int]] = []
    report = fit_adapter(PLAIN, PROBLEMS, HELD, recipe, out, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]
    assert (report.problems, report.messages, report.steps, report.recipe) == (4, 8, 2, recipe)
    assert report.data == fingerprint_of_material(PROBLEMS, HELD)
    return out


def test_an_adapter_is_two_small_files(fitted: Path) -> None:
    assert {path.name for path in fitted.iterdir()} == {ADAPTER_CONFIG, ADAPTER_WEIGHTS}
    assert (fitted / ADAPTER_WEIGHTS).stat().st_size < 4_000_000


def test_the_config_tells_nothing_of_the_machine_and_is_the_same_in_every_process(fitted: Path) -> None:
    config = json.loads((fitted / ADAPTER_CONFIG).read_text())

    assert config["base_model_name_or_path"] == PACKAGED
    assert config["target_modules"] == sorted(config["target_modules"])
    assert str(MODELS.parent) not in json.dumps(config)


def test_equal_seeds_give_equal_adapters_and_others_do_not(fitted: Path, tmp_path: Path) -> None:
    first, again, other = read_adapter(fitted), read_adapter(fit(tmp_path / "again")), fit(tmp_path / "other", seed=2)

    assert again.facts == first.facts
    assert read_adapter(other).sha256 != first.sha256


def test_the_merged_folder_is_another_encoder(merged: Path) -> None:
    assert verify(merged) == []
    assert fingerprint_of(merged) != fingerprint_of(PLAIN)
    before, after = (OnnxEncoder(folder).encode(SENTENCES, role="query") for folder in (PLAIN, merged))
    assert not np.array_equal(before, after)


def test_the_serving_form_agrees_with_the_exact_one(merged: Path) -> None:
    from index.encoders.sentence_transformer import SentenceTransformerEncoder

    serving = OnnxEncoder(merged).encode(SENTENCES, role="query")
    exact = SentenceTransformerEncoder(str(merged)).encode(SENTENCES, role="query")

    assert (serving * exact).sum(axis=1).mean() >= 0.99


def test_one_problem_cannot_be_told_apart_from_others(tmp_path: Path) -> None:
    from index.fitting.train import fit_adapter

    with pytest.raises(ValueError, match="found 1 problems to learn from, expected two or more"):
        fit_adapter(PLAIN, PROBLEMS[:1], HELD, RECIPE, tmp_path, progress=lambda done, of: None)


def test_without_anything_to_hold_an_encoder_would_forget(tmp_path: Path) -> None:
    from index.fitting.train import fit_adapter

    with pytest.raises(ValueError, match="found no plain questions and passages to hold"):
        fit_adapter(PLAIN, PROBLEMS, [], RECIPE, tmp_path, progress=lambda done, of: None)
