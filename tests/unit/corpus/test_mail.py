from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.mail import strip_mail
from corpus.text import normalise

PROBLEM = "seit gestern blinkt mein Router rot und das Internet geht nicht. Was soll ich tun?"
ANSWER = "Sehr geehrter Herr Brandt,\nbitte starten Sie das Gerät neu.\nMit freundlichen Grüßen\nIhr Service"
QUOTED = "\n".join(f"> {line}" for line in ANSWER.split("\n"))

ATTRIBUTIONS = {
    "Thunderbird": "Am 03.03.2026 um 10:12 schrieb Service-Team:",
    "Gmail": "Am Di., 3. März 2026 um 10:12 Uhr schrieb Service <service@example.org>:",
    "Gmail, umbrochen": "Am Di., 3. März 2026 um 10:12 Uhr schrieb Musterfirma Service <\nservice@example.org>:",
    "Gmail, älter": "Service <service@example.org> schrieb am Di., 3. März 2026, 10:12:",
    "Apple": "Am 03.03.2026 um 10:12 schrieb Service Muster <service@example.org>:",
    "Apple, umbrochen": "Am 03.03.2026 um 10:12 schrieb Service Muster\n<service@example.org>:",
    "Roundcube": "Am 2026-03-03 10:12, schrieb Service:",
    "Gmail, englisch": "On Tue, Mar 3, 2026 at 10:12 AM Service <service@example.org> wrote:",
    "Gmail, englisch, umbrochen": "On Tue, Mar 3, 2026 at 10:12 AM Musterfirma Service\n<service@example.org> wrote:",
    "Thunderbird, englisch": "On 3/3/26 10:12, Service wrote:",
    "Horde": "Zitat von Service <service@example.org>:",
}
HEADERS = {
    "Outlook": "Von: Service <s@example.org>\nGesendet: Dienstag, 3. März 2026 10:12\nAn: Brandt\nBetreff: AW: Router",
    "Outlook, fett": "*Von:* Service\n*Gesendet:* Dienstag, 3. März 2026\n*An:* Brandt\n*Betreff:* AW: Router",
    "Outlook, englisch": "From: Service\nSent: Tuesday, March 3, 2026 10:12 AM\nTo: Brandt\nSubject: RE: Router",
    "GMX": "Gesendet: Dienstag, 03. März 2026 um 10:12 Uhr\nVon: Service\nAn: Brandt\nBetreff: Re: Router",
    "Ursprüngliche Nachricht": "-----Ursprüngliche Nachricht-----\nVon: Service\nGesendet: Dienstag, 3. März",
    "Original Message": "-----Original Message-----\nFrom: Service\nSent: Tuesday",
    "Weitergeleitet": "---------- Weitergeleitete Nachricht ----------\nVon: Service\nBetreff: Router",
    "Apple weitergeleitet": "Anfang der weitergeleiteten Nachricht:\n\nVon: Service\nBetreff: Router\nDatum: 3. März",
    "Zendesk": "##- Bitte schreiben Sie Ihre Antwort oberhalb dieser Zeile -##",
}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
@pytest.mark.parametrize("answer", [QUOTED, ANSWER], ids=["mit >", "ohne >"])
def test_an_answered_mail_is_removed(attribution: str, answer: str) -> None:
    assert strip_mail(f"{PROBLEM}\n\n{attribution}\n\n{answer}") == PROBLEM


@pytest.mark.parametrize("head", [*ATTRIBUTIONS.values(), *HEADERS.values()], ids=[*ATTRIBUTIONS, *HEADERS])
def test_a_quoted_mail_with_its_attribution_inside_the_quote_is_removed(head: str) -> None:
    quoted = "\n".join(f"> {line}".rstrip() for line in head.split("\n"))
    assert strip_mail(f"{PROBLEM}\n\n{quoted}\n{QUOTED}\n\nDas half mir leider gar nicht.") == (
        f"{PROBLEM}\n\nDas half mir leider gar nicht."
    )


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("answer", [QUOTED, ANSWER], ids=["mit >", "ohne >"])
def test_a_mail_under_a_header_is_removed(header: str, answer: str) -> None:
    assert strip_mail(f"{PROBLEM}\n\n{header}\n\n{answer}") == PROBLEM


def test_answers_between_and_after_quotes_stay() -> None:
    mail = (
        "Am 03.03.2026 um 10:12 schrieb Service:\n> Haben Sie neu gestartet?\n\nJa, schon dreimal.\n\n"
        "> Blinkt die Lampe rot?\n\nNein, sie ist ganz aus.\n\nGruß\nMax Muster\n\n> Ihr Service"
    )
    assert strip_mail(mail) == "Ja, schon dreimal.\n\nNein, sie ist ganz aus."


def test_what_follows_signature_and_quote_stays() -> None:
    mail = (
        f"Guten Tag,\n\n{PROBLEM}\n\nMit freundlichen Grüßen\nRolf Zinnecker\n\nAm 8. Mai schrieb Service-Team:\n"
        "> Sehr geehrter Herr Zinnecker,\n> wir wünschen alles Gute.\n\nDiese Antwort hat mir leider nichts geholfen."
    )
    assert strip_mail(mail) == f"{PROBLEM}\n\nDiese Antwort hat mir leider nichts geholfen."


def test_a_sentence_the_customer_cites_himself_stays() -> None:
    mail = "> Unser Techniker besucht Sie zwischen 13 und 17 Uhr.\n\nTja, hat er aber nicht, und angerufen auch nicht."
    assert "Techniker besucht Sie" in strip_mail(mail)
    mail = "Am Bildschirm steht immer:\n> Zugriff verweigert (0x80070005)\n\nWas bedeutet das für mich?"
    assert "0x80070005" in strip_mail(mail)


def test_a_short_quote_the_customer_refers_to_stays() -> None:
    mail = (
        "Hallo,\nder Hersteller sieht die Schuld bei Ihnen, siehe unten. Lässt sich die Bremse lösen?\n\n"
        "Grüße\nTorben\n\n"
        "Am 3. März schrieb Support:\n> Das ist die Begrenzung der EWS-Zugriffe."
    )
    assert strip_mail(mail) == (
        "der Hersteller sieht die Schuld bei Ihnen, siehe unten. Lässt sich die Bremse lösen?\n\n"
        "Das ist die Begrenzung der EWS-Zugriffe."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Am 4. Mai schrieb Ihr Kollege:\nDas Paket kommt am 5. an.\nEs kam aber nie.",
        "Von: Köln\nNach: Berlin\nder Zug fiel aus, ich will mein Geld zurück",
        "Am 3. März habe ich gekündigt, und Ihr Kollege schrieb, das sei um 10:12 Uhr erledigt:\nist es aber nicht.",
    ],
)
def test_what_only_resembles_an_attribution_stays(text: str) -> None:
    assert strip_mail(text) == text


def test_a_mail_that_only_forwards_keeps_what_it_forwards() -> None:
    forwarded = f"Von: Lisa <l@example.org>\nDatum: 3. März 2026\nBetreff: Router\n\nHallo,\n{PROBLEM}\nLG Lisa"
    assert strip_mail(f"---------- Forwarded message ---------\n{forwarded}") == PROBLEM
    pointing = strip_mail(
        f"Hallo, siehe unten, können Sie helfen?\n\nAnfang der weitergeleiteten Nachricht:\n\n{forwarded}"
    )
    assert PROBLEM in pointing
    assert "siehe unten" in pointing


@pytest.mark.parametrize(
    "greeting",
    [
        "Sehr geehrte Damen und Herren,",
        "Sehr geehrte Damen u. Herren,",
        "Sehr geehrter Herr Dr. von Ahlsen,",
        "Guten Tag,",
        "Guten Tag Herr Brandt,",
        "Hallo zusammen,",
        "Hallo liebes Service-Team!",
        "Hi",
        "Moin moin,",
        "Servus",
        "Grüß Gott,",
        "Liebes Team,",
        "Hallo,\n\nguten Abend,",
        "Dear Sir or Madam,",
        "Hello,",
        "Hi there,",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n", " "])
def test_a_greeting_is_removed(greeting: str, gap: str) -> None:
    assert strip_mail(f"{greeting}{gap}{PROBLEM}") == PROBLEM


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("Hallo, ich hab keine Ahnung", "ich hab keine Ahnung"),
        ("Hallo mein Internet geht nicht, was tun?", "mein Internet geht nicht, was tun?"),
        ("Hallo Kündigung, bitte bestätigen", "Kündigung, bitte bestätigen"),
        ("Morgen kommt der Techniker, warum?", "Morgen kommt der Techniker, warum?"),
        ("Tag der Lieferung war gestern", "Tag der Lieferung war gestern"),
        ("Liebe ist es nicht, was uns verbindet", "Liebe ist es nicht, was uns verbindet"),
    ],
)
def test_a_greeting_takes_nothing_of_the_first_sentence(text: str, stripped: str) -> None:
    assert strip_mail(text) == stripped


@pytest.mark.parametrize(
    "ending",
    [
        "Mit freundlichen Grüßen\nMax Muster\nMusterstr. 5\n12345 Berlin\nTel. 030 123456",
        "MfG",
        "MfG Max",
        "LG Malte & Franzi",
        "Viele Grüße aus Straubing\nRosi",
        "Mit hustenden Grüßen\nFerenc Baranyi",
        "Beste Grüße\n\ni. V. Roswitha Claasen\nEinkauf / Beschaffung\n\nMusterfirma GmbH\nHRB 12345",
        "Hochachtungsvoll, Edeltraud von Sassen",
        "Freundlich grüßt\nWiebke Soltau",
        "Danke und Gruß\nJonas Wittek",
        "Danke\nSteffi",
        "Kind regards\nJohn Miller\nAccount Manager",
        "Best,\nTom",
        "-- \nMax Muster\nLeiter Einkauf",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Sent from my iPhone",
        "Gruß\nMax\n\nGesendet von Outlook für iOS",
        "MfG Max\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind,\n"
        "informieren Sie uns bitte und löschen Sie diese E-Mail.",
        "Regards\nTom\n\nThis e-mail may contain confidential information.",
    ],
)
def test_an_ending_is_removed(ending: str) -> None:
    assert strip_mail(normalise(f"Guten Tag,\n{PROBLEM}\n\n{ending}")) == PROBLEM


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("Meine Lampe ist kaputt. Was tun? LG Fenja", "Meine Lampe ist kaputt. Was tun?"),
        ("Hallo, Rechnung doppelt. Mit freundlichen Grüßen Max Muster Tel. 030 123456", "Rechnung doppelt."),
        (
            "Leider geht es nicht. Am 3. März 2026 um 10:12 schrieb Max <m@example.org>: Sehr geehrter Herr, bitte",
            "Leider geht es nicht.",
        ),
        (
            "Kein Netz mehr. Von: Service Gesendet: Dienstag, 3. März An: Max Betreff: Störung Bitte warten Sie",
            "Kein Netz mehr.",
        ),
    ],
)
def test_a_mail_that_lost_its_line_breaks_is_stripped(text: str, stripped: str) -> None:
    assert strip_mail(text) == stripped


@pytest.mark.parametrize("mark", ["PS:", "P.S.", "Nachtrag:", "PS dazwischn:"])
def test_a_postscript_stays(mark: str) -> None:
    postscript = f"{mark} Der Keller ist auch betroffen."
    assert strip_mail(f"{PROBLEM}\n\nGruß\nMax Muster\n\n{postscript}\n\nFirma GmbH") == f"{PROBLEM}\n\n{postscript}"


def test_a_question_or_a_report_behind_the_closing_stays() -> None:
    mail = f"{PROBLEM}\nMit freundlichen Grüßen\nMax\n\nFehlermeldung:\nORA-01017: logon denied"
    assert strip_mail(mail).endswith("Fehlermeldung:\nORA-01017: logon denied")
    mail = f"{PROBLEM}\nLG Max\n\nach ja, und wann kommt eigentlich der Techniker zu mir?"
    assert strip_mail(mail).endswith("wann kommt eigentlich der Techniker zu mir?")


@pytest.mark.parametrize(
    "text",
    [
        "Danke",
        "Danke, hat geklappt",
        "Danke\nEs geht um den Router im Keller, der blinkt rot",
        "Danke für die Antwort. Leider geht es nicht.",
        "LG Fernseher geht nicht\nDas Bild ist schwarz.",
        "Mein Gerät ist von\nLG OLED55",
        "Die Grußkarte fehlt",
        "Der Gruß auf der Karte fehlt",
        "Diese E-Mail enthält vertrauliche Daten, ich habe sie falsch verschickt. Was nun?",
        "Hallo",
        "Best Western Hotel nicht erreichbar",
    ],
)
def test_what_only_resembles_manners_stays(text: str) -> None:
    assert strip_mail(text) == text


@pytest.mark.parametrize("text", ["Guten Tag,\nKündigung\nMfG Max", "Hallo, Kündigung! LG Max"])
def test_one_word_is_enough_where_little_was_removed(text: str) -> None:
    assert strip_mail(text).rstrip("!") == "Kündigung"


PIECES = st.sampled_from(
    [
        "Hallo,", "Danke", "LG Max", "MfG", "> ja", "> ", "--", "PS: noch was", "Am 3.3.26 um 10:12 schrieb a@b.de:",
        "Von: X", "Gesendet: gestern", "Betreff: Y", "-----Original Message-----", "Von meinem iPhone gesendet", "",
        "Mit freundlichen Grüßen", "mein Netz ist seit gestern weg", "Tel. 030 123456", "?", "…",
        "Diese E-Mail enthält",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12), st.sampled_from(["\n", "\n\n", " "]))
def test_something_is_left_of_every_mail(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    assert bool(strip_mail(text).strip()) == bool(text.strip())


@given(st.text())
def test_something_is_left_of_every_text(text: str) -> None:
    assert bool(strip_mail(text).strip()) == bool(text.strip())


@pytest.mark.parametrize(
    "piece",
    ["> ", "> x\n", ">\n\n\n", "\n", "-", "am 3. 3. 3. 3. ", "Am 3.3. um 10:12 schrieb a@b:\n", "Von: x\n", "lg\n",
     "mit ", "Mit freundlichen Grüßen\n", "Diese E-Mail enthält ", "--\n", "x\n", "on 10:12 wrote: ", "1"],
)  # fmt: skip
def test_a_hostile_megabyte_is_stripped_in_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    start = time.process_time()
    strip_mail(text)
    assert time.process_time() - start < 4


def test_a_closing_of_the_writers_own_making_ends_the_mail() -> None:
    assert strip_mail("Der Baum verliert Blätter.\n\nMit Gartengruß\nTraudel") == "Der Baum verliert Blätter."


def test_a_greeting_shouted_in_question_marks_goes_with_its_marks() -> None:
    assert strip_mail("hallo?? bei uns ist das internet weg") == "bei uns ist das internet weg"
