from __future__ import annotations

from assist.explain import explainer


def test_reasons_are_sentences_in_the_language_of_the_reader() -> None:
    german, english = explainer("de"), explainer("en")
    assert german.terms(("Rechnung", "doppelt")).text == "Begriffe: Rechnung, doppelt"
    assert german.history("articles", 4, 6).text == "half in 4 von 6 ähnlichen Fällen"
    assert english.history("templates", 4, 6).text == "sent in 4 of 6 similar cases"
    assert (
        german.sequence(("verify", "Identität prüfen"), 3, 9).text == "folgte in 3 von 9 Fällen auf „Identität prüfen“"
    )
    assert english.sequence(None, 3, 9).text == "was the first step in 3 of 9 cases"
    assert german.meaning("Fristen").text == "inhaltlich nah am Anliegen, im Abschnitt „Fristen“"


def test_other_languages_get_english_reasons() -> None:
    assert explainer("fr").meaning(None).text == "close in meaning"


def test_at_most_four_terms_are_named_and_given_as_facts() -> None:
    reason = explainer("de").terms(("a", "b", "c", "d", "e"))
    assert reason.text == "Begriffe: a, b, c, d"
    assert reason.facts == {"terms": ["a", "b", "c", "d"]}
