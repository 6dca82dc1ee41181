"""Open and solved cases are masked alike, for searching and for showing."""

from __future__ import annotations

from datetime import UTC, datetime

from corpus.casetext import case_text
from corpus.models import Case, Message
from corpus.privacy.masking import Masking, names_in

TEXT = (
    "Guten Tag,\n\nmein Router blinkt rot, Fehlercode F-1204. Kundennummer 4711-0815, Tel. 0171 2345678.\n"
    "Der Vertrag läuft auf Brandts Namen.\n\nMit freundlichen Grüßen\nHelmut Brandt\nKirchweg 14\n12345 Niederlohe"
)
CASE = Case(
    id="c1",
    subject="Störung, Kd-Nr. 4711-0815",
    description=TEXT,
    messages=(
        Message(role="agent", text="Guten Tag Herr Brandt, geht es um 0171 2345678?"),
        Message(role="customer", text="<p>ja, oder <b>petra@posteo.example</b></p>"),
    ),
    language="de",
    customer={"segment": "privat", "last_name": "Brandt", "hinweis": "nur Tel. 0171 2345678", "alter": 78},
    resolution="Herrn Brandt unter 0171 2345678 erreicht, Port neu gestartet.",
    closed_at=datetime(2026, 3, 1, tzinfo=UTC),
    agent="a-018",
)
SECRETS = ("4711", "0171", "2345678", "Brandt", "Helmut", "Kirchweg", "Niederlohe", "petra", "a-018")


def test_the_search_text_holds_the_problem_and_nobody() -> None:
    text = Masking().search_text(CASE).text

    assert "mein Router blinkt rot, Fehlercode F-1204" in text
    assert not [secret for secret in SECRETS if secret in text]
    assert "[" not in text


def test_a_shown_case_says_what_was_there_and_nobody() -> None:
    shown = Masking().shown_case(CASE)

    assert shown.resolution == "Herrn [Name] unter [Telefon] erreicht, Port neu gestartet."
    assert shown.customer == {
        "segment": "privat",
        "last_name": "[Name]",
        "hinweis": "nur Tel. [Telefon]",
        "alter": 78,
    }
    assert shown.messages[1].text == "ja, oder [E-Mail]"
    assert shown.agent is None
    assert not [secret for secret in SECRETS if secret in str(shown)]


def test_everything_else_of_a_shown_case_stays() -> None:
    shown = Masking().shown_case(CASE)

    assert (shown.id, shown.closed_at, shown.language) == (CASE.id, CASE.closed_at, "de")


def test_a_solved_case_is_searched_by_the_same_text_however_often_it_was_masked() -> None:
    masking = Masking()

    assert masking.search_text(masking.shown_case(CASE)) == masking.search_text(CASE)


def test_names_of_the_contact_are_masked_in_an_open_case() -> None:
    case = Case(id="", description="Der Vertrag von Sommer läuft aus.")

    assert Masking().search_text(case, contact={"last_name": "Sommer"}).text == "Der Vertrag von … läuft aus."
    assert "Sommer" in Masking().search_text(case).text


def test_a_number_that_a_long_mail_is_cut_in_leaves_no_rest() -> None:
    long = "Wort " * 110 + "DE89 3704 0044 0532 0130 00 ist mein Konto. " + "Wort " * 300

    assert not [
        part for part in ("3704", "0044", "0532") if part in Masking().search_text(Case(id="c", description=long)).text
    ]


def test_the_middle_of_an_endless_text_is_not_read() -> None:
    case = Case(id="c", description="Anfang " + "x" * 40_000 + " Ende?")

    assert "Anfang" in Masking().search_text(case).text


def test_switched_off_it_masks_nothing_but_still_keeps_agents_out() -> None:
    off = Masking(enabled=False)

    assert off.search_text(CASE) == case_text(CASE)
    assert off.search_query("Tel. 0171 2345678") == "Tel. 0171 2345678"
    assert off.shown_case(CASE).resolution == CASE.resolution
    assert off.shown_case(CASE).agent is None
    assert off.statement != Masking().statement


def test_names_are_read_from_fields_for_names_only() -> None:
    assert names_in({"last_name": "Brandt", "segment": "Privat"}, {"vorname": "Helmut", "name": 7}) == (
        "Brandt",
        "Helmut",
    )
