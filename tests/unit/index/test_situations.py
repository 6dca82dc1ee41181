from __future__ import annotations

from corpus.casetext import last_said
from corpus.models import Case, Message, Use
from index.history import NO_ACTION, History, history_of
from index.situations import situations


def _said(*turns: tuple[str, str]) -> tuple[Message, ...]:
    return tuple(Message(role=role, text=text) for role, text in turns)  # type: ignore[arg-type]


DIALOGUE = Case(
    id="c1",
    messages=_said(
        ("customer", "Mein Internet geht seit gestern Abend nicht mehr."),
        ("agent", "Blinkt die Lampe am Router?"),
        ("customer", "Sie blinkt rot, und das Telefon ist auch tot."),
        ("agent", "Ich messe die Leitung. Der Techniker kommt morgen."),
        ("customer", "Vielen Dank, der Techniker hat die Dose getauscht."),
    ),
    resolution="Dose getauscht",
    articles=(Use(id="stoerung", after_message=3),),
    actions=(Use(id="messen", after_message=3), Use(id="techniker", after_message=4)),
)


def test_a_use_is_seen_with_what_was_known_then_and_nothing_later() -> None:
    found = situations(DIALOGUE, row=7)
    at_use = next(each for each in found if any(use.id == "stoerung" for use in each.uses))
    assert "blinkt rot" in at_use.text
    assert "getauscht" not in at_use.text
    assert all("Dose" not in each.text for each in found)
    assert {each.case for each in found} == {7}


def test_the_opening_comes_first_even_when_nothing_was_used_then() -> None:
    opening = situations(DIALOGUE, row=0)[0]
    assert "seit gestern Abend" in opening.text
    assert "blinkt rot" not in opening.text
    assert opening.uses == ()


def test_actions_know_what_had_been_done_and_said_before_them() -> None:
    uses = [use for each in situations(DIALOGUE, row=0) for use in each.uses if use.kind == "actions"]
    assert [(use.id, use.done) for use in uses] == [("messen", ()), ("techniker", ("messen",))]
    for use, position in zip(uses, DIALOGUE.actions, strict=True):
        assert use.said == last_said(DIALOGUE, known_messages=position.after_message)


def test_a_use_without_a_position_belongs_to_the_opening() -> None:
    case = Case(
        id="c2",
        description="Die Rechnung ist doppelt abgebucht worden.",
        messages=_said(
            ("customer", "Haben Sie meine Nachricht?"), ("agent", "Ja, ich habe Ihnen 20 Euro gutgeschrieben.")
        ),
        templates=(Use(id="gutschrift"),),
    )
    (only,) = situations(case, row=0)
    assert "doppelt abgebucht" in only.text
    assert "gutgeschrieben" not in only.text
    assert [use.id for use in only.uses] == ["gutschrift"]


def test_a_case_without_text_teaches_nothing() -> None:
    assert situations(Case(id="c3", messages=_said(("agent", "Hallo?"))), row=0) == ()


def test_history_survives_its_files_and_leaves_out_unknown_items() -> None:
    rows = {"articles": {"stoerung": [4]}, "templates": {}, "actions": {"techniker": [1]}}
    history = history_of(situations(DIALOGUE, row=2), rows)  # type: ignore[arg-type]
    again = History.from_blobs(history.to_blobs())
    assert again.uses["articles"].item.tolist() == [4]
    assert again.uses["actions"].item.tolist() == [1]
    assert again.uses["actions"].previous.tolist() == [NO_ACTION]  # `messen` is not in the catalogue
    assert again.uses["actions"].done.tolist() == [1]
    assert again.uses["templates"].case.shape == (0,)
    assert set(again.case_of.tolist()) == {2}


def test_every_heir_of_an_id_has_its_history() -> None:
    rows = {"articles": {}, "templates": {}, "actions": {"messen": [0, 3], "techniker": [1]}}
    uses = history_of(situations(DIALOGUE, row=0), rows).uses["actions"]  # type: ignore[arg-type]
    found = sorted(zip(uses.item.tolist(), uses.previous.tolist(), uses.done.tolist(), strict=True))
    assert found == [(0, NO_ACTION, 0), (1, 0, 1), (1, 3, 1), (3, NO_ACTION, 0)]
