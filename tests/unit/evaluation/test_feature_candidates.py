"""What each feature of the study says of a candidate, over the toy encoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.models import Article, Case
from evaluation.feature_asking import Asking, sentences_of
from evaluation.feature_candidates import FEATURES, features_of
from evaluation.feature_items import facts_of, letters_of
from evaluation.questions import JudgedSet, Question
from tests.unit.evaluation.benches import bench_of

ARTICLES = (
    ("code", "Störung F-1204", "Meldet der Router den Fehler F-1204, starten Sie ihn neu.", "de"),
    ("abbuchung", "Doppelte Abbuchung", "Eine doppelte Abbuchung erstatten wir auf Ihr Konto.", "de"),
    ("abbuchungen", "Doppelte Abbuchungen", "Doppelte Abbuchungen erstatten wir auf Ihr Konto.", "de"),
    ("vertrag", "Vertrag kündigen", "Den Vertrag kündigen Sie schriftlich zum Ende des Monats.", "de"),
    ("zebra", "Zebra", "Zebra.", "de"),
    ("esim", "Activating your eSIM", "Scan the QR code to activate the eSIM on your phone.", "en"),
)
Ask = Callable[..., Asking]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Ask a question of six articles, and return it with everything considered."""

    def run(text: str, *, subject: str | None = None) -> Asking:
        case = Case(id="q", subject=subject, description=text, language="de")
        articles = [Article(id=key, title=title, body=body, language=code) for key, title, body, code in ARTICLES]
        judged = JudgedSet(
            name="small",
            family="small",
            source="beir",
            kind="articles",
            records={"articles": sorted(articles, key=lambda article: article.id)},
            questions=[Question(id="q", case=case, relevant=frozenset({"code"}), group="q")],
            split={},
            dropped={},
        )
        bench = bench_of(tmp_path, judged)
        asked = bench.ask(judged.questions[0])
        considered = bench.suggester.consider("articles", asked.case, bench.suggester.look_back(asked.case))
        return Asking(
            case=asked.case,
            considered=considered,
            facts=facts_of(considered.space),
            encoder=bench.encoder,
        )

    return run


def _by_id(asking: Asking, values: NDArray[np.float32]) -> dict[str, float]:
    return {asking.considered.id_at(position): float(value) for position, value in enumerate(values)}


def _told(asking: Asking, feature: str) -> Mapping[str, float]:
    return _by_id(asking, FEATURES[feature](asking))


def _first(values: Mapping[str, float]) -> str:
    return max(values, key=lambda key: values[key])


def test_every_feature_says_one_finite_number_of_every_candidate(ask: Ask) -> None:
    asking = ask("Mein Konto: doppelte Abbuchung!", subject="Abbuchung")
    told = features_of(asking)
    assert told.keys() == FEATURES.keys()
    for values in told.values():
        assert values.shape == (len(ARTICLES),)
        assert values.dtype == np.float32
        assert np.isfinite(values).all()


def test_covered_counts_words_in_one_language_only(ask: Ask) -> None:
    covered = _told(ask("Wie geht eSIM, Vertrag"), "covered")
    assert covered["vertrag"] > 0
    assert covered["esim"] == covered["zebra"] == 0


def test_words_count_less_the_less_of_the_question_is_known(ask: Ask) -> None:
    known = _told(ask("Vertrag kündigen"), "known words")
    unknown = _told(ask("Vertrag kündigen, Quastenflosser, Okapi"), "known words")
    assert known["vertrag"] == pytest.approx(1.0)
    assert 0 < unknown["vertrag"] < 0.7


def test_title_words_are_the_share_of_the_question_that_the_title_holds(ask: Ask) -> None:
    assert _told(ask("Vertrag kündigen"), "title words")["vertrag"] == pytest.approx(1.0)
    half = _told(ask("Vertrag kündigen oder doppelte Abbuchung"), "title words")
    assert 0 < half["vertrag"] < 0.7
    assert half["zebra"] == 0


def test_title_asked_is_the_share_of_the_title_that_the_question_holds(ask: Ask) -> None:
    asked = _told(ask("Ich will den Vertrag kündigen, Zebra und Abbuchung noch dazu"), "title asked")
    assert asked["vertrag"] == pytest.approx(1.0)
    assert asked["zebra"] == pytest.approx(1.0)
    assert 0 < asked["abbuchung"] < 1
    assert asked["code"] == 0


def test_numbers_speak_for_what_names_the_same_code(ask: Ask) -> None:
    told = _told(ask("Router meldet F1204"), "numbers")
    assert told["code"] > 0
    assert [key for key, value in told.items() if value] == ["code"]
    assert set(_told(ask("Router meldet etwas"), "numbers").values()) == {0.0}


def test_title_letters_see_the_title_whatever_its_endings(ask: Ask) -> None:
    told = _told(ask("doppelte ABBUCHUNGEN"), "title letters")
    assert told["abbuchungen"] == pytest.approx(1.0)
    assert 0.7 < told["abbuchung"] < 1.0
    assert told["zebra"] == 0.0


def test_texts_without_a_letter_are_like_nothing() -> None:
    assert letters_of("").cosine(letters_of("Zebra")) == 0.0
    assert letters_of("?!").cosine(letters_of("?!")) == 0.0


def test_words_of_a_short_question_count_more_than_those_of_a_long_one(ask: Ask) -> None:
    short = _told(ask("Vertrag kündigen"), "short question")
    long = _told(ask("Vertrag kündigen " + "und noch viel mehr zu sagen " * 8), "short question")
    assert short["vertrag"] > 0.9
    assert long["vertrag"] < 0.1


def test_length_is_that_of_the_item(ask: Ask) -> None:
    told = _told(ask("Vertrag"), "length")
    assert told["zebra"] == pytest.approx(np.log(1 + 2))
    assert told["zebra"] < told["abbuchungen"] < told["vertrag"]


def test_document_is_the_half_of_meaning_that_is_not_the_passage(ask: Ask) -> None:
    asking = ask("Vertrag zum Ende des Monats kündigen")
    candidates, evidence = asking.considered.candidates, asking.considered.evidence
    average = asking.space.average(asking.case.vector)
    passage = average.standing(candidates.passage)
    assert FEATURES["document"](asking) == pytest.approx(2 * evidence.meaning - passage, abs=1e-4)


def test_the_best_sentence_decides_however_much_else_is_written(ask: Ask) -> None:
    asking = ask("Danke.\nDen Vertrag kündigen Sie schriftlich. Das Zebra im Zoo, ach das Zebra, mag ich sehr!")
    told = _told(asking, "best sentence")
    assert told["vertrag"] > _told(asking, "document")["vertrag"]
    best = [asking.standing(each) for each in asking.encoder.encode(sentences_of(asking.case), role="query")]
    assert told == _by_id(asking, np.maximum(best[0], best[1]))
    assert len(best) == 2


def test_a_question_of_one_sentence_is_its_own_best_sentence_and_subject(ask: Ask) -> None:
    asking = ask("Vertrag kündigen")
    assert _told(asking, "best sentence") == _told(asking, "subject") == _told(asking, "document")


def test_the_subject_alone_is_what_the_text_is_not(ask: Ask) -> None:
    asking = ask("Da ist eine doppelte Abbuchung auf dem Konto, erstatten!", subject="Zebra")
    assert _first(_told(asking, "subject")) == "zebra"
    assert _first(_told(asking, "document")) in {"abbuchung", "abbuchungen"}


def test_feedback_favours_what_resembles_the_nearest_items(ask: Ask) -> None:
    asking = ask("Abbuchung doppelt, Konto")
    told = _told(asking, "feedback")
    assert {_first(told), _first({key: value for key, value in told.items() if key != _first(told)})} == {
        "abbuchung",
        "abbuchungen",
    }
    assert told["abbuchungen"] > _told(asking, "document")["abbuchungen"]
