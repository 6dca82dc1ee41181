"""Recovery is measured by hiding what cases name, and by a rehearsal of what agents send."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.folder import Corpus, read_corpus
from corpus.models import Case, Use
from corpus.recovery.measuring import Score, measure_hidden, measure_rehearsed
from corpus.recovery.rehearsal import EDITS, rehearsed
from corpus.recovery.shares import label_shares
from tests.unit.corpus.recovery.material import ARTICLE, MOVING, REFUND_SENT, TEMPLATES, answered

DEMO = Path(__file__).parents[4] / "corpus" / "demo"


def _corpus(*cases: Case) -> Corpus:
    return Corpus(templates=TEMPLATES, articles=(ARTICLE,), cases=cases, dangling={})


def test_hidden_labels_are_compared_with_what_is_recovered() -> None:
    corpus = _corpus(
        answered(REFUND_SENT, templates=(Use(id="t-erstattung"),), articles=(Use(id="rechnung-doppelt"),)),
        answered(REFUND_SENT, templates=(Use(id=MOVING.id),)),
        answered(REFUND_SENT),
        Case(id="call", description="Anruf", templates=(Use(id=MOVING.id),)),
    )
    assert measure_hidden(corpus) == (
        Score(name="articles", cases=1, expected=1, found=0, right=0),
        Score(name="templates", cases=2, expected=2, found=2, right=1),
    )


def test_edited_templates_of_the_demo_corpus_are_recognised_rightly() -> None:
    scores = {score.name: score for score in measure_rehearsed(read_corpus(DEMO).templates)}
    missing = scores.pop("missing")
    assert set(scores) == set(EDITS)
    assert missing.found == 0 < missing.cases
    for score in scores.values():
        assert score.right == score.found
        assert score.right >= 0.6 * score.expected  # a short reply that is cut down and changed may be past recognition
    assert scores["as it is"].right == scores["greeting added"].right == missing.cases


def test_a_rehearsal_fills_every_field_and_is_the_same_each_time() -> None:
    for edit in EDITS:
        sent = [case.messages[1].text for _, case in rehearsed(TEMPLATES, edit)]
        assert sent == [case.messages[1].text for _, case in rehearsed(TEMPLATES, edit)]
        assert not any(mark in text for text in sent for mark in ("{", "\ue000", "\ue001", "\ue002"))


def test_shares_tell_given_from_recovered_labels() -> None:
    corpus = _corpus(answered(REFUND_SENT), answered("Gern!", templates=(Use(id=MOVING.id),), actions=(Use(id="x"),)))
    shares = {share.kind: share.to_json() for share in label_shares(corpus, recover=True)}
    assert shares["templates"] == {"cases": 2, "given": 1, "recovered": 1}
    assert shares["actions"] == {"cases": 2, "given": 1, "recovered": 0}
    assert [share.recovered for share in label_shares(corpus, recover=False)] == [0, 0, 0]
    assert str(label_shares(_corpus(), recover=True)[0]) == "articles: 0 of 0 cases given, 0 of 0 cases recovered"


def test_the_command_prints_a_table_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recovery", "--corpus", str(DEMO), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {score["name"] for score in document["hidden"]} == {"articles", "templates"}
    assert main(["recovery", "--corpus", str(DEMO)]) == 0
    assert "precision" in capsys.readouterr().out
    assert main(["recovery", "--corpus", str(DEMO / "none")]) == 1
    assert "expected a corpus folder" in capsys.readouterr().err
