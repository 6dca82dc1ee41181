"""A ranker learned here serves where its pointer names one that is whole and fits; else the shipped one does."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assist import own_ranker
from assist.__main__ import main
from assist.bootstrap import build_runtime
from assist.live import LiveEngine
from assist.models import SuggestRequest
from assist.opening import current_suggester
from assist.own_ranker import KEPT, RANKER, forget_ranker, keep_ranker, rankers_folder, use_ranker
from assist.scorer import Scorer, shipped_scorer
from assist.services import Readiness
from assist.settings import Settings
from assist.suggest import Suggester
from corpus.models import Case
from index.encoders.toy import ToyEncoder
from index.settings import IndexSettings
from tests.conftest import Build, WriteCorpus, small_corpus
from tests.lookouts import looked_after

SWAP_SECONDS = 2.0


@pytest.fixture
def served(index_settings: IndexSettings, write_corpus: WriteCorpus, build_index: Build) -> IndexSettings:
    """State in which a snapshot serves with the shipped ranker."""
    build_index(write_corpus(small_corpus()))
    return index_settings


def _learned(words: float = 0.5) -> Scorer:
    """A scorer unlike the shipped one in one number."""
    shipped = shipped_scorer()
    return replace(shipped, weights={**shipped.weights, "articles": replace(shipped.weights["articles"], words=words)})


def _use(settings: IndexSettings, *, words: float = 0.5, encoder: str = "") -> str:
    facts = {"encoder": encoder or ToyEncoder().fingerprint}
    name = keep_ranker(settings.var, _learned(words), facts, {"scorecard.json": b"{}\n"}).name
    use_ranker(settings.var, name)
    return name


def _opened(settings: IndexSettings) -> LiveEngine:
    live = build_runtime(Settings(index=settings)).live
    live.refresh()
    return live


def _ranker(engine: Suggester | None) -> str:
    """Return the ranker that an answer names."""
    assert engine is not None
    return engine.suggest(SuggestRequest(case=Case(id="new", description="Rechnung wurde doppelt abgebucht"))).ranker


def test_the_ranker_that_is_in_use_is_named_in_the_answer(served: IndexSettings) -> None:
    assert _ranker(current_suggester(Settings(index=served))) == "all"
    name = _use(served)
    assert name.startswith("own-")
    assert _ranker(current_suggester(Settings(index=served))) == name
    live = _opened(served)
    assert _ranker(live.engine()) == name
    assert live.state().status == "ok"


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10 * SWAP_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the running service did not take the ranker"
        time.sleep(0.02)


@pytest.fixture
def running(served: IndexSettings) -> Iterator[LiveEngine]:
    live = build_runtime(Settings(index=served)).live
    with looked_after(live.look):
        _wait(lambda: live.state().status == "ok")
        yield live


def test_a_running_service_takes_a_new_ranker_and_what_is_in_flight_keeps_its_own(
    served: IndexSettings, running: LiveEngine
) -> None:
    in_flight = running.engine()
    name = _use(served)
    _wait(lambda: _ranker(running.engine()) == name)
    assert _ranker(in_flight) == "all"
    assert running.state().status == "ok"
    forget_ranker(served.var)
    _wait(lambda: _ranker(running.engine()) == "all")


def test_a_change_of_ranker_opens_no_snapshot_anew(served: IndexSettings) -> None:
    runtime = build_runtime(Settings(index=served))
    opened: list[str] = []
    open_suggester = runtime.live._open

    def counted(verified: object) -> Suggester:
        opened.append("snapshot")
        return open_suggester(verified)  # type: ignore[arg-type]

    live = LiveEngine(served.var, counted)
    live.refresh()
    name = _use(served)
    live.refresh()
    assert _ranker(live.engine()) == name
    assert opened == ["snapshot"]


def _of_another_form(text: str) -> str:
    data = json.loads(text)
    return json.dumps({**data, "kinds": {kind: [1] for kind in data["kinds"]}})


DAMAGE: dict[str, Callable[[str], str]] = {
    "cut": lambda text: text[:-40],
    "a number changed": lambda text: text.replace('"words": 0.5', '"words": 0.7'),
    "no object": lambda text: "[]",
    "empty": lambda text: "",
    "other features": lambda text: text.replace("above_chance", "below_chance"),
    "kinds of another form": _of_another_form,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_for_a_damaged_ranker_the_shipped_one_serves_and_readiness_says_how_to_mend_it(
    damage: str, served: IndexSettings, caplog: pytest.LogCaptureFixture
) -> None:
    name = _use(served)
    file = rankers_folder(served.var) / name / RANKER
    damaged = DAMAGE[damage](file.read_text(encoding="utf-8"))
    assert damaged != file.read_text(encoding="utf-8")
    file.write_text(damaged, encoding="utf-8")

    live = _opened(served)

    assert _ranker(live.engine()) == "all"
    assert live.state().status == "degraded"
    (reason,) = live.state().reasons
    assert name in reason
    assert "the shipped ranker serves: learn one with `make train`" in reason
    assert reason in caplog.text
    assert _ranker(current_suggester(Settings(index=served))) == "all"


@pytest.mark.parametrize("pointer", ["own-000000000000", "..", "", "a/b", "\0", "x" * 5000])
def test_a_pointer_that_names_no_ranker_is_told_and_the_shipped_one_serves(pointer: str, served: IndexSettings) -> None:
    rankers_folder(served.var).mkdir()
    (rankers_folder(served.var) / "CURRENT").write_text(pointer, encoding="utf-8")
    live = _opened(served)
    assert _ranker(live.engine()) == "all"
    assert live.state().status == "degraded"
    assert "CURRENT" in live.state().reasons[0] or "too long" in live.state().reasons[0]


def test_a_mended_ranker_serves_again_and_readiness_is_well(served: IndexSettings) -> None:
    name = _use(served)
    file = rankers_folder(served.var) / name / RANKER
    whole = file.read_bytes()
    file.write_bytes(b"{")
    live = _opened(served)
    assert live.state().status == "degraded"
    file.write_bytes(whole)
    live.refresh()
    assert _ranker(live.engine()) == name
    assert live.state() == Readiness(status="ok", snapshot=live.state().snapshot)


def test_a_ranker_of_another_encoder_is_passed_over_with_a_warning(
    served: IndexSettings, caplog: pytest.LogCaptureFixture
) -> None:
    name = _use(served, encoder="f" * 64)
    with caplog.at_level(logging.WARNING):
        live = _opened(served)
    assert _ranker(live.engine()) == "all"
    assert live.state().status == "ok"
    assert f"ranker {name} was learned with the encoder ffffffffffff" in caplog.text


def test_what_is_learned_may_be_forgotten(served: IndexSettings, capsys: pytest.CaptureFixture[str]) -> None:
    name = _use(served)
    assert main(["train", "--forget", "--var", str(served.var)]) == 0
    assert capsys.readouterr().out == f"the shipped ranker serves again, {name} no longer\n"
    assert _ranker(_opened(served).engine()) == "all"
    assert main(["train", "--forget", "--var", str(served.var)]) == 0
    assert capsys.readouterr().out == "the shipped ranker serves\n"


def _kept(settings: IndexSettings) -> set[str]:
    return {path.name for path in rankers_folder(settings.var).iterdir()}


def test_the_newest_rankers_are_kept_and_the_one_in_use_always(index_settings: IndexSettings) -> None:
    names = [_use(index_settings, words=number / 10) for number in range(1, KEPT + 3)]
    assert _kept(index_settings) == {"CURRENT", *names[-KEPT:]}
    again = _use(index_settings, words=1 / 10)
    assert _kept(index_settings) == {"CURRENT", again, *names[-KEPT + 1 :]}


@pytest.mark.parametrize("file", [RANKER, "scorecard.json"])
def test_a_ranker_that_cannot_be_written_to_its_end_leaves_nothing(
    file: str, index_settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = _use(index_settings)
    write = own_ranker.write_file

    def full_disk(path: Path, data: bytes) -> None:
        if path.name == file:
            raise OSError("no space left on device")
        write(path, data)

    monkeypatch.setattr(own_ranker, "write_file", full_disk)
    with pytest.raises(OSError, match="no space left"):
        _use(index_settings, words=0.6)
    assert _kept(index_settings) == {"CURRENT", name}


def test_what_a_killed_run_left_is_swept_by_the_next(index_settings: IndexSettings) -> None:
    name = _use(index_settings)
    (rankers_folder(index_settings.var) / ".tmp-1-ab").mkdir()
    (rankers_folder(index_settings.var) / ".tmp-1-cd").write_text("own-half")
    assert _use(index_settings) == name
    assert _kept(index_settings) == {"CURRENT", name}
