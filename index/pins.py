"""The pins of a snapshot: few, kept by their ids, and sorted beforehand by what decides between them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from corpus.codec import canonical_bytes, from_json
from corpus.models import AllOf, AnyOf, ItemKind, Not, Pin, Rule, Test

PINS_BLOB = "pins.jsonl"
Effect = Literal["pin", "forbid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """All pins by id; ``published`` lists those that may take effect, by kind of item and effect.

    The more tests its rule has, the earlier a pin stands; of equally many the newest stands first, then by id. Tests
    that are alike are one object, so that whoever tries many rules may try each test once.
    """

    by_id: Mapping[str, Pin] = field(default_factory=dict)
    published: Mapping[tuple[ItemKind, Effect], tuple[Pin, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pins: Iterable[Pin]) -> Pins:
        """Return pins, sorted."""
        known: dict[str, Test] = {}
        by_id = {
            pin.id: pin if pin.when is None else replace(pin, when=_sharing(pin.when, known))
            for pin in sorted(pins, key=lambda pin: pin.id)
        }
        published: dict[tuple[ItemKind, Effect], list[Pin]] = {}
        for pin in sorted(by_id.values(), key=_precedence):
            if pin.status == "published":
                published.setdefault((pin.kind, pin.effect), []).append(pin)
        return cls(by_id=by_id, published={key: tuple(each) for key, each in published.items()})

    def overlaid(self, written: Iterable[Pin], hidden: Iterable[str]) -> Pins:
        """Return the pins with some written anew and others gone."""
        gone = set(hidden)
        kept = {record_id: pin for record_id, pin in self.by_id.items() if record_id not in gone}
        return Pins.of((kept | {pin.id: pin for pin in written}).values())


def pin_blobs(pins: Iterable[Pin]) -> dict[str, bytes]:
    """Return pins (ordered by id) as the files of a snapshot: none where there is no pin."""
    lines = b"".join(canonical_bytes(pin) + b"\n" for pin in pins)
    return {PINS_BLOB: lines} if lines else {}


def open_pins(blobs: Mapping[str, bytes]) -> Pins:
    """Read the pins of a snapshot; one that was built before there were pins has none."""
    # Only line feeds end a record; a text may hold other breaks.
    records = (from_json("pins", json.loads(line)) for line in blobs.get(PINS_BLOB, b"").split(b"\n") if line)
    return Pins.of(record for record in records if isinstance(record, Pin))


def closeness(rule: Rule | None) -> int:
    """Return how many tests a rule has, at any depth: how closely it describes its cases."""
    if rule is None:
        return 0
    if isinstance(rule, AllOf | AnyOf):
        return sum(map(closeness, rule.rules))
    return closeness(rule.rule) if isinstance(rule, Not) else 1


def _sharing(rule: Rule, known: dict[str, Test]) -> Rule:
    if isinstance(rule, AllOf | AnyOf):
        return type(rule)(tuple(_sharing(part, known) for part in rule.rules))
    if isinstance(rule, Not):
        return Not(_sharing(rule.rule, known))
    # By what is written: 1 equals true and 1.0 in Python, and neither in a rule.
    return known.setdefault(repr(rule), rule)


def _precedence(pin: Pin) -> tuple[int, float, str]:
    newest = float("-inf") if pin.updated_at is None else pin.updated_at.timestamp()
    return -closeness(pin.when), -newest, pin.id
