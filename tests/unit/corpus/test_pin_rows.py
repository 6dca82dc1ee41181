"""pins.jsonl is read as strictly as any other file of a corpus, and what pins name in vain is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from corpus.codec import from_json, to_json
from corpus.folder import CorpusErrors, read_corpus
from corpus.models import Pin, Test
from corpus.records import read_record
from corpus.times import parse_time
from corpus.whereabouts import find_text

PIN = {"id": "p1", "kind": "articles", "item": "a1", "effect": "pin", "reason": "Preisänderung zum 1. Dezember"}
ARTICLE = {"id": "a1", "title": "Preise", "body": "Neue Preise.", "language": "de", "replaces": ["a0"]}
EXAMPLE = re.compile(r"```json\n(.+?)```", re.DOTALL)
GUIDE = Path(__file__).parents[3] / "docs" / "pins.md"


def write(folder: Path, **kinds: list[dict[str, Any]]) -> Path:
    for kind, rows in kinds.items():
        (folder / f"{kind}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def test_a_folder_may_hold_pins_alone_and_every_field_is_read(tmp_path: Path) -> None:
    full = PIN | {
        "language": "de",
        "when": {"field": "case.product", "op": "eq", "value": "strom"},
        "valid_from": "2026-11-01T00:00:00+01:00",
        "valid_until": "2027-01-01T00:00:00+01:00",
        "status": "draft",
        "updated_at": "2026-10-20T08:00:00Z",
    }
    (pin,) = read_corpus(write(tmp_path, pins=[full])).pins
    assert pin == Pin(
        **PIN,  # type: ignore[arg-type]
        language="de",
        when=Test("case.product", "eq", "strom"),
        valid_from=parse_time("2026-10-31T23:00:00Z"),
        valid_until=parse_time("2026-12-31T23:00:00Z"),
        status="draft",
        updated_at=parse_time("2026-10-20T08:00:00Z"),
    )
    assert from_json("pins", to_json(pin)) == pin


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "cases"}, '/kind: found "cases", expected one of "articles", "templates" or "actions"'),
        ({"effect": "hide"}, '/effect: found "hide", expected one of "pin" or "forbid"'),
        ({"item": "a 1"}, '/item: found "a 1", expected an id'),
        ({"reason": " "}, '/reason: found " ", expected a short text'),
        ({"reason": "x" * 201}, "/reason: found a text of 201 characters, expected at most 200: shorten it"),
        ({"audience": ["public"]}, "/audience: unknown key"),
        ({"when": {"field": "case.subject", "op": "eq", "value": "x"}}, '/when/field: found "case.subject"'),
        ({"valid_until": "2026-12-31"}, '/valid_until: found "2026-12-31", expected an RFC 3339 time'),
        ({"item": None}, "/item: required, but missing or null: add it"),
    ],
)
def test_what_is_wrong_with_a_pin_is_told_with_file_line_and_key(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(CorpusErrors) as caught:
        read_corpus(write(tmp_path, pins=[PIN, PIN | {"id": "p2"} | change]))
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"pins.jsonl:2: {told}")


def test_a_pin_that_names_what_is_not_there_is_counted_and_does_not_go_over_to_an_heir(tmp_path: Path) -> None:
    rows = [PIN, PIN | {"id": "p2", "item": "a0"}, PIN | {"id": "p3", "kind": "actions", "item": "a1"}]
    folder = write(tmp_path, articles=[ARTICLE], pins=rows)
    assert read_corpus(folder).dangling == {"pins.articles": {"a0": 1}, "pins.actions": {"a1": 1}}


def test_a_text_is_found_in_the_reason_of_a_pin() -> None:
    pin = Pin(**PIN)  # type: ignore[arg-type]
    assert [(hit.kind, hit.id, hit.field) for hit in find_text("pins", [(pin, "v")], "1. dezember")] == [
        ("pins", "p1", "reason")
    ]


def test_the_examples_of_the_guide_are_well_formed_and_end() -> None:
    examples = [json.loads(found[1]) for found in EXAMPLE.finditer(GUIDE.read_text(encoding="utf-8"))]
    pins = [read_record("pins", example) for example in examples]
    assert {pin.effect for pin in pins if isinstance(pin, Pin)} == {"pin", "forbid"}
    assert all(isinstance(pin, Pin) and pin.valid_until and pin.when for pin in pins)
