# ruff: noqa: E501 - one fault a line is easier to read
from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from corpus import models
from corpus.models import Action, AllOf, Article, Case, Kind, Message, Outcome, Pin, Step, Template, Use
from corpus.records import EDGE_MODELS, RecordError, read_record
from corpus.schema_pins import PinRecord
from corpus.schemas import (
    ActionRecord,
    ArticleRecord,
    CaseRecord,
    MessageRecord,
    OutcomeRecord,
    StepRecord,
    TemplateRecord,
    UseRecord,
)

PAIRS: list[tuple[type[BaseModel], Any]] = [
    (ArticleRecord, Article),
    (TemplateRecord, Template),
    (ActionRecord, Action),
    (CaseRecord, Case),
    (PinRecord, Pin),
    (MessageRecord, Message),
    (UseRecord, Use),
    (StepRecord, Step),
    (OutcomeRecord, Outcome),
]
SMALLEST: dict[Kind, dict[str, Any]] = {
    "articles": {"id": "a1", "title": "Umzug melden", "body": "So geht es.", "language": "de"},
    "templates": {"id": "t1", "name": "Begrüßung", "body": "Guten Tag", "language": "de"},
    "actions": {"id": "s1", "name": "Rückruf"},
    "cases": {"id": "c1", "subject": "Zählerstand"},
    "pins": {"id": "p1", "kind": "articles", "item": "a1", "effect": "pin", "reason": "Preisänderung"},
}


def read(kind: Kind, /, **changes: Any) -> Any:
    return read_record(kind, SMALLEST[kind] | changes)


def problems(kind: Kind, /, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(RecordError) as caught:
        read(kind, **changes)
    return [(problem.pointer, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize(("model", "record"), PAIRS)
def test_edge_models_and_records_have_the_same_fields_and_defaults(model: type[BaseModel], record: Any) -> None:
    fields = {field.name: field for field in dataclasses.fields(record)}

    assert set(model.model_fields) == set(fields)
    for name, info in model.model_fields.items():
        field = fields[name]
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        assert info.is_required() is required, name
        if not required:
            default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
            found = info.get_default(call_default_factory=True)
            assert (tuple(found) if isinstance(found, list) else found) == default, name


@pytest.mark.parametrize("kind", models.KINDS)
def test_the_smallest_records_have_the_defaults_of_the_contract(kind: Kind) -> None:
    record = read_record(kind, SMALLEST[kind])

    assert record == type(record)(**SMALLEST[kind])
    assert getattr(record, "audience", None) == (None if kind == "pins" else ("public",))


@pytest.mark.parametrize("kind", models.KINDS)
def test_null_equals_absent_everywhere(kind: Kind) -> None:
    nulls = {name: None for name in EDGE_MODELS[kind].model_fields if name not in SMALLEST[kind]}

    assert read(kind, **nulls) == read(kind)


def test_null_equals_absent_in_nested_objects() -> None:
    case = read(
        "cases",
        messages=[{"role": "customer", "text": "Hallo", "at": None}],
        articles=[{"id": "a1", "after_message": None}],
        outcome={"solved": None, "csat": None},
        customer={"segment": None, "age": 5},
    )

    assert case.messages == (Message(role="customer", text="Hallo"),)
    assert case.articles == (Use(id="a1"),)
    assert case.outcome == Outcome()
    assert case.customer == {"age": 5}


def test_a_full_case_becomes_a_record() -> None:
    case = read(
        "cases",
        description="Der Zähler steht still.",
        messages=[
            {"role": "customer", "text": "Hallo", "at": "2026-01-01T09:00:00+01:00"},
            {"role": "agent", "text": ""},
        ],
        language="de-AT",
        customer={"segment": "privat", "tags": ["a", 1, True], "score": 0.5},
        audience=["backoffice"],
        opened_at="2026-01-01T08:00:00Z",
        closed_at="2026-01-01T08:00:00Z",
        articles=["a1", {"id": "a2", "after_message": 0}],
        actions=["x", "x"],
        outcome={"solved": True, "csat": 5, "handle_minutes": 12},
        split="test",
    )

    eight = datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert case == Case(
        id="c1",
        subject="Zählerstand",
        description="Der Zähler steht still.",
        messages=(Message(role="customer", text="Hallo", at=eight), Message(role="agent", text="")),
        language="de-AT",
        customer=MappingProxyType({"segment": "privat", "tags": ("a", 1, True), "score": 0.5}),
        audience=("backoffice",),
        opened_at=eight,
        closed_at=eight,
        articles=(Use(id="a1"), Use(id="a2", after_message=0)),
        actions=(Use(id="x"), Use(id="x")),
        outcome=Outcome(solved=True, csat=5, handle_minutes=12.0),
        split="test",
    )


def test_steps_are_texts_or_objects_and_rules_are_read() -> None:
    action = read("actions", steps=["Anrufen", {"text": "Prüfen", "url": "https://example.org"}], when={"all": []})

    assert action.steps == (Step(text="Anrufen"), Step(text="Prüfen", url="https://example.org"))
    assert action.when == AllOf(())


TIME = "expected an RFC 3339 time with zone such as 2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("kind", "changes", "pointer", "message"),
    [
        # required keys, unknown keys, shapes
        ("articles", {"title": None}, "/title", "required, but missing or null: add it"),
        ("articles", {"titel": "x"}, "/titel", "unknown key: remove it or correct its spelling"),
        ("articles", {"titel": None}, "/titel", "unknown key: remove it or correct its spelling"),
        ("articles", {"a/b": 1}, "/a~1b", "unknown key: remove it or correct its spelling"),
        ("cases", {"outcome": {"happy": True}}, "/outcome/happy", "unknown key: remove it or correct its spelling"),
        ("cases", {"outcome": []}, "/outcome", "found an empty list, expected an object"),
        ("cases", {"messages": {"role": "agent"}}, "/messages", "found an object, expected a list"),
        ("cases", {"messages": ["Hallo"]}, "/messages/0", 'found "Hallo", expected an object'),
        ("articles", {"keywords": "strom"}, "/keywords", 'found "strom", expected a list'),
        ("articles", {"keywords": ["strom", None]}, "/keywords/1", "found null, expected a text"),
        ("articles", {"title": 5}, "/title", "found 5, expected a text"),
        ("articles", {"title": " \n"}, "/title", 'found " \\n", expected a text that is not blank'),
        ("templates", {"body": ""}, "/body", 'found "", expected a text that is not empty'),
        # enums and numbers, nothing coerced
        ("articles", {"format": "pdf"}, "/format", 'found "pdf", expected one of "markdown", "html" or "text"'),
        ("templates", {"channels": ["chat", "fax"]}, "/channels/1", 'found "fax", expected one of "email", "chat", "phone", "social" or "letter"'),
        ("templates", {"address": "Sie"}, "/address", 'found "Sie", expected one of "sie", "du" or "neutral"'),
        ("actions", {"max_per_case": 0}, "/max_per_case", "found 0, expected a number from 1"),
        ("actions", {"max_per_case": "1"}, "/max_per_case", 'found "1", expected a whole number'),
        ("actions", {"max_per_case": 1.0}, "/max_per_case", "found 1.0, expected a whole number"),
        ("actions", {"max_per_case": True}, "/max_per_case", "found true, expected a whole number"),
        ("cases", {"outcome": {"csat": 6}}, "/outcome/csat", "found 6, expected a number up to 5"),
        ("cases", {"outcome": {"csat": 0}}, "/outcome/csat", "found 0, expected a number from 1"),
        ("cases", {"outcome": {"solved": 1}}, "/outcome/solved", "found 1, expected true or false"),
        ("cases", {"outcome": {"handle_minutes": -1}}, "/outcome/handle_minutes", "found -1, expected a number from 0"),
        ("articles", {"version": True}, "/version", "found true, expected a text or a whole number"),
        ("articles", {"version": 1.5}, "/version", "found 1.5, expected a text or a whole number"),
        # uses and steps
        ("cases", {"articles": ["a b"]}, "/articles/0", r'found "a b", expected an id of 1 to 200 characters, without white space, control characters and / \ ? # %'),
        ("cases", {"articles": [{"id": "a", "after_message": -1}]}, "/articles/0/after_message", "found -1, expected a number from 0"),
        ("cases", {"actions": [5]}, "/actions/0", 'found 5, expected an id, or an object {"id", "after_message"}'),
        ("cases", {"actions": [None]}, "/actions/0", 'found null, expected an id, or an object {"id", "after_message"}'),
        ("actions", {"steps": [{"url": "https://example.org"}]}, "/steps/0/text", "required, but missing or null: add it"),
        ("actions", {"steps": [7]}, "/steps/0", 'found 7, expected a text, or an object {"text", "url"}'),
        ("actions", {"steps": [" "]}, "/steps/0", 'found " ", expected a text that is not blank'),
        # times
        ("articles", {"valid_from": "2026-01-01"}, "/valid_from", f'found "2026-01-01", {TIME}'),
        ("articles", {"valid_from": 1767225600}, "/valid_from", f"found 1767225600, {TIME}"),
        ("articles", {"valid_from": "2026-01-01T00:00:00"}, "/valid_from", f'found "2026-01-01T00:00:00", {TIME}'),
        ("cases", {"messages": [{"role": "agent", "text": "x", "at": "gestern"}]}, "/messages/0/at", f'found "gestern", {TIME}'),
        (
            "articles",
            {"valid_from": "2026-01-02T00:00:00Z", "valid_until": "2026-01-02T01:00:00+01:00"},
            "/valid_until",
            "found 2026-01-02T00:00:00+00:00, expected a time after valid_from",
        ),
        (
            "cases",
            {"opened_at": "2026-01-02T00:00:00Z", "closed_at": "2026-01-01T00:00:00Z"},
            "/closed_at",
            "found 2026-01-01T00:00:00+00:00, expected a time at or after opened_at",
        ),
        # audience, language, addresses, labels, attributes
        ("articles", {"audience": []}, "/audience", 'found an empty list, so nobody could see it: leave it out for ["public"], or name agent groups'),
        ("cases", {"audience": []}, "/audience", 'found an empty list, so nobody could see it: leave it out for ["public"], or name agent groups'),
        ("cases", {"language": "Deutsch"}, "/language", 'found "Deutsch", expected a BCP-47 language tag such as de, de-AT or zh-Hans-CN'),
        ("articles", {"url": "javascript:alert(1)"}, "/url", 'found "javascript:alert(1)", expected an address that runs no script, such as https://example.org/page'),
        ("articles", {"url": "https://a b"}, "/url", 'found "https://a b", expected an address without white space and control characters: write a space as %20'),
        ("cases", {"product": ""}, "/product", 'found "", expected a text that is not empty'),
        ("cases", {"customer": []}, "/customer", 'found an empty list, expected an object of plain attributes such as {"segment": "privat"}'),
        ("cases", {"customer": {"a": {"b": 1}}}, "/customer/a", "found an object, expected a text, a number, true or false, or a list of these"),
        ("cases", {"customer": {"a/b": [1, [2]]}}, "/customer/a~1b/1", "found a list, expected a text, a number, true or false"),
        ("cases", {"customer": {"a": [None]}}, "/customer/a/0", "found null, expected a text, a number, true or false"),
        ("cases", {"customer": {" ": 1}}, "/customer/ ", 'found the name " ", expected one that is not blank'),
        # rules
        ("actions", {"when": []}, "/when", "found an empty list, expected an object with exactly one of all, any, not, or a test {field, op, value}"),
        ("actions", {"when": {"all": [{"not": 5}]}}, "/when/all/0/not", "found 5, expected an object with exactly one of all, any, not, or a test {field, op, value}"),
        # something must be said
        ("cases", {"subject": None}, "/messages", "found neither subject, description nor messages, expected at least one that is not blank"),
        ("cases", {"subject": " ", "description": "", "messages": []}, "/messages", "found neither subject, description nor messages, expected at least one that is not blank"),
        ("cases", {"subject": 5}, "/subject", "found 5, expected a text"),
        # bounds
        ("articles", {"body": "x" * 1_000_001}, "/body", "found a text of 1000001 characters, expected at most 1000000: shorten it"),
        ("articles", {"keywords": ["x"] * 1_001}, "/keywords", "found a list of 1001 entries, expected at most 1000: shorten it"),
    ],
)  # fmt: skip
def test_faults_are_told_with_pointer_and_remedy(
    kind: Kind, changes: dict[str, Any], pointer: str, message: str
) -> None:
    assert problems(kind, **changes) == [(pointer, message)]


def test_all_faults_of_a_record_are_found_in_one_pass() -> None:
    found = problems(
        "actions",
        name=None,
        wen={},
        steps=[5, "ok", {}],
        when={"all": [1, 2]},
        valid_from="2026-01-02T00:00:00Z",
        valid_until="2026-01-01T00:00:00Z",
    )

    assert {pointer for pointer, _ in found} == {
        "/name",
        "/wen",
        "/steps/0",
        "/steps/2/text",
        "/when/all/0",
        "/when/all/1",
        "/valid_until",
    }


@pytest.mark.parametrize(("value", "found"), [([], "an empty list"), ("x", '"x"'), (None, "null"), (5, "5")])
def test_what_is_no_object_is_no_record(value: object, found: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_record("cases", value)

    assert [(problem.pointer, problem.message) for problem in caught.value.problems] == [
        ("", f"found {found}, expected an object")
    ]


def test_an_object_with_very_many_keys_is_refused_at_once() -> None:
    found = problems("articles", **{f"key{number}": 1 for number in range(10_000)})

    assert found == [("", "found an object of 10004 keys, expected at most 200")]


@pytest.mark.parametrize("record_id", ["a", "ä-1", "x" * 200, "a:b@c.d_e~f", "日本", "<plain>"])
def test_good_ids(record_id: str) -> None:
    assert read("articles", id=record_id).id == record_id


@pytest.mark.parametrize(
    "record_id", ["", "x" * 201, "a b", "a\tb", "a\u00a0b", "a\u0085b", "a\u007fb", *(f"a{c}b" for c in "/\\?#%")]
)
def test_bad_ids(record_id: str) -> None:
    assert problems("articles", id=record_id)[0][0] == "/id"


@pytest.mark.parametrize(
    "language",
    [
        "de",
        "DE",
        "de-AT",
        "zh-Hans-CN",
        "es-419",
        "sl-rozaj-biske",
        "de-CH-1996",
        "gsw",
        "en-x-kurz",
        "de-DE-u-co-phonebk",
    ],
)
def test_good_languages(language: str) -> None:
    assert read("articles", language=language).language == language


@pytest.mark.parametrize(
    "language", ["", "d", "de_AT", "Deutsch", "de-", "-de", "de--AT", "de-AT ", "de-x", "1a", "dé"]
)
def test_bad_languages(language: str) -> None:
    assert problems("articles", language=language)[0][0] == "/language"


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c#d", "/kb/1", "kb/1", "mailto:a@example.org", "tel:+49301234"]
)
def test_good_addresses(url: str) -> None:
    assert read("articles", url=url).url == url


@pytest.mark.parametrize("version", ["1.2", 7, 0])
def test_versions_are_texts_or_whole_numbers(version: str | int) -> None:
    assert read("articles", version=version).version == version


@pytest.mark.parametrize(("model", "_record"), PAIRS)
def test_every_model_describes_itself_for_open_api(model: type[BaseModel], _record: Any) -> None:
    schema = model.model_json_schema()

    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(model.model_fields)


def test_the_shorthands_are_part_of_the_description() -> None:
    uses = CaseRecord.model_json_schema()["properties"]["articles"]["items"]
    steps = ActionRecord.model_json_schema()["properties"]["steps"]["items"]

    assert {part.get("type", "object") for part in uses["oneOf" if "oneOf" in uses else "anyOf"]} == {
        "string",
        "object",
    }
    assert {part.get("type", "object") for part in steps["oneOf" if "oneOf" in steps else "anyOf"]} == {
        "string",
        "object",
    }


def test_the_kinds_of_the_models_are_the_kinds_of_the_contract() -> None:
    assert set(EDGE_MODELS) == set(get_args(Kind))
