"""Signals of urgency are found in the sentences in which customers give them, and in no others."""

from __future__ import annotations

import pytest

from index.urgency.signals import ENOUGH, KINDS, presence, signals_in, strength
from index.urgency.words import PATTERNS, STRENGTHS

GIVEN = {
    "outage": (
        "Totalausfall in der Filiale",
        "Seit Freitag kein Internet",
        "wir sind seit gestern Abend komplett ohne Strom",
        "kein Netz seit heute früh",
        "Wir haben kein warmes Wasser.",
        "Heute Nacht ist die Heizung ausgefallen.",
        "unser Betrieb steht still",
        "Hier kann keiner mehr arbeiten",
        "Der Notruf geht nicht",
        "There is a complete outage at our site",
        "We are completely offline",
        "no internet since Monday",
    ),
    "danger": (
        "Im Keller ist Gasgeruch",
        "es riecht bei uns nach Gas",
        "Wasserrohrbruch im Haus",
        "die Steckdose ist angeschmort",
        "I can smell burning, it smells like burning",
    ),
    "medical": (
        "mein Insulin muss gekühlt werden",
        "meine Frau hängt am Sauerstoffgerät",
        "He depends on dialysis",
    ),
    "security": (
        "Mir wurde das Handy gestohlen",
        "Ich habe meine Kreditkarte verloren",
        "mein Konto wurde gehackt",
        "da ist eine unbekannte Abbuchung drauf",
        "Ich habe denen meine TAN verraten",
        "My phone was stolen",
        "I lost my card",
    ),
    "cutoff": (
        "Sie drohen mit Sperrung",
        "Androhung einer Abschaltung",
        "Man hat uns das Gas abgestellt",
        "schon die zweite Mahnung",
        "heute kam ein Mahnbescheid",
        "I got a final notice",
    ),
    "legal": (
        "mein Anwalt wird sich melden",
        "sonst leite ich rechtliche Schritte ein",
        "Ich werde mich bei der Bundesnetzagentur beschweren",
        "dann verklage ich Sie",
        "You will hear from my solicitor",
    ),
    "vulnerable": (
        "meine Mutter hat einen Hausnotruf",
        "mein Mann ist bettlägerig",
        "Meine 86-jährige Mutter sitzt da",
        "wir wohnen hier mit einem Baby",
        "My dad is 88 years old",
    ),
    "deadline": (
        "Ich brauche bis Freitag eine Antwort",
        "Das muss spätestens am 3. Mai da sein",
        "Ich setze Ihnen eine Frist",
        "Bis morgen Abend brauche ich das Gerät",
        "Ich erwarte Ihre Antwort innerhalb von 48 Stunden",
        "I need it by Friday",
    ),
    "repeated": (
        "Ich schreibe jetzt zum dritten Mal",
        "das ist meine vierte Mail",
        "Ich habe schon mehrfach angerufen",
        "bis heute keine Antwort",
        "es hat sich niemand gemeldet",
        "This is the third time I ask",
        "still no reply",
    ),
    "stated": ("Es ist dringend", "bitte eilig", "Das eilt", "This is urgent", "asap"),
}
NOT_GIVEN = (
    ("deadline", "Wir sind von Montag bis Freitag erreichbar."),
    ("deadline", "Muss ich jetzt bis morgen warten?"),
    ("deadline", "Ich brauche bis Freitag eine Antwort, es eilt aber nicht."),
    ("stated", "Das ist nicht eilig."),
    ("stated", "Es ist nicht so dringend."),
    ("stated", "Keine Eile. Sonst würde ich dringend schreiben."),
    ("stated", "No rush."),
    ("stated", "This is not urgent."),
    ("security", "Was passiert, wenn meine Karte gestohlen wird?"),
    ("security", "Mir wurde nichts gestohlen."),
    ("security", "Mein altes wurde letztes Jahr gestohlen."),
    ("security", "What happens if my phone was stolen?"),
    ("outage", "Das Netzteil ist ohne Kabel gekommen."),
    ("outage", "Unser Internet ist nicht ausgefallen."),
    ("outage", "Ich bin ohne Stromvertrag."),
    ("cutoff", "Falls der Strom abgestellt wird: was dann?"),
    ("cutoff", "Ich habe eine Mahnung bekommen."),
    ("legal", "Das habe ich bei der Verbraucherzentrale gelesen."),
    ("vulnerable", "Wir wünschen uns ein Baby."),
    ("vulnerable", "Ich bin 45 Jahre alt."),
    ("repeated", "Die Preise steigen zum dritten Mal."),
    ("medical", "Ich wohne neben dem Krankenhaus."),
    ("danger", "Der Tarif brennt mir auf der Seele."),
)


@pytest.mark.parametrize(("kind", "sentence"), [(kind, each) for kind, some in GIVEN.items() for each in some])
def test_a_signal_is_found_in_a_sentence_that_gives_it(kind: str, sentence: str) -> None:
    found = {signal.kind: signal.quote for signal in signals_in(sentence)}
    assert kind in found
    assert found[kind] in sentence


@pytest.mark.parametrize(("kind", "sentence"), NOT_GIVEN)
def test_a_sentence_that_only_sounds_like_it_gives_no_signal(kind: str, sentence: str) -> None:
    assert kind not in {signal.kind for signal in signals_in(sentence)}


@pytest.mark.parametrize(
    "sentence",
    ["Fruehestens. Es ist schwer, ich bin bettlaegerig", "ich bin bettlagerig", "ICH BIN BETTLÄGERIG"],
)
def test_umlauts_are_found_however_they_are_written(sentence: str) -> None:
    assert [signal.kind for signal in signals_in(sentence)] == ["vulnerable"]


def test_a_deadline_is_quoted_without_the_words_around_it() -> None:
    (signal,) = signals_in("Guten Tag, ich brauche das Gerät unbedingt bis kommenden Freitag zurück.")
    assert signal.quote == "bis kommenden Freitag"


def test_what_is_said_in_another_clause_takes_nothing_back() -> None:
    assert [signal.kind for signal in signals_in("Ich weiß nicht weiter, mein Handy wurde gestohlen.")] == ["security"]


def test_a_signal_never_reaches_over_the_end_of_a_sentence() -> None:
    assert signals_in("Es geht um den Strom. Ausgefallen ist nur der Termin.") == ()


def test_each_kind_counts_once_and_a_weak_one_is_not_enough() -> None:
    twice = signals_in("Es ist dringend. Wirklich dringend!")
    assert [signal.kind for signal in twice] == ["stated"]
    assert strength(twice) < ENOUGH
    assert strength(signals_in("Es ist dringend, ich schreibe zum dritten Mal.")) >= ENOUGH
    assert strength(signals_in("Mein Handy wurde gestohlen.")) >= ENOUGH


def test_presence_marks_the_kinds_in_their_order() -> None:
    present = presence(signals_in("Es ist dringend."))
    assert present.tolist() == [float(kind == "stated") for kind in KINDS]


def test_every_kind_has_words_and_a_strength() -> None:
    assert set(PATTERNS) == set(STRENGTHS) == set(GIVEN)


def test_no_text_gives_no_signal() -> None:
    assert signals_in("") == ()
    assert signals_in("…") == ()


def test_a_long_text_of_near_misses_is_read_to_its_end() -> None:
    text = "seit " * 5_000 + "brauche bis " * 5_000 + ". Es ist dringend."
    assert [signal.kind for signal in signals_in(text)] == ["stated"]
