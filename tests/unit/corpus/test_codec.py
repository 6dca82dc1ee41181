from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.codec import canonical_bytes, from_json, to_json
from corpus.fingerprint import content_hash, corpus_fingerprint
from corpus.models import Action, Article, Case, Kind, Outcome, Step, Use
from corpus.records import read_record
from corpus.strict_json import parse_json

STEADY = settings(deadline=None, derandomize=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
IDS = st.from_regex(r"[a-zäöü0-9_.:-]{1,8}", fullmatch=True)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(datetime.isoformat)
LABELS = IDS
GROUPS = st.lists(LABELS, min_size=1, max_size=2)
SCALARS = TEXTS | st.integers(-9, 9) | st.booleans() | st.floats(-9, 9)
ITEM: dict[str, st.SearchStrategy[Any]] = {
    "audience": GROUPS,
    "status": st.sampled_from(["published", "draft", "archived"]),
    "valid_from": TIMES,
    "updated_at": TIMES,
    "replaces": st.lists(IDS, max_size=2),
}
USES = st.lists(IDS | st.fixed_dictionaries({"id": IDS}, optional={"after_message": st.integers(0, 9)}), max_size=3)
MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["customer", "agent", "system"]), "text": TEXTS}, optional={"at": TIMES}
)
OUTCOME = st.fixed_dictionaries(
    {},
    optional={
        "solved": st.booleans(),
        "csat": st.integers(1, 5),
        "handle_minutes": st.integers(0, 9) | st.floats(0, 9),
    },
)
STEP = IDS | st.fixed_dictionaries({"text": IDS}, optional={"url": st.just("https://example.org/ä")})
RULE = st.sampled_from(
    [
        {"all": []},
        {"not": {"field": "case.actions_done", "op": "in", "value": ["a", 1, True]}},
        {"any": [{"field": "customer.since", "op": "before", "value": "-P30D"}]},
    ]
)
OBJECTS: dict[Kind, st.SearchStrategy[dict[str, Any]]] = {
    "articles": st.fixed_dictionaries(
        {"id": IDS, "title": IDS, "body": TEXTS, "language": st.sampled_from(["de", "en-GB"])},
        optional={
            **ITEM,
            "format": st.sampled_from(["markdown", "html", "text"]),
            "summary": TEXTS,
            "keywords": st.lists(LABELS, max_size=2),
            "products": st.lists(LABELS, max_size=2),
            "categories": st.lists(LABELS, max_size=2),
            "version": IDS | st.integers(0, 9),
            "url": st.just("https://example.org"),
            "translation_of": IDS,
        },
    ),
    "templates": st.fixed_dictionaries(
        {"id": IDS, "name": IDS, "body": IDS, "language": st.just("de")},
        optional={
            **ITEM,
            "format": st.sampled_from(["text", "html"]),
            "subject": TEXTS,
            "shortcode": LABELS,
            "channels": st.lists(st.sampled_from(["email", "chat"]), max_size=2),
            "category": LABELS,
            "kind": st.sampled_from(["reply", "snippet"]),
            "address": st.sampled_from(["sie", "du"]),
            "articles": st.lists(IDS, max_size=2),
            "syntax": st.sampled_from(["liquid", "zendesk"]),
        },
    ),
    "actions": st.fixed_dictionaries(
        {"id": IDS, "name": IDS},
        optional={
            **ITEM,
            "description": TEXTS,
            "language": st.just("de"),
            "kind": st.sampled_from(["macro", "offer"]),
            "steps": st.lists(STEP, max_size=3),
            "when": RULE,
            "max_per_case": st.integers(1, 3),
            "templates": st.lists(IDS, max_size=2),
            "articles": st.lists(IDS, max_size=2),
        },
    ),
    "cases": st.fixed_dictionaries(
        {"id": IDS, "subject": IDS},
        optional={
            "description": TEXTS,
            "messages": st.lists(MESSAGE, max_size=3),
            "language": st.just("de"),
            "channel": LABELS,
            "product": LABELS,
            "priority": LABELS,
            "customer_id": LABELS,
            "customer": st.dictionaries(IDS, SCALARS | st.lists(SCALARS, max_size=2) | st.none(), max_size=3),
            "audience": GROUPS,
            "opened_at": TIMES,
            "status": LABELS,
            "resolution": TEXTS,
            "articles": USES,
            "templates": USES,
            "actions": USES,
            "outcome": OUTCOME,
            "agent": LABELS,
            "split": st.sampled_from(["train", "test"]),
        },
    ),
}
KIND_AND_OBJECT = st.sampled_from(sorted(OBJECTS)).flatmap(lambda kind: st.tuples(st.just(kind), OBJECTS[kind]))


@STEADY
@given(KIND_AND_OBJECT)
def test_records_survive_writing_and_reading(kind_and_object: tuple[Kind, dict[str, Any]]) -> None:
    kind, obj = kind_and_object
    record = read_record(kind, obj)

    written = parse_json(canonical_bytes(record))

    assert written == to_json(record)
    assert from_json(kind, written) == record, "the trusted way back"
    assert read_record(kind, written) == record, "the strict way back"
    assert canonical_bytes(from_json(kind, written)) == canonical_bytes(record)


@STEADY
@given(KIND_AND_OBJECT)
def test_records_read_either_way_have_the_same_types(kind_and_object: tuple[Kind, dict[str, Any]]) -> None:
    kind, obj = kind_and_object
    record = read_record(kind, obj)

    assert repr(from_json(kind, to_json(record))) == repr(record)


def test_defaults_and_absent_fields_are_left_out() -> None:
    article = Article(
        id="a1", title="T", body="", language="de", summary="", valid_from=datetime(2026, 1, 1, tzinfo=UTC)
    )

    assert to_json(article) == {
        "id": "a1",
        "title": "T",
        "body": "",
        "language": "de",
        "summary": "",
        "valid_from": "2026-01-01T00:00:00Z",
    }


def test_short_forms_are_used_where_they_say_it_all() -> None:
    case = Case(
        id="c", subject="s", articles=(Use(id="a"), Use(id="b", after_message=0)), outcome=Outcome(solved=False)
    )
    action = Action(id="x", name="n", steps=(Step(text="t"), Step(text="u", url="/v")))

    assert to_json(case)["articles"] == ["a", {"id": "b", "after_message": 0}]
    assert to_json(case)["outcome"] == {"solved": False}
    assert to_json(action)["steps"] == ["t", {"text": "u", "url": "/v"}]


def test_canonical_json_is_sorted_compact_and_utf_8() -> None:
    action = Action(id="ä", name="ß")

    assert canonical_bytes(action) == '{"id":"ä","name":"ß"}'.encode()


def test_the_hash_does_not_depend_on_how_a_time_or_a_default_was_written() -> None:
    plain = read_record("cases", {"id": "c", "subject": "s", "opened_at": "2026-01-01T00:00:00Z"})
    other = read_record(
        "cases",
        {
            "audience": ["public"],
            "opened_at": "2026-01-01T01:00:00.000+01:00",
            "subject": "s",
            "id": "c",
            "agent": None,
        },
    )
    vienna = Case(id="c", subject="s", opened_at=datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))))

    assert content_hash(plain) == content_hash(other) == content_hash(vienna)
    assert len(content_hash(plain)) == 64


@pytest.mark.parametrize(
    "changes",
    [{"subject": "t"}, {"customer": {"a": 1}}, {"outcome": {}}, {"messages": [{"role": "agent", "text": ""}]}],
)
def test_every_change_changes_the_hash(changes: dict[str, Any]) -> None:
    case = {"id": "c", "subject": "s"}

    assert content_hash(read_record("cases", case)) != content_hash(read_record("cases", case | changes))


def test_true_and_one_are_different_contents() -> None:
    ones = [Case(id="c", subject="s", customer=MappingProxyType({"a": value})) for value in (1, True, "1")]

    assert len({content_hash(case) for case in ones}) == 3


ENTRIES = st.lists(
    st.tuples(st.sampled_from(["articles", "cases"]), IDS, st.sampled_from(["0" * 64, "f" * 64])),
    unique_by=lambda entry: entry[:2],
)


@STEADY
@given(ENTRIES, st.randoms(use_true_random=False))
def test_a_corpus_fingerprint_does_not_depend_on_the_order(entries: list[tuple[Kind, str, str]], random: Any) -> None:
    shuffled = random.sample(entries, len(entries))

    assert corpus_fingerprint(shuffled) == corpus_fingerprint(entries)


def test_a_corpus_fingerprint_depends_on_kind_id_and_content() -> None:
    variants: list[list[tuple[Kind, str, str]]] = [
        [],
        [("articles", "a", "0")],
        [("cases", "a", "0")],
        [("articles", "b", "0")],
        [("articles", "a", "1")],
        [("articles", "a", "0"), ("cases", "a", "0")],
    ]

    assert len({corpus_fingerprint(variant) for variant in variants}) == len(variants)


def test_a_corpus_fingerprint_is_stable() -> None:
    """Computed by hand: sha256 of 'articles<TAB>a<TAB>0<LF>'; another value would make every store look changed."""
    import hashlib

    assert corpus_fingerprint([("articles", "a", "0")]) == hashlib.sha256(b"articles\ta\t0\n").hexdigest()


def test_rules_are_written_as_the_contract_has_them() -> None:
    rule = {"all": [{"field": "case.product", "op": "in", "value": ["Strom"]}]}
    action = read_record("actions", {"id": "x", "name": "n", "when": rule})

    assert json.loads(canonical_bytes(action))["when"] == rule
