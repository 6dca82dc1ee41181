"""Marks of other systems become ours, or stay visible; the text between them is never touched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.templates import render
from corpus.merge_syntax.guess import guess_syntax
from corpus.merge_syntax.maps import SyntaxMap, shipped_maps
from corpus.merge_syntax.translate import translate
from corpus.models import Case, Template
from corpus.quicktext.fields import is_merge_field
from corpus.quicktext.liquid_source import Fault, parse

SYNTAXES = [syntax.name for syntax in shipped_maps().distinct()]
CONTEXT = {
    "contact": {"salutation": "Frau", "first_name": "Ayşe", "last_name": "Yılmaz", "email": "a@example.org"},
    "agent": {"first_name": "Jana", "last_name": "Weiß"},
}
CASE = Case(id="4711", subject="Rechnung", customer={"order_number": "B-7", "order_net": 12.5, "currency": "EUR"})


def syntax(name: str) -> SyntaxMap:
    found = shipped_maps().of(name)
    assert found is not None
    return found


def source(text: str, name: str, *, is_html: bool = False) -> str:
    return translate(text, syntax(name), is_html=is_html).source


def sent(body: str, name: str) -> str:
    template = Template(id="t", name="n", language="de", body=body, syntax=name)
    return render(template, CASE, CONTEXT, company={"name": "Lindfunk"}, language="de").text


@pytest.mark.parametrize(
    ("name", "mark", "text"),
    [
        ("salesforce", "{!Contact.FirstName}", "Ayşe"),
        ("salesforce", "{! contact.firstname }", "Ayşe"),
        ("salesforce", '{!BLANKVALUE(Contact.Phone, "Kunde")}', "Kunde"),
        ("salesforce", "{!NULLVALUE(Contact.FirstName, 'Kunde')}", "Ayşe"),
        ("salesforce", '{!Contact.FirstName & " " & Contact.LastName}', "Ayşe Yılmaz"),
        ("salesforce", "{{{Recipient.FirstName}}}", "Ayşe"),
        ("Lightning", "{{{ Sender.FirstName }}}", "Jana"),
        ("dynamics", "${customerName}", "Ayşe Yılmaz"),
        ("dynamics", "{FirstName{Customer}}", "Ayşe"),
        ("dynamics", "{!User:First Name;}", "Jana"),
        ("dynamics", "{!Account:Account Name;Kunde}", "Kunde"),
        ("zendesk", "{{ticket.requester.first_name}}", "Ayşe"),
        ("zendesk", "{% if ticket.title == 'Rechnung' %}ja{% else %}nein{% endif %}", "ja"),
        ("zendesk", "{{ ticket.requester.first_name | upcase }}", "AYŞE"),
        ("zendesk", "{% assign n = ticket.id %}{{ n }}", "4711"),
        ("zammad", "#{ticket.owner.firstname}", "Jana"),
        ("chatwoot", "{{contact.name}}", "Ayşe Yılmaz"),
        ("chatwoot", "{{ contact.phone_number || 'ohne Nummer' }}", "ohne Nummer"),
        ("shopware", "{{ order.orderCustomer.salutation.translated.letterName ~ ' ' }}", "Sehr geehrte Frau "),
        ("shopware", "{% if order.orderCustomer.salutation %}Frau{% endif %}", "Frau"),
        ("shopware", "{% if order.orderNumber is defined and customer.firstName %}ja{% else %}nein{% endif %}", "ja"),
        ("shopware", "{{ order.orderNumber|raw }}{# eine Notiz #}", "B-7"),
        ("shopware", "{{ order.amountNet|currency(order.currency.isoCode) }}", "12,50\N{NO-BREAK SPACE}€"),
        ("shopware", "{{ customer.company|default('privat') }}", "privat"),
        ("twig", "{{ rawUrl('frontend.account.order.single.page', {'a': 1}) }}", "[[customer.order_url]]"),
    ],
)
def test_a_mark_becomes_what_it_stands_for(name, mark, text):
    assert sent(f"<{mark}>", name) == f"<{text}>"


@pytest.mark.parametrize(
    ("name", "mark", "shown"),
    [
        ("salesforce", "{!Contact.Loyalty__c}", "[[Contact.Loyalty__c]]"),
        ("salesforce", "{!IF(ISBLANK(Contact.Name), 'a', 'b')}", "[[IF_ISBLANK_Contact.Name_a_b]]"),
        ("dynamics", "{!User:Shoe Size;9}", "[[User_Shoe_Size_9]]"),
        ("zendesk", "{{dc.greeting}}", "[[dc.greeting]]"),
        ("zendesk", "{{ ticket.id | shout }}", "[[ticket.id_shout]]"),
        ("zammad", "#{ticket.pending_time}", "[[ticket.pending_time]]"),
        ("chatwoot", "{{contact.id}}", "[[contact.id]]"),
        ("shopware", "{{ customer.newsletter }}", "[[customer.newsletter]]"),
        ("shopware", "{{ order.amountNet|currency('EUR')|spaceless }}", "[[order.amountNet_currency_EUR_spaceless]]"),
    ],
)
def test_a_mark_without_counterpart_shows_itself_and_is_told_with_its_place(name, mark, shown):
    made = translate(f"a\nb {mark}", syntax(name))

    (told,) = made.untranslated
    assert (told.text, told.line, told.column) == (mark, 2, 3)
    assert sent(f"a\nb {mark}", name) == f"a\nb {shown}"


def test_a_loop_over_what_is_no_plain_field_stays_visible_with_all_that_it_holds():
    body = "{% for item in order.lineItems %}{{ item.label }}{% endfor %} {% set x = order.orderNumber %}Ende"
    made = translate(body, syntax("shopware"))

    assert sent(body, "shopware") == "[[for_item_in_order.lineItems]][[item.label]][[endfor]] Ende"
    assert [each.is_output for each in made.untranslated] == [False, True, False, False]
    assert (made.outputs, made.statements) == (1, 3)


def test_what_liquid_would_read_between_marks_is_text():
    text = "{{ contact.email }} {% include 'x' %} {!Contact.FirstName}"

    assert sent(text, "salesforce") == "{{ contact.email }} {% include 'x' %} Ayşe"


def test_entities_in_html_marks_are_read_as_an_editor_writes_them():
    written = source("<p>{!BLANKVALUE(Contact.FirstName, &quot;Kunde&quot;)}</p>", "salesforce", is_html=True)

    assert written == '<p>{{ contact.first_name | default: "Kunde" }}</p>'


def test_a_fallback_that_liquid_cannot_write_is_not_bent():
    made = translate("""{!BLANKVALUE(Contact.FirstName, "Kund'in")}""", syntax("salesforce"))
    assert made.source == """{{ contact.first_name | default: "Kund'in" }}"""

    made = translate("{!Account:Account Name;'a\"b}", syntax("dynamics"))
    assert made.untranslated_outputs == 1


@pytest.mark.parametrize("body", ["{% if customer.firstName %}a", "{% endif %}b", "{% else %}", "{% if %}{% endfor %}"])
def test_blocks_that_do_not_fit_take_no_effect_and_are_seen(body):
    made = translate(body, syntax("shopware"))

    assert not isinstance(parse(made.source, escape=False), Fault)
    assert made.statements == len(made.untranslated)


@pytest.mark.parametrize("name", SYNTAXES)
def test_every_shipped_field_is_one_of_ours(name):
    assert syntax(name).fields
    assert all(map(is_merge_field, syntax(name).fields.values()))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hallo {!Contact.FirstName}", "salesforce"),
        ("Hallo {{{Recipient.FirstName}}}", "salesforce"),
        ("Hallo {FirstName{Customer}}", "dynamics"),
        ("Hallo {!User:First Name;}", "dynamics"),
        ("Hallo #{ticket.customer.firstname}", "zammad"),
        ("Hallo {{ticket.requester.first_name}}", "zendesk"),
        ("Hallo {{contact.phone_number}}", "chatwoot"),
        ("Hallo {{ order.orderCustomer.firstName }}", "shopware"),
    ],
)
def test_the_syntax_of_a_text_is_guessed_by_the_fields_it_names(text, name):
    guessed = guess_syntax(text, shipped_maps())
    assert guessed is not None
    assert guessed.name == name


@pytest.mark.parametrize("text", ["Hallo", "Hallo {{ contact.first_name }}", "{id_data}", "{{ nothing.known }}"])
def test_no_syntax_is_guessed_where_no_foreign_field_is_named(text):
    assert guess_syntax(text, shipped_maps()) is None


PIECES = st.sampled_from(
    ["{{", "}}", "{%", "%}", "{!", "}", "${", "#{", "{#", "#}", "Contact.FirstName", "if ", "endif", "for x in y",
     "|", "'", '"', "(", ")", "~", "&", ";", "{", "ticket.id", "raw", "default", " "]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    body=st.lists(PIECES | st.text(max_size=4), max_size=14).map("".join),
    name=st.sampled_from(SYNTAXES),
    is_html=st.booleans(),
)
def test_whatever_another_system_wrote_becomes_liquid_that_can_be_parsed(body, name, is_html):
    made = translate(body, syntax(name), is_html=is_html)

    assert not isinstance(parse(made.source, escape=is_html), Fault)
    assert len(made.untranslated) <= made.outputs + made.statements
