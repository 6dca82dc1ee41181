"""Hostile bodies by class, made anew for each run out of a seed: the same ones every time.

A class is a function that takes a random generator and returns one body; its statuses are the only ones allowed.
"""

from __future__ import annotations

import copy
import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Chance = random.Random
JSON = "application/json"
MIB = 1024 * 1024


@dataclass(frozen=True)
class Body:
    """What is sent, and how it is called."""

    data: bytes
    content_type: str | None = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HostileClass:
    """A way to do harm, how many bodies of it are tried, and the only answers allowed."""

    name: str
    make: Callable[[Chance], Body]
    statuses: frozenset[int]
    count: int
    suggest_only: bool

    def bodies(self) -> Iterator[Body]:
        """Yield the bodies of this class, the same ones every time."""
        chance = Chance(self.name)
        for _ in range(self.count):
            yield self.make(chance)


CLASSES: list[HostileClass] = []


def hostile(*statuses: int, count: int = 52, suggest_only: bool = False) -> Callable[[Any], Any]:
    """Add a class: a function that returns a body, bytes, or a value to be written as JSON."""

    def decorate(make: Callable[[Chance], Any]) -> Callable[[Chance], Any]:
        def body(chance: Chance) -> Body:
            made = make(chance)
            if isinstance(made, Body):
                return made
            return Body(made if isinstance(made, bytes) else json.dumps(made, ensure_ascii=False).encode("utf-8"))

        CLASSES.append(HostileClass(make.__name__, body, frozenset(statuses), count, suggest_only))
        return make

    return decorate


def good(chance: Chance) -> dict[str, Any]:
    """Return a body that is in order, with something in every field."""
    return {
        "case": {
            "id": f"neu-{chance.randrange(10**6)}",
            "subject": "Rechnung doppelt",
            "description": "Die Rechnung wurde doppelt abgebucht.",
            "messages": [{"role": "customer", "text": "Hallo?", "at": "2026-05-01T08:00:00Z"}],
            "channel": "email",
            "language": "de",
            "product": "strom",
            "priority": "hoch",
            "customer_id": "k-1",
            "customer": {"segment": "privat", "years": 3},
            "opened_at": "2026-05-01T08:00:00Z",
            "actions_done": ["gutschreiben"],
        },
        "context": {"contact": {"salutation": "Herr", "last_name": "Brandt"}, "agent": {"name": "Jana Weiß"}},
        "kinds": ["articles", "templates", "actions", "similar_cases"],
        "limit": 3,
        "filters": {"language": ["de"], "product": ["strom"]},
        "min_confidence": 0.5,
        "as_of": "2026-06-01T00:00:00Z",
        "draft": "Guten Tag",
        "language": "de",
    }


def _text(raw: bytes) -> bytes:
    return b'{"case": {"subject": "a' + raw + b'b"}, "query": "a"}'


def _number(raw: bytes) -> bytes:
    return b'{"case": {"subject": "a"}, "limit": [1, {"x": ' + raw + b"}]}"


def _written(chance: Chance) -> bytes:
    return json.dumps(good(chance), ensure_ascii=False).encode("utf-8")


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(part, (*path, key))


def _with(value: Any, path: tuple[Any, ...], part: Any) -> Any:
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = part
    return changed


# What is not strict JSON


@hostile(400, count=80)
def nested_too_deeply(chance):
    opening, closing = chance.choice([(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")])
    depth = chance.choice([65, 66, 100, 1_000, 20_000, 200_000 if opening == b"[" else 100_000])
    return opening * depth + (b"1" + closing * depth if chance.random() < 0.5 else b"")


@hostile(400)
def half_a_surrogate_pair(chance):
    code = chance.randrange(0xD800, 0xE000)
    return _text(f"\\u{code:04x}{chance.choice(['', 'x', ' '])}".encode())


@hostile(400)
def surrogates_in_raw_bytes(chance):
    return _text(bytes([0xED, chance.randrange(0xA0, 0xC0), chance.randrange(0x80, 0xC0)]))


@hostile(400)
def integers_beyond_64_bit(chance):
    digits = str(chance.choice([2**63, 2**64, 2**70, -(2**63) - 1, 10**30]))
    return _number(digits.encode())


@hostile(400, count=10)
def integers_of_many_digits(chance):
    return _number(b"9" * chance.randrange(100, 900_000))


@hostile(400)
def not_a_number(chance):
    return _number(chance.choice([b"NaN", b"Infinity", b"-Infinity", b"nan", b"inf", b"-nan"]))


@hostile(400)
def numbers_beyond_a_float(chance):
    return _number(f"{chance.choice(['', '-'])}{chance.randrange(1, 10)}e{chance.randrange(400, 99_999)}".encode())


@hostile(400)
def numbers_that_json_lacks(chance):
    return _number(chance.choice([b"01", b"+1", b".5", b"1.", b"0x10", b"1_000", b"1e", b"--1", b"1,5", b"\xd9\xa3"]))


@hostile(400)
def a_key_twice(chance):
    key = chance.choice(["case", "limit", "draft"])
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in key)
    return f'{{"{key}": 1, "x": {{}}, "{chance.choice([key, escaped])}": 2}}'.encode()


@hostile(400)
def another_encoding(chance):
    text = _written(chance).decode("utf-8")
    return text.encode(chance.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "latin-1"]))


@hostile(400, count=20)
def a_byte_order_mark(chance):
    return b"\xef\xbb\xbf" + _written(chance)


@hostile(400)
def bytes_that_are_not_utf8(chance):
    written = bytearray(_written(chance))
    written[chance.randrange(len(written))] = chance.randrange(0xF8, 0x100)
    return bytes(written)


@hostile(400)
def control_characters_escaped(chance):
    return _text(f"\\u{chance.choice([0, 1, 7, 8, 11, 12, 14, 27, 31]):04x}".encode())


@hostile(400)
def control_characters_raw(chance):
    return _text(bytes([chance.randrange(0x20)]))


@hostile(400, count=100)
def cut_off(chance):
    written = _written(chance)
    return written[: chance.randrange(1, len(written))]


@hostile(400)
def more_behind_it(chance):
    return _written(chance) + chance.choice([b"x", b"{}", b",", b"]", b"\x00", b"null", b"\n\n1"])


@hostile(400)
def nearly_json(chance):
    return chance.choice(
        [
            b"{'case': 1}",
            b"{case: 1}",
            b'{"a": 1,}',
            b"[1, 2,]",
            b'{"a" 1}',
            b'{"a": undefined}',
            b'/* */ {"a": 1}',
            b'{"a": 1} // so',
            b'{"a": "\\x41"}',
            b'{"a": True}',
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            b"query=a&kinds=articles",
            b"!!python/object/apply:os.system ['id']",
            b"(lp0\nS'a'\np1\na.",
        ]
    )


@hostile(400, count=10)
def nothing_in_it(chance):
    return chance.choice([b"", b" ", b"\n\r\t " * chance.randrange(1, 1_000)])


@hostile(400, count=220)
def any_bytes(chance):
    return b"\x00" + chance.randbytes(chance.randrange(200))


@hostile(400, count=20)
def compressed_without_saying_so(chance):
    return gzip.compress(_written(chance)) if chance.random() < 0.5 else zlib.compress(_written(chance))


# What is not called JSON in UTF-8


@hostile(415, count=60)
def another_media_type(chance):
    kinds = [
        None,
        "text/plain",
        "text/html",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=a",
        "application/json-patch+json",
        "application/x-json",
        "application/jsonx",
        "json",
        "*/*",
        "application/json, text/html",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/json; charset=" + "x" * 200,
    ]
    return Body(_written(chance), content_type=chance.choice(kinds))


@hostile(415)
def a_content_encoding(chance):
    written = gzip.compress(_written(chance) * chance.choice([1, 1, 5_000]))
    return Body(
        written, headers={"Content-Encoding": chance.choice(["gzip", "GZIP", "deflate", "br", "gzip, gzip", "x"])}
    )


# What is too large


@hostile(413, count=8)
def larger_than_a_body_may_be(chance):
    return _text(b"a" * chance.choice([MIB, MIB + 1, 2 * MIB, 10 * MIB]))


# What does not fit the schema


@hostile(422, count=300, suggest_only=True)
def another_type_somewhere(chance):
    body = good(chance)
    wrong = chance.choice([[{}], [[1]], {"x": {"y": {}}}])
    return _with(body, chance.choice(list(_places(body))), wrong)


@hostile(422, count=80, suggest_only=True)
def an_unknown_key_somewhere(chance):
    body = good(chance)
    place = chance.choice([("case",), ("filters",), ("case", "messages", 0), ()])
    key = chance.choice(["__proto__", "constructor", "Case", "", " ", "$where", "a" * 100_000, "limit ", "\u202ecase"])
    return _with(body, (*place, key), 1)


@hostile(422, count=40)
def another_value_than_an_object(chance):
    return chance.choice([[], None, True, 1, 1.5, "text", json.dumps(good(chance)), [good(chance)]])


@hostile(422, count=60, suggest_only=True)
def numbers_out_of_bounds(chance):
    key, values = chance.choice(
        [
            ("limit", [0, -1, 21, 10**9, 2**62, 1.5, 3.0]),
            ("limit", [{"articles": 0}, {"articles": 10**15}, {"cases": 1}]),
            ("min_confidence", [-0.001, 1.001, 1e308, -1e308]),
        ]
    )
    return {**good(chance), key: chance.choice(values)}


@hostile(422, count=20, suggest_only=True)
def long_lists(chance):
    size = chance.choice([1_001, 10_000, 100_000])
    body = good(chance)
    place, part = chance.choice(
        [
            (("kinds",), "articles"),
            (("case", "messages"), {"role": "customer", "text": "a"}),
            (("case", "actions_done"), "a"),
            (("filters", "product"), "a"),
            (("case", "customer", "years"), 1),
            (("context", "contact", "last_name"), "a"),
        ]
    )
    return _with(body, place, [part] * min(size, 900_000 // len(json.dumps(part) + ", ")))


@hostile(422, count=10, suggest_only=True)
def many_keys(chance):
    place = chance.choice([("case",), (), ("case", "customer"), ("context",), ("context", "contact"), ("filters",)])
    keys = {f"k{number}": 1 for number in range(chance.choice([201, 5_000, 50_000]))}
    body = {**good(chance)}
    return _with(body, place, keys) if place else {**body, **keys}


@hostile(422, count=40, suggest_only=True)
def ids_that_lead_elsewhere(chance):
    bad = ["../../etc/passwd", "..\\..\\boot.ini", "a b", "a%2fb", "a?b", "a#b", "", "x" * 201, "a\tb", "/", "\u2028"]
    place = chance.choice([("case", "id"), ("case", "actions_done")])
    name = chance.choice(bad)
    return _with(good(chance), place, name if place[1] == "id" else [name])


@hostile(422, suggest_only=True)
def languages_that_are_none(chance):
    bad = ["Deutsch", "de_DE_", "x", "../de", "", " de", "de\n", "d\u0435", "*", "<script>"]
    return _with(good(chance), chance.choice([("language",), ("case", "language")]), chance.choice(bad))


@hostile(422, suggest_only=True)
def times_that_are_none(chance):
    bad = [
        "2026-13-01T00:00:00Z",
        "2026-01-01",
        "now",
        "1e9",
        "9999-99-99T99:99Z",
        "",
        "٢٠٢٦-01-01T00:00:00Z",
        "0" * 9_999,
    ]
    return _with(good(chance), chance.choice([("as_of",), ("case", "opened_at")]), chance.choice(bad))


@hostile(422, count=20, suggest_only=True)
def a_case_that_says_nothing(chance):
    said = chance.choice([{}, {"subject": " \n\t"}, {"messages": []}, {"description": "\u2003\u00a0"}])
    return {**good(chance), "case": {"channel": "email", **said}}


# What only looks dangerous: it is a text like any other


@hostile(200, count=80, suggest_only=True)
def unusual_text(chance):
    marks = [
        "\u202eTSOP\u202c",
        "\u2066isolated\u2069",
        "e" + "\u0301" * 10_000,
        "\u200b\u200d\ufeff",
        "😀👩‍👩‍👧‍👦" * 100,
        "ﷺ" * 1_000,
        "ß" * 10_000,
        "a" * 100_000,
        "Donaudampfschifffahrtsgesellschaft" * 200,
        "\u2028\u2029\u0085",
        "\U000e0041\U000e007f",
        "\ufdd0\uffff",
        "İıſK",
        "{{ contact.last_name }}{% for a in (1..9999999) %}x{% endfor %}",
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "' OR 1=1 --",
        "${jndi:ldap://a}",
        "%s%s%n{0.__class__}",
    ]
    text = chance.choice(marks)
    place = chance.choice([("case", "description"), ("draft",), ("case", "messages", 0, "text")])
    return _with(good(chance), place, text)
