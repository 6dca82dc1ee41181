"""Whatever template meets whatever value: no exception, no evaluation, no HTML of the value, no long wait."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings

from tests.security.fillings import CODE, HTML, PAIRS, SIGNS, Pair, check_pair, check_value, fill, pairs, values

# Far more than it takes anywhere: what fails it hangs.
FAR_TOO_LONG_S = 5.0
MANY = settings(max_examples=PAIRS, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
FEW = settings(MANY, max_examples=60)


@pytest.mark.parametrize("value", [*CODE, *HTML, *SIGNS, "x" * 10_000, "x" * 100_000, "<b>" * 3_000])
def test_known_attacks_stand_as_text(value):
    check_value(value)


@FEW
@given(value=values)
def test_a_value_stands_letter_by_letter(value):
    check_value(value)


@FEW
@given(pair=pairs)
def test_no_pair_is_a_fault_or_opens_a_tag(pair):
    check_pair(pair)


@pytest.mark.slow
@MANY
@given(value=values)
def test_thousands_of_values_stand_letter_by_letter(value):
    check_value(value)


@pytest.mark.slow
@MANY
@given(pair=pairs)
def test_thousands_of_pairs_are_no_fault_and_open_no_tag(pair):
    check_pair(pair)


@pytest.mark.parametrize(
    "pair",
    [
        Pair("x" * 100_000, "{{ contact.first_name }}" * 200, "liquid"),
        Pair("x" * 10_000, "{{ contact.first_name | upcase }}" * 200, "liquid"),
        Pair("{{" * 5_000, "{{" * 5_000, "shopware"),
        Pair("<b>" * 3_000, "<a href='{{ contact.first_name }}'>" * 100, "zendesk"),
        Pair("{!x}" * 2_500, "{!" * 10_000, "salesforce"),
        Pair("a", "{" * 20_000, "dynamics"),
        Pair("a", "{%" * 10_000, "twig"),
    ],
)
def test_no_pair_makes_an_agent_wait(pair):
    started = time.thread_time()
    for form in ("text", "html"):
        fill(pair.body, pair.value, form=form, syntax=pair.syntax)

    assert time.thread_time() - started < FAR_TOO_LONG_S
