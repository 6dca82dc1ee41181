from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from corpus.casetext import case_text
from corpus.models import Case
from corpus.training_problems import TRAINING, TrainingMessage, TrainingProblem
from index.fitting.customers import RELATED, material_of, message_text, with_relatives
from index.fitting.material import FitProblem

MAIL = TrainingMessage(
    form="email",
    subject="AW: [#48213] Stube kalt",
    voice="elderly",
    text="Guten Tag,\nseit gestern wird es nicht warm.\nMit freundlichen Grüßen\nMax Muster",
)
NOTE = TrainingMessage(form="note", subject=None, voice=None, text="Kd. friert, fragt was zu tun ist.")
PROBLEM = TrainingProblem(
    id="energy-001",
    industry="energy",
    language="de",
    title="Störung der Fernwärme melden",
    article="Melden Sie Ausfälle bei der Leitstelle.",
    question="Warum wird es nicht warm?",
    family="waerme",
    messages=(MAIL, NOTE),
)


def problems_of(*places: str) -> list[TrainingProblem]:
    """Return a problem for each place, such as ``energy.de``."""
    return [replace(PROBLEM, id=place, industry=place.split(".")[0], language=place.split(".")[1]) for place in places]


def left_in(problems: list[TrainingProblem], *without: str) -> list[str]:
    return [each.id for each in material_of(problems, without=without)]


def test_a_problem_becomes_material_with_its_messages_as_queries_read_them() -> None:
    assert material_of([PROBLEM]) == (
        FitProblem(
            id="energy-001",
            group="energy.de",
            title="Störung der Fernwärme melden",
            article="Melden Sie Ausfälle bei der Leitstelle.",
            messages=("Stube kalt\nseit gestern wird es nicht warm.", "Kd. friert, fragt was zu tun ist."),
            question="Warum wird es nicht warm?",
        ),
    )


def test_a_problem_without_a_question_has_an_empty_one() -> None:
    (material,) = material_of([replace(PROBLEM, question=None)])

    assert material.question == ""


@pytest.mark.parametrize("message", [MAIL, NOTE, replace(MAIL, text="viel " * 400 + "Wann kommt jemand?")])
def test_a_message_reads_as_a_live_case_of_its_words(message: TrainingMessage) -> None:
    live = Case(
        id="live",
        subject=message.subject,
        description=message.text,
        language="de",
        opened_at=datetime(2027, 5, 5, tzinfo=UTC),
    )

    assert message_text(message, "de") == case_text(live).text


def test_languages_of_an_industry_are_groups_of_their_own() -> None:
    german, english = material_of(problems_of("energy.de", "energy.en"))

    assert (german.group, english.group) == ("energy.de", "energy.en")


def test_nothing_is_left_out_unless_told() -> None:
    problems = problems_of("energy.de", "banking.de", "finance.de")

    assert left_in(problems) == ["energy.de", "banking.de", "finance.de"]


def test_an_industry_is_left_out_in_all_languages() -> None:
    problems = problems_of("energy.de", "energy.en", "travel.de")

    assert left_in(problems, "energy") == ["travel.de"]


def test_several_industries_are_left_out_at_once() -> None:
    problems = problems_of("energy.de", "banking.de", "finance.de", "travel.de")

    assert left_in(problems, "energy", "banking") == ["travel.de"]
    assert with_relatives(("energy", "banking")) == {"energy", "banking", "finance"}


@pytest.mark.parametrize("industry", sorted(RELATED))
def test_its_relatives_are_left_out_with_an_industry(industry: str) -> None:
    problems = problems_of(f"{industry}.de", *(f"{each}.en" for each in sorted(RELATED[industry])), "travel.de")

    assert left_in(problems, industry) == ["travel.de"]


def test_all_relatives_are_industries_of_the_training_data() -> None:
    industries = {path.name.split(".")[0] for path in TRAINING.glob("*.jsonl")}

    assert set(RELATED).union(*RELATED.values()) <= industries
