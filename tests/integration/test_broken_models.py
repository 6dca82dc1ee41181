"""R9: a model file that is damaged, missing or another model's is named; nothing opens it, serves or builds with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import onnxruntime
import pytest
from sentencepiece import SentencePieceProcessor

from assist.app import create_app
from assist.bootstrap import Runtime, build_runtime
from assist.services import Readiness
from assist.settings import Settings
from index import __main__ as command
from index.builder import build
from index.checksums import CHECKSUMS
from index.encoders.onnx import MODEL_FILE, TOKENIZER_FILE
from index.encoders.toy import ToyEncoder
from index.own_encoder import set_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.snapshot import current
from index.weights import ADAPTED
from tests.conftest import WriteCorpus, edition
from tests.tiny_encoder import write_tiny_encoder

Damage = Callable[[Path], None]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def of_another_dimension(path: Path) -> None:
    other = write_tiny_encoder(path.parents[3] / "other", seed=1, dimension=8)
    shutil.copy(other / MODEL_FILE, path)


DAMAGES: list[tuple[str, Damage]] = [
    *((name, damage) for name in (MODEL_FILE, TOKENIZER_FILE, CHECKSUMS) for damage in (Path.unlink, empty, cut)),
    (MODEL_FILE, flip),
    (TOKENIZER_FILE, flip),
    (MODEL_FILE, of_another_dimension),
]


@pytest.fixture
def settings(tmp_path: Path, write_corpus: WriteCorpus, monkeypatch: pytest.MonkeyPatch) -> IndexSettings:
    """A state that was built with the packaged encoder, a tiny one here."""
    settings = IndexSettings(var=tmp_path / "var", models=tmp_path / "models", threads=1)
    write_tiny_encoder(settings.models / ADAPTED, seed=1)
    build(settings, set_encoder(settings), write_corpus(edition(1)), SilentReporter())
    monkeypatch.setenv("ASSIST_VAR", str(settings.var))
    monkeypatch.setenv("ASSIST_MODELS", str(settings.models))
    return settings


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What native code was asked to open; nothing of it is."""
    asked: list[str] = []

    def refuse(path: str, *_: object, **__: object) -> None:
        asked.append(path)
        raise AssertionError(f"{path} was opened")

    monkeypatch.setattr(onnxruntime, "InferenceSession", refuse)
    monkeypatch.setattr(SentencePieceProcessor, "LoadFromFile", refuse)
    return asked


def started(settings: IndexSettings) -> Runtime:
    runtime = build_runtime(Settings(index=settings))
    runtime.live.refresh()
    return runtime


@pytest.mark.parametrize(("name", "damage"), DAMAGES)
def test_a_broken_model_is_named_and_neither_opened_nor_served_nor_built_with(
    settings: IndexSettings,
    opened: list[str],
    write_corpus: WriteCorpus,
    capsys: pytest.CaptureFixture[str],
    name: str,
    damage: Damage,
) -> None:
    before = current(settings.var)
    file = settings.models / ADAPTED / name
    damage(file)

    runtime = started(settings)
    assert runtime.live.engine() is None
    assert runtime.live.state().status == "starting"
    assert str(file) in runtime.live.state().reasons[0]
    assert "make setup" in runtime.live.state().reasons[0]
    ready = create_app(runtime.services).test_client().get("/readyz")
    assert ready.status_code == 503
    assert str(file) in ready.get_data(as_text=True)

    assert command.main(["build", "--corpus", str(write_corpus(edition(2)))]) == 1
    printed = capsys.readouterr().err
    assert str(file) in printed
    assert "make setup" in printed
    assert "Traceback" not in printed
    assert current(settings.var) == before
    assert opened == []


def test_a_whole_model_of_another_dimension_does_not_serve_vectors_that_it_did_not_make(
    settings: IndexSettings, opened: list[str]
) -> None:
    shutil.rmtree(settings.models / ADAPTED)
    write_tiny_encoder(settings.models / ADAPTED, seed=1, dimension=8)

    runtime = started(settings)

    assert runtime.live.engine() is None
    (reason,) = runtime.live.state().reasons
    assert str(settings.models / ADAPTED) in reason
    assert "make reindex" in reason
    assert opened == []


def test_an_encoder_whose_vectors_have_another_length_than_those_of_the_snapshot_is_refused(
    tmp_path: Path, write_corpus: WriteCorpus
) -> None:
    class Liar:
        """Says that it is the toy of 64 components, and is the one of 32."""

        def __init__(self) -> None:
            short = ToyEncoder(32)
            self.name, self.fingerprint = "toy-64", ToyEncoder().fingerprint
            self.dimension, self.encode = short.dimension, short.encode
            self.token_dimension, self.encode_with_tokens = short.token_dimension, short.encode_with_tokens

    settings = IndexSettings(var=tmp_path / "var", encoder="toy")
    build(settings, Liar(), write_corpus(edition(1)), SilentReporter())

    runtime = started(settings)

    assert runtime.live.engine() is None
    assert "32 components" in runtime.live.state().reasons[0]


def test_once_the_model_is_mended_the_service_becomes_ready(settings: IndexSettings) -> None:
    file = settings.models / ADAPTED / MODEL_FILE
    whole = file.read_bytes()
    flip(file)
    runtime = started(settings)
    assert runtime.live.engine() is None
    file.write_bytes(whole)
    runtime.live.refresh()
    assert runtime.live.state() == Readiness(status="ok", snapshot=current(settings.var))


def test_a_service_that_has_its_model_open_is_not_disturbed_by_damage_to_the_file(settings: IndexSettings) -> None:
    runtime = started(settings)
    empty(settings.models / ADAPTED / MODEL_FILE)
    runtime.live.refresh()
    assert runtime.live.state().status == "ok"
