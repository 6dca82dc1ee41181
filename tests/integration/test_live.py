"""A worker follows CURRENT: it swaps, names what is damaged, and goes on serving."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assist.bootstrap import build_runtime
from assist.live import LiveEngine
from assist.models import SuggestRequest
from assist.opening import current_suggester
from assist.services import Readiness
from assist.settings import Settings
from corpus.models import Case
from index.builder import build
from index.encoder import Encoder
from index.encoders import open_encoder
from index.encoders.onnx import fingerprint_of
from index.encoders.toy import ToyEncoder
from index.own_encoder import encoder_that_built, encoders_folder, set_encoder, use_own_encoder
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.snapshot import rollback
from index.weights import ADAPTED
from tests.conftest import Build, WriteCorpus, small_corpus
from tests.lookouts import looked_after
from tests.tiny_encoder import write_tiny_encoder

SWAP_SECONDS = 2.0


def _changed() -> dict[str, list[dict[str, object]]]:
    rows = small_corpus()
    rows["articles"][0]["title"] = "Rechnung zweimal abgebucht"
    return rows


def _wait(live: LiveEngine, condition: Callable[[Readiness], bool], seconds: float = 10.0) -> Readiness:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition(live.state()):
            return live.state()
        time.sleep(0.02)
    pytest.fail(f"still {live.state()} after {seconds} s")


@pytest.fixture
def live(index_settings: IndexSettings) -> Iterator[LiveEngine]:
    runtime = build_runtime(Settings(index=index_settings))
    with looked_after(runtime.live.look):
        yield runtime.live


def test_without_a_snapshot_it_is_starting_and_says_what_is_missing(live: LiveEngine) -> None:
    state = _wait(live, lambda state: "make reindex" in " ".join(state.reasons))
    assert (state.status, live.engine()) == ("starting", None)


def test_it_serves_the_first_snapshot_and_swaps_to_the_next(
    live: LiveEngine, write_corpus: WriteCorpus, build_index: Build
) -> None:
    first = build_index(write_corpus(small_corpus())).snapshot.snapshot_id
    _wait(live, lambda state: state.snapshot == first and state.status == "ok")
    second = build_index(write_corpus(_changed())).snapshot.snapshot_id
    assert second != first
    _wait(live, lambda state: state.snapshot == second, SWAP_SECONDS)


def test_a_rollback_is_followed_too(
    live: LiveEngine, write_corpus: WriteCorpus, build_index: Build, index_settings: IndexSettings
) -> None:
    first = build_index(write_corpus(small_corpus())).snapshot.snapshot_id
    build_index(write_corpus(_changed()))
    rollback(index_settings.var)
    _wait(live, lambda state: state.snapshot == first and state.status == "ok")


def test_indexing_the_same_corpus_again_changes_nothing(write_corpus: WriteCorpus, build_index: Build) -> None:
    folder = write_corpus(small_corpus())
    first, second = build_index(folder), build_index(folder)
    assert first.snapshot.snapshot_id == second.snapshot.snapshot_id
    assert second.imported is not None
    assert (second.imported.unchanged, second.imported.added, second.imported.changed) == (18, 0, 0)


def test_a_snapshot_of_another_encoder_is_refused_with_the_remedy(
    write_corpus: WriteCorpus, index_settings: IndexSettings
) -> None:
    class OtherToy:
        def __init__(self) -> None:
            self._toy = open_encoder("toy", index_settings.models)
            self.name, self.fingerprint, self.dimension = "other", "f" * 64, self._toy.dimension
            self.token_dimension = self._toy.token_dimension
            self.encode, self.encode_with_tokens = self._toy.encode, self._toy.encode_with_tokens

    build(index_settings, OtherToy(), write_corpus(small_corpus()), SilentReporter())
    live = build_runtime(Settings(index=index_settings)).live
    live.refresh()
    assert live.engine() is None
    assert "make reindex" in live.state().reasons[0]


@pytest.fixture
def two_encoders(tmp_path: Path) -> IndexSettings:
    """The packaged encoder, and an own one that is not in use."""
    settings = IndexSettings(var=tmp_path / "var", models=tmp_path / "models", threads=1)
    write_tiny_encoder(settings.models / ADAPTED, seed=1)
    write_tiny_encoder(encoders_folder(settings) / "own-1", seed=2)
    return settings


def _index(settings: IndexSettings, folder: Path) -> str:
    """Index a corpus folder with the encoder in use."""
    return build(settings, set_encoder(settings), folder, SilentReporter()).snapshot.snapshot_id


def _answering(live: LiveEngine) -> str:
    """Return the name of the encoder that read a case which was answered."""
    engine = live.engine()
    assert engine is not None
    answer = engine.suggest(SuggestRequest(case=Case(id="new", description="Rechnung wurde doppelt abgebucht")))
    assert answer.articles
    return engine._parts.encoder.name


def test_the_encoder_that_current_names_is_opened_once_and_before_it_is_asked_for(
    two_encoders: IndexSettings, write_corpus: WriteCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    _index(two_encoders, write_corpus(small_corpus()))
    opened: list[str] = []

    def counted(fingerprint: str, settings: IndexSettings) -> Encoder | None:
        opened.append(fingerprint)
        return encoder_that_built(fingerprint, settings)

    monkeypatch.setattr("index.read_ahead.encoder_that_built", counted)
    monkeypatch.setattr("assist.opening.encoder_that_built", lambda *_: pytest.fail("opened a second time"))
    live = build_runtime(Settings(index=two_encoders)).live
    assert opened == []
    live.refresh()
    live.refresh()
    assert len(opened) == 1
    assert _answering(live) == ADAPTED


def test_the_encoders_of_a_worker_have_a_share_of_the_threads(
    two_encoders: IndexSettings, write_corpus: WriteCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(two_encoders, threads=4)
    _index(settings, write_corpus(small_corpus()))
    threads: list[int] = []

    def counted(fingerprint: str, settings: IndexSettings) -> Encoder | None:
        threads.append(settings.threads)
        return encoder_that_built(fingerprint, settings)

    monkeypatch.setattr("index.read_ahead.encoder_that_built", counted)
    monkeypatch.setattr("assist.opening.encoder_that_built", counted)
    live = build_runtime(Settings(index=settings, request_threads=2)).live
    live.refresh()
    use_own_encoder(settings, "own-1")
    _index(settings, write_corpus(small_corpus()))
    live.refresh()
    assert (_answering(live), threads) == ("own-1", [2, 2])


def test_what_keeps_the_encoder_from_being_opened_beforehand_is_told_by_whoever_needs_it(
    two_encoders: IndexSettings, write_corpus: WriteCorpus
) -> None:
    _index(two_encoders, write_corpus(small_corpus()))
    (two_encoders.models / ADAPTED / "onnx" / "model_int8.onnx").write_bytes(b"damaged")
    live = build_runtime(Settings(index=two_encoders)).live
    live.refresh()
    assert live.engine() is None
    assert "model_int8.onnx" in live.state().reasons[0]


def test_a_snapshot_goes_on_serving_after_another_encoder_was_put_to_use(
    two_encoders: IndexSettings, write_corpus: WriteCorpus
) -> None:
    first = _index(two_encoders, write_corpus(small_corpus()))
    running = build_runtime(Settings(index=two_encoders)).live
    running.refresh()

    use_own_encoder(two_encoders, "own-1")

    started_later = build_runtime(Settings(index=two_encoders)).live
    for live in (running, started_later):
        live.refresh()
        assert live.state() == Readiness(status="ok", snapshot=first)
        assert _answering(live) == ADAPTED


def test_an_index_of_another_encoder_brings_it_along_and_a_rollback_takes_it_back(
    two_encoders: IndexSettings, write_corpus: WriteCorpus
) -> None:
    folder = write_corpus(small_corpus())
    first = _index(two_encoders, folder)
    live = build_runtime(Settings(index=two_encoders)).live
    live.refresh()
    before = live.engine()
    use_own_encoder(two_encoders, "own-1")

    second = _index(two_encoders, folder)

    assert second != first
    live.refresh()
    assert live.state() == Readiness(status="ok", snapshot=second)
    assert _answering(live) == "own-1"
    # a request in flight keeps the encoder with which it began
    assert before is not None
    assert before._parts.encoder.name == ADAPTED
    rollback(two_encoders.var)
    live.refresh()
    assert live.state() == Readiness(status="ok", snapshot=first)
    assert _answering(live) == ADAPTED


def test_a_snapshot_whose_encoder_is_gone_is_refused_and_the_one_that_serves_goes_on(
    two_encoders: IndexSettings, write_corpus: WriteCorpus
) -> None:
    folder = write_corpus(small_corpus())
    first = _index(two_encoders, folder)
    live = build_runtime(Settings(index=two_encoders)).live
    live.refresh()
    use_own_encoder(two_encoders, "own-1")
    _index(two_encoders, folder)
    (encoders_folder(two_encoders) / "own-1").rename(encoders_folder(two_encoders) / ".own-1")

    live.refresh()

    assert live.state().snapshot == first
    assert live.state().status == "degraded"
    assert "own-1" in live.state().reasons[0]
    assert "make reindex" in live.state().reasons[0]


@pytest.mark.parametrize("open_already", [None, "right", "wrong"])
def test_a_program_that_answers_once_uses_the_encoder_that_built_whatever_is_open(
    two_encoders: IndexSettings, write_corpus: WriteCorpus, open_already: str | None
) -> None:
    right = set_encoder(two_encoders)
    _index(two_encoders, write_corpus(small_corpus()))
    use_own_encoder(two_encoders, "own-1")
    encoder: Encoder | None = {"right": right, "wrong": ToyEncoder()}.get(open_already or "")

    suggester = current_suggester(Settings(index=two_encoders), encoder)

    used = suggester._parts.encoder
    assert used.fingerprint == fingerprint_of(two_encoders.models / ADAPTED)
    assert (used is right) == (open_already == "right")
