from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language import Language, LanguageIdentifier

KNOWN = ("de", "en")
DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    return LanguageIdentifier.load()


class FixedRanker:
    """Gives every text the same ranking."""

    def __init__(self, **shares: float) -> None:
        self._shares = shares

    def rank(self, text: str) -> list[tuple[str, float]]:
        return sorted(self._shares.items(), key=lambda item: -item[1])


@pytest.mark.parametrize(
    "text",
    ["Hallo", "Rechnung doppelt", "kein Netz", "wo ist meine simkarte", "Kuendigung", "Danke, hat geklappt", "Danke",
     "Internet down", "PUK vergessen", "Login geht nicht", "WLAN weg", "ja", "Hilfe", "Mahnung", "STÖRUNG"],
)  # fmt: skip
def test_short_german_is_german(identifier: LanguageIdentifier, text: str) -> None:
    assert identifier.identify(text, given=None, known=KNOWN).code == "de"


@pytest.mark.parametrize(
    "text",
    ["hello", "no signal", "invoice wrong", "cancel my contract", "my internet is down", "thanks", "I forgot my PIN",
     "where is my order", "REFUND PLEASE"],
)  # fmt: skip
def test_short_english_is_english(identifier: LanguageIdentifier, text: str) -> None:
    found = identifier.identify(text, given=None, known=KNOWN)
    assert (found.code, found.source) == ("en", "text")


@pytest.mark.parametrize(("given_code", "code"), [("de-AT", "de"), ("EN_us", "en"), ("fr", "fr")])
def test_a_given_language_is_believed(identifier: LanguageIdentifier, given_code: str, code: str) -> None:
    found = identifier.identify("Rechnung doppelt", given=given_code, known=KNOWN)
    assert found == Language(code=code, confidence=1.0, source="given")


@pytest.mark.parametrize("given_code", ["", "und", None, " "])
def test_no_language_given_is_read_from_the_text(identifier: LanguageIdentifier, given_code: str | None) -> None:
    assert identifier.identify("Rechnung doppelt", given=given_code, known=KNOWN).source == "text"


@pytest.mark.parametrize("text", ["", "12345", "???", "Router", "https://example.org/hilfe", "ok"])
@pytest.mark.parametrize("known", [("de", "en"), ("en", "de")])
def test_what_decides_nothing_is_the_main_language(
    identifier: LanguageIdentifier, text: str, known: tuple[str, ...]
) -> None:
    assert identifier.identify(text, given=None, known=known) == Language(
        code=known[0], confidence=0.5, source="default"
    )


def test_one_known_language_is_it(identifier: LanguageIdentifier) -> None:
    assert identifier.identify("hello", given=None, known=("de",)).code == "de"


def test_languages_without_word_lists_and_without_model_are_taken(identifier: LanguageIdentifier) -> None:
    text = "Bonjour, je voudrais annuler mon abonnement parce que la facture est trop élevée."
    assert identifier.identify(text, given=None, known=("de", "fr-CH", "gsw")).code == "fr"


def test_no_known_language_is_refused(identifier: LanguageIdentifier) -> None:
    with pytest.raises(ValueError, match="known is empty"):
        identifier.identify("Hallo", given=None, known=())


def test_a_narrow_lead_decides_nothing() -> None:
    found = LanguageIdentifier(FixedRanker(de=0.45, en=0.55)).identify("xyz", given=None, known=KNOWN)
    assert (found.code, found.source) == ("de", "default")
    assert found.confidence == pytest.approx(0.45)


def test_other_languages_of_the_model_take_no_part() -> None:
    found = LanguageIdentifier(FixedRanker(it=0.98, en=0.015, de=0.005)).identify("xyz", given=None, known=KNOWN)
    assert (found.code, found.source) == ("en", "text")
    assert found.confidence == pytest.approx(0.75)


@given(st.text(max_size=300))
def test_any_text_has_a_known_language(text: str) -> None:
    found = LanguageIdentifier(FixedRanker(de=0.5, en=0.5)).identify(text, given=None, known=KNOWN)
    assert found.code in KNOWN
    assert 0 <= found.confidence <= 1


def test_threads_share_one_identifier(identifier: LanguageIdentifier) -> None:
    texts = ["Meine Rechnung ist doppelt", "my invoice is wrong", "Router", "kein Netz"] * 50
    alone = [identifier.identify(text, given=None, known=KNOWN) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: identifier.identify(text, given=None, known=KNOWN), texts))
    assert together == alone


def test_a_long_text_costs_little(identifier: LanguageIdentifier) -> None:
    text = "Seit gestern blinkt mein Router rot und nichts geht mehr. " * 20_000
    start = time.process_time()
    identifier.identify(text, given=None, known=KNOWN)
    assert time.process_time() - start < 0.2


@pytest.mark.skipif(not (DATA / "mails").is_dir(), reason="the open evaluation data is not beside the repository")
def test_real_german_subjects_and_mails_are_recognised(identifier: LanguageIdentifier) -> None:
    lines = (line for path in sorted((DATA / "mails").glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    mails = [mail for line in lines for mail in json.loads(line)["mails"]]
    texts = [mail["text"] for mail in mails]
    subjects = [mail["subject"] for mail in mails if mail.get("subject")]
    for group, least in ((texts, 0.999), (subjects, 0.99)):
        right = sum(identifier.identify(text, given=None, known=("en", "de")).code == "de" for text in group)
        assert right / len(group) >= least
