"""A real application over a small engine whose answers can be read off its records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from assist.app import create_app
from assist.explaining.models import (
    ConsideredItem,
    ExplainRequest,
    Explanation,
    HeldBackItem,
    ItemStory,
    KindExplanation,
    UnknownItemError,
    Why,
)
from assist.models import (
    ActionSuggestion,
    ArticleSuggestion,
    CaseSuggestion,
    Reason,
    RenderedTemplate,
    SearchHit,
    SearchRequest,
    SearchResults,
    Suggestions,
    SuggestRequest,
    TemplateSuggestion,
    Urgency,
)
from assist.rendering import RenderRequest
from assist.services import Readiness, Services, SuggestEngine
from assist.shortcodes import Shortcode
from assist.templates import render
from corpus.models import Action, Article, Case, Kind, Outcome, Pin, Record, Step, Template, Test, Use, may_see
from index.situations import UsedKind
from tests.api.doors import Door
from tests.local_services import local_services

ARTICLE = Article(
    id="kb-1",
    title="Doppelte Abbuchung",
    body='<p>Bitte prüfen.</p><script>alert(1)</script><img src="https://fremd.example/x.png">',
    language="de",
    format="html",
    url="https://hilfe.example/kb-1",
    updated_at=datetime(2026, 5, 4, 10, 30, tzinfo=UTC),
)
INTERNAL = Article(id="kb-intern", title="Kulanz", body="Nur intern", language="de", audience=("level2",))
MARKDOWN = Article(
    id="kb-md",
    title="Zähler",
    body="# Zähler\n\nSiehe <https://hilfe.example> <img src=x onerror=alert(1)>",
    language="de",
    url="javascript:alert(1)",
)
TEMPLATE = Template(
    id="tpl-1",
    name="Erstattung",
    body="Guten Tag {{ contact.salutation }} {{ contact.last_name }},\nIhre {{ agent.name }} von {{ company.name }}",
    subject="Ihr Anliegen {{ case.id }}",
    language="de",
)
ACTION = Action(
    id="refund",
    name="Erstatten",
    description="Betrag zurückbuchen",
    kind="task",
    steps=(Step(text="Betrag prüfen"), Step(text="Buchen", url="https://erp.example/buchen")),
    when=Test("customer.segment", "in", ("privat", "gewerbe")),
    templates=("tpl-1",),
)
CASE = Case(
    id="c-1",
    subject="Zweimal abgebucht",
    closed_at=datetime(2026, 4, 1, 8, tzinfo=UTC),
    resolution="Erstattet",
    articles=(Use(id="kb-1", after_message=1),),
    actions=(Use(id="refund"),),
    outcome=Outcome(solved=True),
    agent="2026Q2-0123456789abcdef",
)

PIN = Pin(
    id="price",
    kind="articles",
    item="kb-1",
    effect="pin",
    reason="Preisänderung zum 1. Dezember",
    when=Test("case.product", "eq", "strom"),
    valid_until=datetime(2027, 1, 1, tzinfo=UTC),
)


@dataclass
class FakeEngine:
    """Suggests every record of its own, in a fixed order, and remembers what it was asked."""

    snapshot: str = "snap-1"
    fault: Exception | None = None
    asked: list[Any] = field(default_factory=list)
    company: dict[str, str] = field(default_factory=lambda: {"name": "Stadtwerke"})
    urgency: Urgency | None = None

    def suggest(self, request: SuggestRequest) -> Suggestions:
        self._note(request)
        rendered = render(TEMPLATE, request.case, request.context, company=self.company, language="de")
        common: dict[str, Any] = {"suggestion_id": "signed", "rank": 1, "score": 1.25, "confidence": 0.75}
        why = {"reasons": (Reason(kind="terms", text="Begriffe: doppelt", facts={"terms": ("doppelt",)}),)}
        article = ArticleSuggestion(id="kb-1", article=ARTICLE, excerpt="Bitte prüfen.", **common, **why)
        template = TemplateSuggestion(id="tpl-1", template=TEMPLATE, rendered=rendered, **common, **why)
        action = ActionSuggestion(id="refund", action=ACTION, rule=ACTION.when, steps=ACTION.steps, **common, **why)
        similar = CaseSuggestion(id="c-1", case=CASE, excerpt="Zweimal abgebucht", **common, **why)
        return Suggestions(
            snapshot=self.snapshot,
            encoder="fake-encoder",
            ranker="fake-ranker",
            language=request.case.language or "de",
            language_confidence=0.9,
            articles=(article,) if "articles" in request.limits else None,
            templates=(template,) if "templates" in request.limits else None,
            actions=(action,) if "actions" in request.limits else None,
            similar_cases=(similar,) if "similar_cases" in request.limits else None,
            abstained=(),
            warnings=(),
            timings_ms={"encode": 1.23456},
            urgency=self.urgency,
        )

    def explain(self, question: ExplainRequest) -> Explanation:
        self._note(question)
        if question.item == "unknown":
            raise UnknownItemError("found no articles with the id 'unknown'")
        parts = dict.fromkeys(("meaning", "alignment", "words", "history", "head", "sequence", "silence"), 0.25)
        why = (Reason(kind="terms", text="Begriffe: doppelt", facts={"terms": ("doppelt",)}),)
        place = ConsideredItem(
            id="kb-1",
            name=ARTICLE.title,
            rank=1,
            score=1.75,
            confidence=0.75,
            standing="shown",
            why="wird gezeigt",
            parts=parts,
            evidence={"same_language": True},
            reasons=why,
        )
        held = HeldBackItem(id="kb-md", name="Zähler", why=(Why(code="product", text="gilt für das Produkt Gas"),))
        told = KindExplanation(
            kind="articles",
            threshold=0.2,
            abstained=False,
            trust=0.5,
            cases=1,
            allowed=1,
            candidates=1,
            considered=(place,),
            held_counts={"product": 1},
            held_back=(held,),
            story=None if question.item is None else ItemStory(considered=place, held_back=held),
        )
        return Explanation(
            snapshot=self.snapshot,
            encoder="fake-encoder",
            ranker="fake-ranker",
            language="de",
            language_confidence=0.9,
            as_of=datetime(2026, 6, 1, tzinfo=UTC),
            text="Doppelt abgebucht",
            kinds=(told,),
        )

    def search(self, request: SearchRequest) -> SearchResults:
        self._note(request)
        hit = SearchHit(id="kb-1", rank=1, score=2.0, title=ARTICLE.title, excerpt="Bitte prüfen.", language="de")
        found = {kind: (hit,) if kind == "articles" else () for kind in request.kinds}
        facets = {"articles": {"product": {"Strom": 1}}}
        return SearchResults(results=found, facets=facets, total={kind: len(hits) for kind, hits in found.items()})

    def render(self, request: RenderRequest) -> RenderedTemplate | None:
        self._note(request)
        if request.template_id != TEMPLATE.id or "public" not in request.audiences:
            return None
        return render(TEMPLATE, request.case, request.context, company=self.company, language="de")

    def record(self, kind: Kind, record_id: str, audiences: frozenset[str]) -> Record | None:
        self._note((kind, record_id, audiences))
        records: dict[Kind, list[Any]] = {
            "articles": [ARTICLE, INTERNAL, MARKDOWN],
            "templates": [TEMPLATE],
            "actions": [ACTION],
            "cases": [CASE],
            "pins": [PIN],
        }
        return next((r for r in records[kind] if r.id == record_id and may_see(audiences, r)), None)

    def all_pins(self) -> tuple[Pin, ...]:
        return (PIN,)

    def shortcodes(self, audiences: frozenset[str]) -> tuple[Shortcode, ...]:
        return (Shortcode(shortcode="gut", template=TEMPLATE),) if "public" in audiences else ()

    def names(self, kind: UsedKind, item_id: str, audiences: frozenset[str]) -> tuple[str, ...]:
        return (item_id,)

    def _note(self, asked: object) -> None:
        self.asked.append(asked)
        if self.fault is not None:
            raise self.fault


@dataclass
class FakeSource:
    """Holds one engine, or none yet."""

    current: SuggestEngine | None
    readiness: Readiness = field(default_factory=lambda: Readiness(status="ok", snapshot="snap-1"))

    def engine(self) -> SuggestEngine | None:
        return self.current

    def state(self) -> Readiness:
        return self.readiness


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def source(engine: FakeEngine) -> FakeSource:
    return FakeSource(engine)


@pytest.fixture
def client(source: FakeSource) -> Iterator[FlaskClient]:
    with create_app(local_services(source)).test_client() as client:
        yield client


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def keyed_services(source: FakeSource, door: Door) -> Services:
    return local_services(source, callers=door.callers, tokens=door.tokens, origins=door.origins)


@pytest.fixture
def keyed(keyed_services: Services) -> FlaskClient:
    """Return a client of an application that requires keys."""
    return create_app(keyed_services).test_client()


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").get_json()
    return found


@pytest.fixture
def misfits(document: dict[str, Any]) -> Callable[[Any, str], list[str]]:
    """Return what in a value does not fit a schema of the OpenAPI document (those keywords that it uses)."""

    def check(value: Any, name: str) -> list[str]:
        return _misfits(value, {"$ref": f"#/components/schemas/{name}"}, document, name)

    return check


_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def _misfits(value: Any, schema: Any, document: dict[str, Any], path: str) -> list[str]:
    if not isinstance(schema, dict):
        return [] if schema else [f"{path}: nothing is allowed here"]
    if "$ref" in schema:
        target: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return _misfits(value, target, document, path)
    faults = _own_misfits(value, schema, path)
    for form in ("anyOf", "oneOf"):
        if form in schema and all(_misfits(value, option, document, path) for option in schema[form]):
            faults.append(f"{path}: fits none of {form}")
    if isinstance(value, dict):
        faults += _object_misfits(value, schema, document, path)
    if isinstance(value, list):
        for position, part in enumerate(value):
            faults += _misfits(part, schema.get("items", True), document, f"{path}/{position}")
    return faults


def _own_misfits(value: Any, schema: dict[str, Any], path: str) -> list[str]:
    types = schema.get("type", list(_TYPES))
    rules = {
        "type": any(_TYPES[name](value) for name in ([types] if isinstance(types, str) else types)),
        "enum": value in schema.get("enum", [value]),
        "const": value == schema.get("const", value),
    }
    if _TYPES["number"](value):
        rules["range"] = schema.get("minimum", value) <= value <= schema.get("maximum", value)
    if isinstance(value, str):
        rules["length"] = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        rules["pattern"] = re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, list):
        rules["items"] = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
    return [f"{path}: {rule} of {value!r}" for rule, fits in rules.items() if not fits]


def _object_misfits(value: dict[str, Any], schema: dict[str, Any], document: dict[str, Any], path: str) -> list[str]:
    faults = [f"{path}: {key} is missing" for key in schema.get("required", []) if key not in value]
    for key, part in value.items():
        inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", True))
        faults += _misfits(part, inner, document, f"{path}/{key}")
    return faults
