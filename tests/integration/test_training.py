"""``python -m assist train`` as a person runs it, over the toy encoder and a made history."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from assist.__main__ import main
from assist.models import SuggestRequest
from assist.opening import current_suggester
from assist.own_ranker import named_ranker, rankers_folder, read_ranker
from assist.scorer import Scorer, shipped_scorer
from assist.settings import Settings
from corpus.models import Case
from evaluation.training import here
from evaluation.training.here import REFUSED, train_here
from evaluation.training.learn import Learned
from evaluation.training.periods import Period
from evaluation.training.records import FIELDS
from evaluation.workbench import Workbench
from index.builder import build
from index.cli import NOT_GOOD_ENOUGH
from index.encoders.toy import ToyEncoder
from index.locks import WriterLock
from index.progress import SilentReporter
from index.settings import IndexSettings
from index.situations import UsedKind
from tests.conftest import Build, WriteCorpus, small_corpus, write_folder
from tests.made_history import made_history

SECRET = "quittenmus"
BASELINES = {"popularity", "cc", "knn-cases", "linear-probe"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    """State with a made history, indexed."""
    tmp = tmp_path_factory.mktemp("train")
    settings = IndexSettings(var=tmp / "var", encoder="toy")
    build(settings, ToyEncoder(), write_folder(tmp / "corpus", made_history(secret=SECRET)), SilentReporter())
    return settings


def _fitted(change: Callable[[Scorer, UsedKind], Learned]) -> Any:
    def learning(workbench: Workbench, period: Period, kind: UsedKind, shipped: Scorer) -> Learned:
        return change(shipped, kind)

    return learning


def _a_little_surer(shipped: Scorer, kind: UsedKind) -> Learned:
    """What a fit would be that ranks as shipped, and is hardly surer."""
    history = shipped.weights[kind].history
    assert history is not None
    intercept, slope = history.certainty
    weights = replace(shipped.weights[kind], history=replace(history, certainty=(intercept + 0.001, slope)))
    return Learned(weights=weights, confidence=shipped.confidence[kind], answers=53)


@pytest.fixture(scope="module")
def trained(settings: IndexSettings) -> Path:
    """The folder of the ranker that training put to use."""
    assert train_here(Settings(index=settings), learning=_fitted(_a_little_surer)) == 0
    name = named_ranker(settings.var)
    assert name is not None
    return rankers_folder(settings.var) / name


@pytest.fixture(scope="module")
def card(trained: Path) -> Any:
    return json.loads((trained / "scorecard.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(trained: Path) -> str:
    return (trained / "scorecard.html").read_text(encoding="utf-8")


def test_what_was_learned_serves_and_tells_what_it_was_made_of(settings: IndexSettings, trained: Path) -> None:
    answer = current_suggester(Settings(index=settings)).suggest(SuggestRequest(case=Case(id="x", description=SECRET)))
    assert answer.ranker == trained.name
    assert {path.name for path in trained.iterdir()} == {"ranker.json", "scorecard.json", "scorecard.html"}
    data = json.loads((trained / "ranker.json").read_text(encoding="utf-8"))
    assert data["made_by"] == "make train"
    assert data["encoder"] == ToyEncoder().fingerprint
    assert data["learned"] == ["articles"]
    assert data["counts"]["solved cases"] == 330
    assert len(data["data"]) == 64


def test_only_what_was_judged_takes_the_place_of_what_ships(settings: IndexSettings, trained: Path) -> None:
    scorer, _ = read_ranker(rankers_folder(settings.var), trained.name)
    shipped = shipped_scorer()
    assert scorer.weights["articles"].history != shipped.weights["articles"].history
    assert replace(scorer.weights["articles"], history=None) == replace(shipped.weights["articles"], history=None)
    for kind in ("templates", "actions"):
        assert scorer.weights[kind] == shipped.weights[kind]
    for other in ("templates", "actions", "similar_cases"):
        assert scorer.confidence[other] == shipped.confidence[other]


def test_the_scorecard_counts_what_there_was_to_learn_from(card: Any) -> None:
    assert card["counts"]["earlier cases"] + card["counts"]["later cases"] == 330
    assert set(card["coverage"]) == set(FIELDS)
    assert (card["coverage"]["channel"], card["coverage"]["product"], card["coverage"]["outcome"]) == (1.0, 0.0, 1.0)
    assert card["labels"]["articles"] == {"given": 330, "recovered": 0}
    assert card["labels"]["templates"] == {"given": 0, "recovered": 0}


def test_the_scorecard_holds_precision_beside_what_ships_and_baselines_with_intervals(card: Any) -> None:
    judged = card["kinds"]["articles"]["judgement"]
    assert set(judged["systems"]) == {"shipped", "learned", "content alone", *BASELINES}
    for shares in judged["systems"].values():
        assert set(shares) == {"P@1", "Success@3", "nDCG@10"}
        for share in shares.values():
            low, high = share["ci95"]
            assert 0 <= low <= share["mean"] <= high <= 1
    learned, shipped = (judged["systems"][name]["P@1"]["mean"] for name in ("learned", "shipped"))
    assert judged["differences"]["P@1"]["mean"] == pytest.approx(learned - shipped)
    assert judged["systems"]["content alone"]["P@1"]["mean"] < 0.5 < learned


def test_the_scorecard_holds_how_far_confidence_can_be_believed(card: Any) -> None:
    beliefs = card["kinds"]["articles"]["judgement"]["beliefs"]
    assert set(beliefs) == {"shipped", "learned"}
    for belief in beliefs.values():
        assert set(belief["calibration"]) >= {"brier_skill", "brier_skill_ci95", "ece", "ece_null_p95"}


def test_the_learning_curve_goes_from_no_case_to_all_of_them(card: Any) -> None:
    kind = card["kinds"]["articles"]
    assert [point["cases"] for point in kind["curve"]] == [0, 10, 100, kind["history"] + 53]
    first, last = kind["curve"][0]["rankers"], kind["curve"][-1]["rankers"]
    content = kind["judgement"]["systems"]["content alone"]["P@1"]["mean"]
    assert first["learned"]["mean"] == first["shipped"]["mean"] == content
    assert last["learned"] == kind["judgement"]["systems"]["learned"]["P@1"]


def test_every_number_that_was_learned_is_told_in_words(card: Any, page: str) -> None:
    told = card["kinds"]["articles"]["weights"]
    names = [each["name"] for each in told]
    assert names[:3] == ["votes", "sequence", "head"]
    assert {"doubt", "nearness", "agreement", "new", "experience", "known_after", "temperature"} <= set(names)
    assert all(each["says"] in page for each in told)


def test_neither_scorecard_nor_ranker_holds_a_word_or_an_id_of_any_case(trained: Path) -> None:
    cases = made_history(secret=SECRET)["cases"]
    words = {word for case in cases for word in case["description"].split()} | {case["id"] for case in cases}
    for file in trained.iterdir():
        assert not words & set(re.findall(r"\w+", file.read_text(encoding="utf-8"))), file.name


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_opens_without_a_network_and_runs_nothing(page: str) -> None:
    tags = _Tags(page).tags
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in tags}
    assert not [attributes["href"] for _, attributes in tags if (attributes.get("href") or "#")[0] != "#"]
    assert "svg" in {tag for tag, _ in tags}
    assert "Learning curve: articles" in page


def test_a_page_says_which_ranker_serves_and_what_it_learned_from(trained: Path, page: str) -> None:
    assert f"<h1>{trained.name}</h1>" in page
    assert "What was learned serves." in page
    for field in FIELDS:
        assert field.replace("_", " ") in page


def _without_history(shipped: Scorer, kind: UsedKind) -> Learned:
    """What a fit would be that learned nothing: content alone ranks."""
    weights = replace(shipped.weights[kind], history=None)
    return Learned(weights=weights, confidence=shipped.confidence[kind], answers=1)


def _too_sure(shipped: Scorer, kind: UsedKind) -> Learned:
    """What a fit would be that ranks as shipped, and is sure of everything."""
    model = replace(shipped.confidence[kind], intercept=30.0)
    history = shipped.weights[kind].history
    assert history is not None
    weights = replace(shipped.weights[kind], history=replace(history, certainty=(-30.0, 0.0)))
    return Learned(weights=weights, confidence=model, answers=1)


@pytest.fixture
def before(settings: IndexSettings, trained: Path) -> Iterator[str]:
    """The ranker in use, which must still be at the end."""
    yield trained.name
    assert named_ranker(settings.var) == trained.name


@pytest.mark.parametrize(
    ("worse", "reason"),
    [(_without_history, "the first item is right less often"), (_too_sure, "its confidence is less to be believed")],
)
def test_what_is_worse_does_not_serve_and_the_scorecard_says_why(
    worse: Callable[[Scorer, UsedKind], Learned],
    reason: str,
    settings: IndexSettings,
    before: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert train_here(Settings(index=settings), learning=_fitted(worse)) == NOT_GOOD_ENOUGH == 4
    told = capsys.readouterr().err
    assert f"articles not used: {reason}" in told
    refused = rankers_folder(settings.var) / REFUSED
    assert str(refused / "scorecard.html") in told
    assert {path.name for path in refused.iterdir()} == {"scorecard.json", "scorecard.html"}
    card = json.loads((refused / "scorecard.json").read_text(encoding="utf-8"))
    assert (card["ranker"], card["kinds"]["articles"]["takes"]) == (None, "shipped")
    assert reason in card["kinds"]["articles"]["judgement"]["reasons"][0]
    assert "What was learned does not serve." in (refused / "scorecard.html").read_text(encoding="utf-8")
    assert before in {path.name for path in rankers_folder(settings.var).iterdir()}


def test_nothing_is_put_to_use_while_somebody_else_writes(
    settings: IndexSettings, before: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(here, "PATIENCE", 0.1)
    monkeypatch.setattr(here, "_train", lambda settings, learning: _nothing_to_tell())
    monkeypatch.setattr(here, "_print", lambda card: None)
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    with WriterLock(settings.var):
        assert main(["train", "--var", str(settings.var)]) == 3
    assert "another writer holds" in capsys.readouterr().err


def _nothing_to_tell() -> Any:
    class Trained:
        card = None

    return Trained()


def test_a_history_that_is_too_short_is_told_with_its_numbers(
    index_settings: IndexSettings,
    write_corpus: WriteCorpus,
    build_index: Build,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    build_index(write_corpus(small_corpus()))
    assert main(["train", "--var", str(index_settings.var)]) == 1
    told = capsys.readouterr().err
    assert "error: found 6 solved cases, of which 6 name articles, 6 name templates, 6 name actions" in told
    assert "expected at least 50 of each" in told
    assert "some 313 solved cases" in told
    assert not rankers_folder(index_settings.var).exists()


def test_cases_without_a_time_are_told(
    index_settings: IndexSettings,
    write_corpus: WriteCorpus,
    build_index: Build,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    rows = small_corpus()
    for case in rows["cases"]:
        del case["opened_at"]
    build_index(write_corpus(rows))
    assert main(["train", "--var", str(index_settings.var)]) == 1
    assert "error: found no opened_at in any of 6 solved cases" in capsys.readouterr().err


def test_without_a_store_there_is_nothing_to_learn_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    assert main(["train", "--var", str(tmp_path / "var")]) == 1
    assert "error: " in capsys.readouterr().err
    assert not (tmp_path / "var").exists()
