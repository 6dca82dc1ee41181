"""A template that was sent is recognised though nobody logged it, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.models import Case, Template, Use
from corpus.privacy.masking import MASKED
from corpus.recovery.recover import Recoverer, recovered_uses
from tests.unit.corpus.recovery.material import (
    CONTRACT,
    MOVING,
    REFUND,
    REFUND_SENT,
    TEMPLATES,
    answered,
    letter,
    talk,
    template,
)


def _found(case: Case, *templates: Template) -> list[str]:
    return [use.id for use in recovered_uses(case, templates or TEMPLATES, ()).templates]


def test_a_template_with_its_fields_filled_in_is_recognised() -> None:
    (use,) = recovered_uses(answered(REFUND_SENT), TEMPLATES, ()).templates
    assert (use.id, use.how, use.message) == ("t-erstattung", "text", 1)
    assert use.coverage > 0.95


def test_a_greeting_of_ones_own_and_another_closing_do_not_hide_it() -> None:
    body = REFUND_SENT.split("Nachricht.\n\n")[1].split("\n\nHaben Sie")[0]
    assert _found(answered(f"Hallo Frau Yılmaz, schön von Ihnen zu hören!\n\n{body}\n\nBis bald\nEva")) == [REFUND.id]


def test_a_dropped_sentence_and_typing_errors_do_not_hide_it() -> None:
    edited = REFUND_SENT.replace(" Eine neue Rechnung geht Ihnen gesondert zu.", "").replace("Werktagen", "Wekrtagen")
    assert _found(answered(edited)) == [REFUND.id]


def test_a_template_that_was_cut_down_is_recognised_where_little_else_is_said() -> None:
    short = "Guten Tag, der Betrag wurde tatsächlich zweimal von Ihrem Konto abgebucht. Wir erstatten Ihnen 5 Euro "
    short += "innerhalb von fünf Werktagen auf das hinterlegte Konto.\n\nFreundliche Grüße\nEva Lorenz"
    assert _found(answered(short)) == [REFUND.id]


def test_a_reply_in_words_of_ones_own_is_no_template() -> None:
    own = "Guten Tag, vielen Dank für Ihre Nachricht. Das Geld bekommen Sie natürlich zurück, ich habe es angewiesen."
    assert _found(answered(own)) == []


def test_what_every_template_says_does_not_decide() -> None:
    shared = REFUND_SENT.split("Wir haben")[0] + "Das ist erledigt. Haben Sie noch Fragen, sind wir gern für Sie da."
    assert _found(answered(shared)) == []


def test_text_in_html_is_compared_as_it_reads() -> None:
    html = template(
        "t-html",
        "<p>Bitte senden Sie das Gerät mit dem <b>beiliegenden Etikett</b> zurück.</p><ol><li>Legen Sie Netzteil und "
        "Kabel bei.</li><li>Heben Sie den Beleg auf, {{ contact.name }}, bis das Geld da ist.</li></ol>",
        format="html",
    )
    sent = (
        "Bitte senden Sie das Gerät mit dem beiliegenden Etikett zurück.\n- Legen Sie Netzteil und Kabel bei.\n- Heben "
    )
    sent += "Sie den Beleg auf, Frau Yılmaz, bis das Geld da ist."
    as_html = "<div>" + sent.replace("\n", "<br>") + "</div>"
    assert _found(answered(sent), html, *TEMPLATES) == ["t-html"]
    assert _found(answered(as_html), html, *TEMPLATES) == ["t-html"]


def test_of_a_condition_one_branch_is_enough() -> None:
    either = template(
        "t-frist",
        "{% if customer.segment == 'privat' %}Sie können als Privatkunde jederzeit mit einer Frist von einem Monat "
        "kündigen, ein Grund ist dafür nicht nötig.{% else %}Für Geschäftskunden gilt die Laufzeit aus dem "
        "Rahmenvertrag, bitte wenden Sie sich an Ihre Betreuung im Vertrieb.{% endif %} "
        "Die Bestätigung kommt mit der Post.",
    )
    sent = "Sie können als Privatkunde jederzeit mit einer Frist von einem Monat kündigen, ein Grund ist dafür nicht "
    assert _found(answered(sent + "nötig. Die Bestätigung kommt mit der Post."), either) == ["t-frist"]


def test_both_templates_of_one_message_are_found() -> None:
    both = (
        REFUND_SENT.split("\n\nHaben Sie")[0] + "\n\nIhren Umzug nach Köln haben wir vorgemerkt. Ihr Anschluss zieht "
    )
    both += (
        "zum Tag der Schlüsselübergabe mit. Bitte bauen Sie den Router am neuen Wohnort an der ersten Dose an, unser "
    )
    both += "Techniker meldet sich am Vortag."
    assert sorted(_found(answered(both))) == [REFUND.id, MOVING.id]


def test_a_use_is_known_by_the_messages_before_it_and_counts_once() -> None:
    case = talk(
        ("customer", "Hallo"),
        ("system", "Anhang: Rechnung.pdf"),
        ("agent", "Guten Tag, um welche Rechnung geht es?"),
        ("customer", "Die vom März."),
        ("agent", REFUND_SENT),
        ("agent", REFUND_SENT),
    )
    (use,) = recovered_uses(case, TEMPLATES, ()).templates
    assert use.use == Use(id=REFUND.id, after_message=4)


@pytest.mark.parametrize("role", ["customer", "system"])
def test_only_what_agents_write_counts(role: str) -> None:
    assert _found(talk((role, REFUND_SENT))) == []


@pytest.mark.parametrize(
    "head",
    ["Am 3. März 2026 um 10:12 Uhr schrieb Max Brandt <max@example.org>:\n", "Sie schrieben:\n", ""],
    ids=["announced", "introduced", "bare"],
)
def test_what_an_agent_quotes_was_not_sent(head: str) -> None:
    quoted = "> " + REFUND_SENT.replace("\n", "\n> ")
    assert _found(answered(f"Guten Tag, dazu melde ich mich morgen bei Ihnen.\n\n{head}{quoted}")) == []
    short = "> Wir erstatten Ihnen 5 Euro innerhalb von fünf Werktagen auf das hinterlegte Konto."
    assert _found(answered(f"{head}{short}\nDas Geld ist unterwegs, bitte haben Sie noch etwas Geduld.")) == []


def test_an_answer_below_a_quote_is_still_read() -> None:
    assert _found(answered(f"> Wo bleibt mein Geld?\n\n{REFUND_SENT}")) == [REFUND.id]


def test_given_labels_are_neither_changed_nor_supplemented() -> None:
    case = answered(REFUND_SENT, templates=(Use(id="t-umzug", after_message=1),))
    assert Recoverer.of(TEMPLATES, ()).uses(case).templates == ()
    assert Recoverer.of(TEMPLATES, ()).labelled(case) == case


def test_a_given_article_does_not_keep_a_template_from_being_recovered() -> None:
    case = answered(REFUND_SENT, articles=(Use(id="rechnung-doppelt"),))
    labelled = Recoverer.of(TEMPLATES, ()).labelled(case)
    assert labelled == replace(case, templates=(Use(id=REFUND.id, after_message=1),))


def test_masked_values_would_not_be_needed_the_stored_text_is_read() -> None:
    shown = MASKED.shown_case(answered(REFUND_SENT))
    assert "Yılmaz" not in shown.messages[1].text
    assert _found(answered(REFUND_SENT)) == [REFUND.id]


FIVE_DAYS = REFUND
TEN_DAYS = replace(REFUND, id="t-erstattung-2", body=REFUND.body.replace("fünf Werktagen", "zehn Werktagen"))


def test_of_two_versions_the_one_that_was_sent_is_chosen() -> None:
    assert _found(answered(REFUND_SENT), FIVE_DAYS, TEN_DAYS, MOVING) == [FIVE_DAYS.id]
    ten = REFUND_SENT.replace("fünf Werktagen", "zehn Werktagen")
    assert _found(answered(ten), FIVE_DAYS, TEN_DAYS, MOVING) == [TEN_DAYS.id]


def test_where_nothing_tells_two_versions_apart_none_is_chosen() -> None:
    assert _found(answered(REFUND_SENT), REFUND, replace(REFUND, id="t-kopie"), MOVING) == []
    without = REFUND_SENT.replace("innerhalb von fünf Werktagen ", "")
    assert _found(answered(without), FIVE_DAYS, TEN_DAYS, MOVING) == []


def test_where_nothing_tells_a_template_from_the_one_it_replaces_the_newer_is_chosen() -> None:
    newer = replace(REFUND, id="t-neu", replaces=(REFUND.id,))
    newest = replace(REFUND, id="t-neuer", replaces=("t-neu",))
    assert _found(answered(REFUND_SENT), REFUND, newer, MOVING) == ["t-neu"]
    assert _found(answered(REFUND_SENT), REFUND, newer, newest, MOVING) == ["t-neuer"]


def test_a_snippet_within_a_template_is_found_when_only_the_snippet_was_sent() -> None:
    said = "Ihr Vertrag läuft noch bis Mai. Danach verlängert er sich auf unbestimmte Zeit und ist mit einer Frist von "
    said += "einem Monat kündbar."
    snippet = template("s-laufzeit", said.replace("Mai", "{{ customer.contract_end }}"), kind="snippet")
    assert _found(answered(said), snippet, *TEMPLATES) == ["s-laufzeit"]
    whole = f"{said} Einen günstigeren Tarif können Sie zum Ende der Laufzeit wählen."
    assert _found(answered(whole), snippet, *TEMPLATES) == [CONTRACT.id]


def test_headers_footers_drafts_and_archived_templates_are_never_found() -> None:
    for template_of_no_reply in (
        replace(REFUND, kind="footer"),
        replace(REFUND, kind="header"),
        replace(REFUND, status="draft"),
        replace(REFUND, status="archived"),
    ):
        assert _found(answered(REFUND_SENT), template_of_no_reply, MOVING) == []


def test_a_few_words_are_too_few_to_tell() -> None:
    assert _found(answered("Ich melde mich gleich wieder."), template("t-kurz", "Ich melde mich gleich wieder.")) == []


def test_a_hidden_template_takes_nothing_from_one_that_all_may_see() -> None:
    hidden = replace(REFUND, id="t-intern", audience=("second_level",))
    assert _found(answered(REFUND_SENT), REFUND, hidden, MOVING) == [REFUND.id]
    more = replace(hidden, body=REFUND.body.replace("Eine neue", "Als Entschuldigung buchen wir 5 Euro. Eine neue"))
    sent = REFUND_SENT.replace("Eine neue", "Als Entschuldigung buchen wir 5 Euro. Eine neue")
    assert REFUND.id in _found(answered(sent), REFUND, more, MOVING)


def test_the_use_of_a_hidden_template_opens_no_moment_in_the_history_of_a_case() -> None:
    hidden = replace(REFUND, audience=("second_level",))
    (use,) = recovered_uses(answered(REFUND_SENT), (hidden, MOVING), ()).templates
    assert (use.message, use.use) == (1, Use(id=REFUND.id, after_message=None))


def test_hostile_messages_take_no_longer_than_long_ones() -> None:
    loop = letter("t-schleife", "ja " * 5_000)
    assert _found(answered("ja " * 40_000), loop, *TEMPLATES) in ([], ["t-schleife"])
    assert _found(answered("{{" * 20_000), template("t-klammern", "{{" * 20_000), *TEMPLATES) == []
