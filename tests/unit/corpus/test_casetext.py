from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.casetext import CaseText, TextBudget, case_text, known_before_reply
from corpus.models import Case, Message, Outcome, Role, Use
from corpus.shorten import shorten
from corpus.subject import clean_subject


def say(role: Role, text: str) -> Message:
    return Message(role=role, text=text)


CASE = Case(
    id="c-1",
    subject="AW: [#48213] Rechnung doppelt",
    description="Hallo,\nim März wurde zweimal abgebucht.\nMfG Max",
    messages=(
        say("customer", "Guten Tag, ich warte noch auf eine Antwort zu meiner Abbuchung."),
        say("agent", "Meinen Sie die Rechnung vom 3. März? Gern helfe ich."),
        say("system", "Priorität geändert auf hoch"),
        say("customer", "ja"),
        say("agent", "Wir erstatten den Betrag."),
        say("customer", "Bis wann ist das Geld denn auf meinem Konto? LG Max"),
    ),
    closed_at=datetime(2026, 3, 9, tzinfo=UTC),
    resolution="Gutschrift gebucht GEHEIM",
    outcome=Outcome(solved=True),
    templates=(Use(id="t-geheim", after_message=1),),
)


def test_the_last_message_comes_right_after_the_subject() -> None:
    assert case_text(CASE) == CaseText(
        subject="Rechnung doppelt",
        last="Bis wann ist das Geld denn auf meinem Konto?",
        earlier=("im März wurde zweimal abgebucht.", "ja", "ich warte noch auf eine Antwort zu meiner Abbuchung."),
        text="Rechnung doppelt\nBis wann ist das Geld denn auf meinem Konto?\nim März wurde zweimal abgebucht.\nja\n"
        "ich warte noch auf eine Antwort zu meiner Abbuchung.",
    )


def test_only_what_was_known_is_seen() -> None:
    assert case_text(CASE, known_messages=0).text == "Rechnung doppelt\nim März wurde zweimal abgebucht."
    known = case_text(CASE, known_messages=known_before_reply(CASE))
    assert known.last == "ich warte noch auf eine Antwort zu meiner Abbuchung."
    assert "Konto" not in known.text


def test_nothing_known_only_at_closing_changes_the_text() -> None:
    bare = replace(CASE, resolution=None, outcome=None, closed_at=None, templates=(), status="open", agent="a-1")
    assert case_text(CASE) == case_text(bare)
    assert "GEHEIM" not in case_text(CASE).text


def test_a_bare_reply_stands_behind_the_question_it_answers() -> None:
    text = case_text(CASE, known_messages=4)
    assert text.last == "Meinen Sie die Rechnung vom 3. März? ja"
    assert "Priorität" not in text.text


def test_an_agent_gives_no_words_to_a_reply_that_says_something() -> None:
    assert "Meinen Sie" not in case_text(CASE).text
    assert "erstatten" not in case_text(CASE).text


def test_a_bare_reply_without_a_question_before_it_stays_alone() -> None:
    case = Case(id="c", messages=(say("customer", "Mein Netz ist weg"), say("customer", "hallo??")))
    assert case_text(case).text == "hallo??\nMein Netz ist weg"


def test_the_first_message_kept_as_description_too_is_not_doubled() -> None:
    case = Case(id="c", description="Mein Netz ist weg!", messages=(say("customer", "Hallo, mein Netz ist weg."),))
    assert case_text(case).text == "mein Netz ist weg."


def test_a_subject_that_starts_the_description_is_not_doubled() -> None:
    case = Case(id="c", subject="Mein Netz ist weg", description="Mein Netz ist weg, seit heute früh.")
    assert case_text(case).text == "Mein Netz ist weg, seit heute früh."
    assert case_text(case).subject == "Mein Netz ist weg"


def test_html_is_read_as_text() -> None:
    case = Case(id="c", description="<p>Guten Tag,</p><p>Ger&auml;t defekt, was nun?</p><p>MfG<br>Max Muster</p>")
    assert case_text(case).text == "Gerät defekt, was nun?"


@pytest.mark.parametrize(
    "case", [Case(id="c"), Case(id="c", subject=" ", description="\n", messages=(say("agent", "Hallo"),))]
)
def test_an_empty_case_has_no_text(case: Case) -> None:
    assert case_text(case) == CaseText(subject="", last="", earlier=(), text="")


def test_a_long_message_keeps_its_head_and_its_question() -> None:
    middle = "Dann passierte noch dies und das. " * 60
    case = Case(id="c", description=f"Mein Router blinkt rot. {middle} Was kostet die Reparatur?")
    text = case_text(case).text
    assert text.startswith("Mein Router blinkt rot.")
    assert text.endswith("Was kostet die Reparatur?")
    assert len(text.split()) <= TextBudget().total + 1


def test_new_messages_displace_old_ones() -> None:
    messages = tuple(say("customer", f"Nachricht Nummer {n} " + "mit vielen Worten " * 15) for n in range(20))
    text = case_text(Case(id="c", messages=messages))
    assert "Nummer 19" in text.last
    assert "Nummer 18" in text.text
    assert "Nummer 0 " not in text.text


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="known_messages is -1"):
        case_text(CASE, known_messages=-1)


def test_messages_before_the_first_reply_are_counted() -> None:
    assert known_before_reply(CASE) == 1
    assert known_before_reply(Case(id="c", messages=(say("customer", "a"), say("system", "b")))) == 2
    assert known_before_reply(Case(id="c")) == 0


@pytest.mark.parametrize(
    ("subject", "cleaned"),
    [
        ("AW: WG: [#12345] Rechnung doppelt", "Rechnung doppelt"),
        ("Re: Re[2]: Fwd: [Ticket-ID: AB-123] kein Netz", "kein Netz"),
        ("Antw.: Frage zum Tarif", "Frage zum Tarif"),
        ("(Ticket #4711) Hilfe ref:_00D123.500abc:ref", "Hilfe"),
        ("[EXTERN] Störung", "Störung"),
        ("[Excel] stürzt ab", "[Excel] stürzt ab"),
        ("Rezept verloren", "Rezept verloren"),
        ("(kein Betreff)", ""),
        ("Störung in Halle 3 (West)", "Störung in Halle 3 (West)"),
    ],
)
def test_subjects_lose_prefixes_and_ticket_numbers(subject: str, cleaned: str) -> None:
    assert clean_subject(subject) == cleaned


WORDS = st.lists(st.sampled_from(["Netz", "weg.", "Was", "tun?", "ja", "\n"]), max_size=60).map(" ".join)
MESSAGES = st.lists(st.builds(Message, role=st.sampled_from(["customer", "agent", "system"]), text=WORDS), max_size=6)


@given(st.one_of(st.none(), WORDS), st.one_of(st.none(), WORDS), MESSAGES, st.integers(0, 7))
def test_the_budget_holds_and_the_future_is_unseen(
    subject: str | None, description: str | None, messages: list[Message], known: int
) -> None:
    budget = TextBudget(last=12, total=25, subject=5, ending=4, question=4)
    case = Case(id="c", subject=subject, description=description, messages=tuple(messages))
    text = case_text(case, known_messages=known, budget=budget)
    assert len(text.text.split()) <= budget.total + 1 + len(text.earlier)  # and the marks of gaps
    assert text == case_text(replace(case, messages=tuple(messages[:known])), budget=budget)


@given(WORDS, st.integers(0, 40), st.integers(0, 10))
def test_shortened_texts_fit(text: str, words: int, ending: int) -> None:
    assert len(shorten(text, words, ending=ending).split()) <= words + 1
