"""What was read and is written back loses nothing that its reader was not shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assist.links import seen_record
from assist.writing_back import written_back
from corpus.models import Action, Article, Case, Message, Template, Use
from corpus.privacy.masking import MASKED
from index.situations import UsedKind

# ``alt`` is gone and ``neu`` replaces it; ``geheim`` is hidden, ``weg`` is gone for good.
SHOWN = {"alt": ("neu",), "geheim": (), "weg": ()}


def names(kind: UsedKind, item: str) -> tuple[str, ...]:
    return SHOWN.get(item, (item,))


CASE = Case(
    id="c1",
    subject="Rückruf unter 030 23125377",
    description="Ich bin Helga Brandt",
    messages=(
        Message(role="customer", text="Meine Adresse: helga.brandt@example.org"),
        Message(role="agent", text="Danke, Frau Brandt"),
    ),
    language="de",
    customer={"last_name": "Brandt", "segment": "privat", "note": "mobil 0171 2312537"},
    resolution="Frau Brandt zurückgerufen",
    articles=(Use(id="alt", after_message=1), Use(id="geheim"), Use(id="offen")),
    actions=(Use(id="weg"), Use(id="rufen"), Use(id="geheim"), Use(id="rufen")),
)


def seen(case: Case) -> Case:
    return seen_record(MASKED.shown_case(case), names)


def kept(case: Case) -> Case:
    found = written_back(case, before=CASE, seen=seen(CASE), names=names)
    assert isinstance(found, Case)
    return found


def test_a_case_that_is_written_back_as_it_was_read_stays_as_it_is_kept() -> None:
    read = seen(CASE)

    assert "Brandt" not in str(read)
    assert kept(read) == CASE


def test_what_was_changed_is_taken_and_everything_else_stays() -> None:
    read = seen(CASE)
    messages = (read.messages[0], replace(read.messages[1], text="Danke!"), Message(role="customer", text="Gern"))

    found = kept(replace(read, subject="Bitte um Rückruf", messages=messages, customer={**read.customer, "note": "-"}))

    assert found.subject == "Bitte um Rückruf"
    assert found.description == CASE.description
    assert [each.text for each in found.messages] == [CASE.messages[0].text, "Danke!", "Gern"]
    assert dict(found.customer) == {"last_name": "Brandt", "segment": "privat", "note": "-"}


def test_what_is_left_out_goes() -> None:
    found = kept(replace(seen(CASE), resolution=None, messages=seen(CASE).messages[:1], customer={}))

    assert found.resolution is None
    assert found.messages == CASE.messages[:1]
    assert dict(found.customer) == {}


def test_ids_that_were_not_shown_stay_in_their_places() -> None:
    read = seen(CASE)
    assert [use.id for use in read.actions] == ["rufen", "rufen"]

    found = kept(replace(read, actions=(Use(id="rufen"), Use(id="neu"), Use(id="rufen"))))

    assert [use.id for use in found.actions] == ["weg", "rufen", "geheim", "neu", "rufen"]


def test_an_id_that_is_shown_as_its_heir_can_be_removed() -> None:
    assert seen(CASE).articles == (Use(id="neu", after_message=1), Use(id="offen"))

    found = kept(replace(seen(CASE), articles=(Use(id="offen"),)))

    assert [use.id for use in found.articles] == ["geheim", "offen"]


def test_ids_that_were_not_shown_stay_before_what_they_stood_before() -> None:
    found = kept(replace(seen(CASE), actions=(Use(id="rufen"),)))

    assert [use.id for use in found.actions] == ["weg", "rufen", "geheim"]


def test_a_hidden_id_that_the_editor_names_himself_is_there_once() -> None:
    found = kept(replace(seen(CASE), articles=(Use(id="geheim"),)))

    assert found.articles == (Use(id="geheim"),)


@pytest.mark.parametrize(
    "record",
    [
        Action(id="a", name="Rufen", templates=("geheim", "offen"), articles=("weg", "alt")),
        Template(id="t", name="Ruf", body="x", language="de", articles=("offen", "geheim")),
        Article(id="k", title="Ruf", body="x", language="de", translation_of="geheim"),
    ],
)
def test_items_keep_the_ids_that_were_not_shown(record: Action | Template | Article) -> None:
    read = seen_record(record, names)

    assert "geheim" not in str(read)
    assert written_back(read, before=record, seen=read, names=names) == record
