"""What decides about an action in a case: its rule, how often it was done, and whether the customer declined it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from assist.eligibility import situation_of
from assist.models import SuggestRequest
from corpus.models import Action, Case, Test

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OFFER = Action(id="angebot", name="Tarif anbieten", kind="offer", replaces=("altes_angebot",))


def obstacles(
    action: Action,
    *,
    done: tuple[str, ...] = (),
    context: dict[str, Any] | None = None,
    remembered: frozenset[str] = frozenset(),
    **case: Any,
) -> tuple[str, ...]:
    request = SuggestRequest(case=Case(id="c", **case), actions_done=done, context=context or {})
    return situation_of(request, "de", NOW, remembered).obstacles(action)


def test_an_action_is_done_as_often_as_its_catalogue_entry_allows() -> None:
    twice = Action(id="messen", name="Messen", max_per_case=2)
    assert obstacles(twice, done=("messen", "pruefen")) == ()
    assert obstacles(twice, done=("messen", "pruefen", "messen")) == ("max_per_case",)
    assert obstacles(Action(id="messen", name="Messen"), done=("messen",) * 9) == ()


@pytest.mark.parametrize("declined", [["angebot"], ["x", "altes_angebot"], "angebot"])
def test_an_offer_that_the_crm_says_was_declined_is_out(declined: object) -> None:
    assert obstacles(OFFER, context={"declined": declined}) == ("declined",)


def test_an_offer_that_feedback_says_was_declined_is_out() -> None:
    assert obstacles(OFFER, remembered=frozenset({"altes_angebot"})) == ("declined",)
    assert obstacles(OFFER, remembered=frozenset({"ein_anderes"})) == ()


@pytest.mark.parametrize("declined", [["anderes"], [], {"angebot": True}, 7, True, [None, 3]])
def test_whatever_else_the_crm_says_of_declined_offers_changes_nothing(declined: object) -> None:
    assert obstacles(OFFER, context={"declined": declined}) == ()


def test_only_offers_can_be_declined() -> None:
    check = Action(id="angebot", name="Prüfen", kind="lookup")
    assert obstacles(check, context={"declined": ["angebot"]}, remembered=frozenset({"angebot"})) == ()


def test_every_obstacle_is_told() -> None:
    action = Action(id="angebot", name="A", kind="offer", max_per_case=1, when=Test("customer.segment", "eq", "privat"))
    told = obstacles(action, done=("angebot",), context={"declined": ["angebot"]}, customer={"segment": "x"})
    assert told == ("declined", "max_per_case", "rule")
