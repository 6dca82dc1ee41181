"""What requirements-serve.txt names is enough to index, serve and operate; anything else is refused to the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index import checksums, model_folder
from index.encoder import EncoderError
from index.encoders.onnx import MODEL_FILE, TOKENIZER_FILE, OnnxEncoder, fingerprint_of
from index.serving_weights import SERVED, copy_served
from index.weights import ADAPTED
from tests.conftest import small_corpus, write_folder
from tests.tiny_encoder import write_tiny_encoder

ROOT = Path(__file__).parents[2]
# Lets the program import only distributions that the requirements bring, themselves or through one another.
PROGRAM = """
import importlib, re, sys
from importlib import metadata
from pathlib import Path
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

def named(lines):
    for line in lines:
        text = line.partition("#")[0].strip()
        requirement = Requirement(text) if text else None
        if requirement and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            yield canonicalize_name(requirement.name)

allowed, waiting = set(), list(named(Path("requirements-serve.txt").read_text(encoding="utf-8").splitlines()))
while waiting:
    name = waiting.pop()
    if name not in allowed:
        allowed.add(name)
        waiting += named(metadata.requires(name) or ())
of_others = {
    module for module, brought_by in metadata.packages_distributions().items()
    if not allowed & set(map(canonicalize_name, brought_by))
} - {"corpus", "index", "assist"}
assert {"torch", "transformers", "sentence_transformers", "onnx", "sklearn", "matplotlib"} <= of_others

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in of_others or name.partition(".")[0] == "evaluation":
            raise ModuleNotFoundError(f"{name} is not among what requirements-serve.txt brings", name=name)

sys.meta_path.insert(0, Refuse())
corpus, var, encoder = sys.argv[1:]
for module in ("assist.wsgi", "assist.arbiter", "assist.worker", "assist.__main__", "assist.commands.keys",
               "assist.commands.erase", "assist.commands.serve", "corpus.__main__", "index.__main__"):
    importlib.import_module(module)
from index.__main__ import main
assert main(["build", "--var", var, "--corpus", corpus]) == 0
assert main(["backup", "--var", var, "--to", f"{var}/backup"]) == 0
from assist.app import create_app
from assist.bootstrap import build_runtime
from assist.settings import read_settings
import os
runtime = build_runtime(read_settings(os.environ, var=Path(var)))
runtime.keys.refresh()
runtime.live.refresh()
client = create_app(runtime.services).test_client()
answer = client.post("/v1/suggest", json={"case": {"description": "Rechnung doppelt abgebucht"}, "min_confidence": 0})
assert answer.status_code == 200, answer.get_data(as_text=True)
print(answer.get_json()["model"]["encoder"], answer.get_json()["articles"][0]["id"])
"""


@pytest.mark.parametrize(
    "encoder", [pytest.param("toy", marks=pytest.mark.slow), pytest.param("packaged", marks=pytest.mark.model)]
)
def test_building_and_serving_need_no_package_but_those_for_serving(tmp_path: Path, encoder: str) -> None:
    corpus = write_folder(tmp_path / "corpus", small_corpus())
    command = [sys.executable, "-c", PROGRAM, str(corpus), str(tmp_path / "var"), encoder]
    variables = {**os.environ, "ASSIST_ENCODER": encoder, "ASSIST_MODELS": str(ROOT / "models"), "PYTHONPATH": "."}

    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    name, first = done.stdout.split()[-2:]
    assert (name, first) == ({"toy": "toy-64", "packaged": ADAPTED}[encoder], "rechnung-doppelt")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = write_tiny_encoder(tmp_path / "models" / ADAPTED, seed=1)
    (folder / "model.safetensors").write_bytes(b"what the model was made of")
    checksums.write(folder, {"recipe": "tiny"})
    return folder


def test_the_copy_for_serving_is_the_same_encoder_without_what_it_was_made_of(built: Path, tmp_path: Path) -> None:
    copy = copy_served(built, tmp_path / "served" / ADAPTED)

    assert {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()} == {
        MODEL_FILE,
        TOKENIZER_FILE,
        checksums.CHECKSUMS,
    }
    assert set(SERVED) == {MODEL_FILE, TOKENIZER_FILE}
    assert model_folder.verify(copy) == []
    assert OnnxEncoder(copy).fingerprint == fingerprint_of(built)
    assert OnnxEncoder(copy).name == ADAPTED


def test_damaged_weights_are_not_copied_and_a_copy_never_overwrites_another(built: Path, tmp_path: Path) -> None:
    copy = copy_served(built, tmp_path / "served" / ADAPTED)
    with pytest.raises(EncoderError, match="is there already"):
        copy_served(built, copy)
    (built / MODEL_FILE).write_bytes(b"damaged")
    with pytest.raises(EncoderError, match="make setup"):
        copy_served(built, tmp_path / "other")
    assert not (tmp_path / "other").exists()
