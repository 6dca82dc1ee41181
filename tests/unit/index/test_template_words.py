"""Templates are found by what they say, never by their merge marks, whichever system wrote them."""

from __future__ import annotations

import pytest

from corpus.models import Template
from index.itemtext import item_text


@pytest.mark.parametrize(
    ("syntax", "body"),
    [
        ("liquid", "Hallo {{ contact.first_name }}, gebucht"),
        ("salesforce", "Hallo {!Contact.FirstName}, gebucht"),
        ("lightning", "Hallo {{{Recipient.FirstName}}}, gebucht"),
        ("dynamics", "Hallo {FirstName{Customer}}, gebucht"),
        ("zammad", "Hallo #{ticket.customer.firstname}, gebucht"),
        ("zendesk", "Hallo {{ticket.requester.name}}, gebucht"),
        ("shopware", "Hallo {{ order.orderCustomer.firstName ~ ' ' }}, gebucht{% set x = 1 %}"),
        ("eigene", "Hallo {vorname}, gebucht"),
    ],
)
def test_marks_are_no_words_of_a_template(syntax, body):
    template = Template(id="t", name="Gebucht", language="de", body=body, subject=body, syntax=syntax)

    assert item_text(template).body.split() == ["Hallo", ",", "gebucht", "Hallo", ",", "gebucht"]


def test_braces_in_a_liquid_template_are_words():
    template = Template(id="t", name="n", language="de", body="Menge {a, b}")

    assert item_text(template).body == "Menge {a, b}"
