"""Generated corpora, in which ids, words and history are shared between what one may see and what one may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from corpus.models import Action, Article, Case, Kind, Message, Outcome, Pin, Record, Template, Test, Use, may_see
from corpus.times import parse_time

World = Mapping[Kind, list[Any]]

AUDIENCES = [("public",), ("public",), ("second",), ("partner",), ("second", "public"), ("partner", "second")]
CALLERS = [frozenset(names) for names in (["public"], ["public", "partner"], ["partner"], ["public", "second"])]
WORDS = [
    "Rechnung",
    "doppelt",
    "abgebucht",
    "Vertrag",
    "kündigen",
    "Router",
    "Lampe",
    "blinkt",
    "rot",
    "Leitung",
    "messen",
    "Gutschrift",
    "Kulanz",
    "Umzug",
    "Vertragsende",
    "Rechnungskopie",
    "Störung",
    "Anschluss",
    "Frist",
    "invoice",
    "router",
    "contract",
    "refund",
    "the",
    "is",
    "your",
    "geheim",
]
PRODUCTS = ["strom", "internet"]
NAMES: dict[Kind, list[str]] = {
    "articles": ["a1", "a2", "a3", "a4"],
    "templates": ["t1", "t2", "t3"],
    "actions": ["n1", "n2", "n3"],
    "cases": ["c1", "c2", "c3", "c4", "c5"],
    "pins": ["p1", "p2", "p3", "p4"],
}

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
audiences = st.sampled_from(AUDIENCES)
languages = st.sampled_from(["de", "de", "en"])


def _ids(kind: Kind, most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from([*NAMES[kind], "old"]), max_size=most).map(tuple)


def _replaced(kind: Kind) -> st.SearchStrategy[tuple[str, ...]]:
    return st.one_of(st.just(()), _ids(kind, 1))


def _uses(kind: Kind, most: int = 2) -> st.SearchStrategy[tuple[Use, ...]]:
    return _ids(kind, most).map(lambda found: tuple(Use(id=each) for each in found))


_some_products = st.lists(st.sampled_from(PRODUCTS), max_size=1).map(tuple)


def _article(name: str) -> st.SearchStrategy[Article]:
    return st.builds(
        Article,
        id=st.just(name),
        title=texts,
        body=texts,
        language=languages,
        products=_some_products,
        categories=st.lists(st.sampled_from(["tarif", "technik"]), max_size=1).map(tuple),
        audience=audiences,
        replaces=_replaced("articles"),
    )


def _template(name: str) -> st.SearchStrategy[Template]:
    return st.builds(
        Template, id=st.just(name), name=texts, body=texts, language=languages, audience=audiences,
        replaces=_replaced("templates"),
    )  # fmt: skip


_rules = st.one_of(st.none(), st.just(Test("case.product", "eq", "strom")))


def _action(name: str) -> st.SearchStrategy[Action]:
    return st.builds(
        Action,
        id=st.just(name),
        name=texts,
        description=st.one_of(st.none(), texts),
        language=st.one_of(st.none(), languages),
        audience=audiences,
        when=_rules,
        max_per_case=st.one_of(st.none(), st.just(1)),
        replaces=_replaced("actions"),
    )


def _case(name: str) -> st.SearchStrategy[Case]:
    day = 1 + int(name[1:])
    return st.builds(
        Case,
        id=st.just(name),
        subject=st.one_of(texts, st.sampled_from(["Router blinkt rot", "Rechnung doppelt abgebucht"])),
        messages=st.lists(st.builds(Message, role=st.sampled_from(["customer", "agent"]), text=texts), max_size=2).map(
            tuple
        ),
        language=st.one_of(st.none(), languages),
        product=st.one_of(st.none(), st.sampled_from(PRODUCTS)),
        audience=audiences,
        closed_at=st.just(parse_time(f"2026-03-{day:02d}T09:00:00Z")),
        articles=_uses("articles"),
        templates=_uses("templates"),
        actions=_uses("actions", 3),
        resolution=st.one_of(st.none(), texts),
        outcome=st.sampled_from([None, Outcome(solved=True), Outcome(solved=True, reopened=True)]),
    )


_targets = st.sampled_from(
    [(kind, name) for kind in ("articles", "templates", "actions") for name in [*NAMES[kind][:2], "old"]]  # type: ignore[index]
)


@st.composite
def _pin(draw: st.DrawFn, name: str) -> Pin:
    kind, item = draw(_targets)
    return Pin(
        id=name,
        kind=kind,  # type: ignore[arg-type]
        item=item,
        effect=draw(st.sampled_from(["pin", "pin", "forbid"])),
        reason=draw(texts),
        when=draw(_rules),
        valid_until=draw(
            st.sampled_from([None, parse_time("2026-05-01T00:00:00Z"), parse_time("2026-07-01T00:00:00Z")])
        ),
        status=draw(st.sampled_from(["published", "published", "draft"])),
        updated_at=draw(st.sampled_from([None, parse_time("2026-04-01T00:00:00Z")])),
    )


def _some(kind: Kind, build: Callable[[str], st.SearchStrategy[Any]]) -> st.SearchStrategy[list[Any]]:
    return st.tuples(*(build(name) for name in NAMES[kind])).map(list)


worlds = st.fixed_dictionaries(
    {
        "articles": _some("articles", _article),
        "templates": _some("templates", _template),
        "actions": _some("actions", _action),
        "cases": _some("cases", _case),
        "pins": _some("pins", _pin),
    }
)

_filters = st.fixed_dictionaries(
    {},
    optional={
        "language": st.just(["de"]),
        "product": st.just(["strom"]),
        "category": st.just(["technik"]),
    },
)

questions = st.fixed_dictionaries(
    {
        "case": st.fixed_dictionaries(
            {"description": texts},
            optional={
                "id": st.sampled_from(NAMES["cases"]),
                "product": st.sampled_from(PRODUCTS),
                "language": languages,
                "actions_done": _ids("actions").map(list),
            },
        ),
        "as_of": st.just("2026-06-01T00:00:00Z"),
        "limit": st.just(20),
        "filters": _filters,
    },
    optional={"min_confidence": st.just(0), "draft": texts},
)

searches = st.fixed_dictionaries(
    {
        "query": texts,
        "kinds": st.just(["articles", "templates", "actions", "cases"]),
        "limit": st.just(100),
        "filters": _filters,
    }
)


def without_the_hidden(world: World, caller: frozenset[str]) -> World:
    """Return the world less what is neither public nor for the caller."""
    shown = caller | {"public"}
    return {kind: [record for record in records if may_see(shown, record)] for kind, records in world.items()}


def hidden(world: World, caller: frozenset[str]) -> list[tuple[Kind, Record]]:
    """Return what the caller may not see."""
    return [(kind, record) for kind, records in world.items() for record in records if not may_see(caller, record)]
