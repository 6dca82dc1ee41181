from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from index.fitting.material import FitProblem, HeldText, Pair, fingerprint_of, pairs_of

ROUTER = FitProblem(
    id="router",
    group="telecom.de",
    title="Störung melden",
    article="Trennen Sie den Router vom Strom.",
    messages=("Lampe blinkt rot", "nichts geht mehr"),
    question="Warum blinkt das rot?",
)
BILL = FitProblem(id="bill", group="telecom.de", title="Rechnung", article="Am Ersten.", messages=("zu teuer",))
HELD = HeldText(question="Wann Tomaten säen?", passage="Ab Ende Februar im Haus.")


def with_messages(number: int) -> FitProblem:
    return replace(ROUTER, messages=tuple(f"Mail {each}" for each in range(number)))


def test_the_passage_is_the_article_below_its_title() -> None:
    assert ROUTER.passage == "Störung melden\nTrennen Sie den Router vom Strom."
    assert replace(ROUTER, title="").passage == "Trennen Sie den Router vom Strom."


def test_a_pair_knows_the_row_of_its_problem() -> None:
    assert pairs_of([BILL, ROUTER]) == (
        Pair(problem=0, message="zu teuer", other="zu teuer"),
        Pair(problem=1, message="Lampe blinkt rot", other="nichts geht mehr"),
    )


@pytest.mark.parametrize("number", [2, 4, 8])
def test_an_even_number_of_messages_is_shown_once_each(number: int) -> None:
    problem = with_messages(number)

    shown = Counter(text for pair in pairs_of([problem]) for text in (pair.message, pair.other))

    assert shown == Counter(problem.messages)


@pytest.mark.parametrize("number", [3, 5])
def test_an_odd_message_meets_the_first_again(number: int) -> None:
    problem = with_messages(number)

    *others, last = pairs_of([problem])

    assert (last.message, last.other) == (problem.messages[-1], problem.messages[0])
    assert {pair.message for pair in others} | {pair.other for pair in others} == set(problem.messages[:-1])


def test_no_problems_have_no_pairs() -> None:
    assert pairs_of([]) == ()


def test_equal_problems_have_equal_fingerprints() -> None:
    assert fingerprint_of([ROUTER, BILL], [HELD]) == fingerprint_of([replace(ROUTER), replace(BILL)], [replace(HELD)])


@pytest.mark.parametrize("field", ["id", "group", "title", "article", "question"])
def test_every_text_counts_in_the_fingerprint(field: str) -> None:
    assert fingerprint_of([replace(ROUTER, **{field: "anders"})], [HELD]) != fingerprint_of([ROUTER], [HELD])


@pytest.mark.parametrize("field", ["question", "passage"])
def test_held_texts_count_in_the_fingerprint(field: str) -> None:
    assert fingerprint_of([ROUTER], [replace(HELD, **{field: "anders"})]) != fingerprint_of([ROUTER], [HELD])
    assert fingerprint_of([ROUTER], []) != fingerprint_of([ROUTER], [HELD])


@pytest.mark.parametrize(
    "messages",
    [("Lampe blinkt rot",), ("nichts geht mehr", "Lampe blinkt rot"), ("Lampe blinkt rot nichts geht mehr",)],
    ids=["fewer", "order", "joined"],
)
def test_messages_and_their_order_count_in_the_fingerprint(messages: tuple[str, ...]) -> None:
    assert fingerprint_of([replace(ROUTER, messages=messages)], [HELD]) != fingerprint_of([ROUTER], [HELD])


def test_the_order_of_problems_counts_in_the_fingerprint() -> None:
    assert fingerprint_of([ROUTER, BILL], [HELD]) != fingerprint_of([BILL, ROUTER], [HELD])
