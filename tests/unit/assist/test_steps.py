"""The steps of a suggested action are filled for the case, and no gap or value goes unnoticed."""

from __future__ import annotations

from typing import Any

import pytest

from assist.steps import MAX_FILLED, FilledSteps, fill_steps
from corpus.models import Action, Case, Step

CASE = Case(id="4711", subject="Umzug", channel="phone", customer={"vertrag": "V 1&2"})
CONTEXT = {"contact": {"last_name": "Yılmaz", "salutation": "Frau"}}


def filled(*steps: Step | str, context: dict[str, Any] | None = None, language: str = "de") -> FilledSteps:
    every = tuple(Step(text=step) if isinstance(step, str) else step for step in steps)
    action = Action(id="a", name="A", steps=every)
    return fill_steps(action, CASE, CONTEXT if context is None else context, company={}, language=language)


def url_of(url: str, **others: Any) -> str | None:
    return filled(Step(text="Öffnen", url=url), **others).steps[0].url


def test_texts_and_links_hold_the_values_of_the_case() -> None:
    link = "https://crm.example/k?name={{ contact.last_name }}&fall={{ case.id }}&fest=1"
    done = filled("Konto von {{ contact.last_name }} öffnen", Step(text="Fall {{ case.id }}", url=link))
    assert [step.text for step in done.steps] == ["Konto von Yılmaz öffnen", "Fall 4711"]
    assert done.steps[1].url == "https://crm.example/k?name=Y%C4%B1lmaz&fall=4711&fest=1"
    assert (done.missing_fields, done.unknown_fields, done.warnings) == ((), (), ())


def test_a_value_cannot_leave_its_place_in_a_link() -> None:
    url = "https://crm.example/k?v={{ customer.vertrag }}&n={{ contact.last_name }}"
    assert url_of(url, context={"contact": {"last_name": "x&admin=1#/?ü"}}) == (
        "https://crm.example/k?v=V%201%262&n=x%26admin%3D1%23%2F%3F%C3%BC"
    )


def test_a_filter_works_on_the_value_and_not_on_its_encoding() -> None:
    assert url_of("https://crm.example/?n={{ contact.last_name | upcase }}") == "https://crm.example/?n=YILMAZ"


def test_a_missing_field_is_seen_in_text_and_link_and_is_listed() -> None:
    done = filled(Step(text="An {{ contact.first_name }}", url="https://crm.example/?m={{ contact.email }}"))
    assert done.steps[0].text == "An [[contact.first_name]]"
    assert done.steps[0].url == "https://crm.example/?m=%5B%5Bcontact.email%5D%5D"
    assert done.missing_fields == ("contact.first_name", "contact.email")
    assert filled("{{ konto.nummer }}").unknown_fields == ("konto.nummer",)


def test_a_value_is_never_read_as_liquid() -> None:
    name = {"contact": {"last_name": "{{ agent.email }}{% assign x = 1 %}"}}
    assert filled("{{ contact.last_name }}", context=name).steps[0].text == "{{ agent.email }}{% assign x = 1 %}"
    assert "%7B%7B%20agent.email" in str(url_of("https://crm.example/?n={{ contact.last_name }}", context=name))


@pytest.mark.parametrize("text", ["{% for i in (1..100000) %}x{% endfor %}", "{{", "{% include 'x' %}"])
def test_what_cannot_be_filled_stays_as_written_with_a_warning(text: str) -> None:
    done = filled(text, "Fall {{ case.id }}")
    assert [step.text for step in done.steps] == [text, "Fall 4711"]
    assert len(done.warnings) == 1
    assert "Schritt" in done.warnings[0]
    assert "step" in filled(text, language="en").warnings[0]


@pytest.mark.parametrize(
    "url", ["https://crm.example/{{ case.id }}", "javascript:alert({{ case.id }})", "https://x.example/?a={{ case.id"]
)
def test_a_link_that_was_never_checked_and_must_not_be_followed_is_left_out(url: str) -> None:
    done = filled(Step(text="Öffnen", url=url))
    assert done.steps[0].url is None
    assert "Öffnen" in done.warnings[0]


def test_so_many_steps_are_filled_and_the_rest_is_told() -> None:
    done = filled(*["{{ case.id }}"] * (MAX_FILLED + 1))
    assert [step.text for step in done.steps[-2:]] == ["4711", "{{ case.id }}"]
    assert str(MAX_FILLED) in done.warnings[0]


def test_steps_without_fields_are_the_same_as_before() -> None:
    step = Step(text="50 % prüfen", url="https://crm.example/ok")
    assert filled(step) == FilledSteps(steps=(step,))
