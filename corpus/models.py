"""The records of a corpus: what a customer brought, what may answer it, and what a manager decides about that.

All records are immutable, free of any framework, and keep the field names of the corpus contract.
Absent optional fields are ``None``; absent lists are empty tuples. Times are zone-aware.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

Kind = Literal["articles", "templates", "actions", "cases", "pins"]
KINDS: tuple[Kind, ...] = ("articles", "templates", "actions", "cases", "pins")
ItemKind = Literal["articles", "templates", "actions"]

Role = Literal["customer", "agent", "system"]
Scalar = str | int | float | bool

PUBLIC = "public"
# Of a corpus whose items name no language.
DEFAULT_LANGUAGE = "de"
NO_ATTRIBUTES: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every rule is true; an empty list is true."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one rule is true; an empty list is false."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its rule is false."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a field with a value; ``op`` is one of the contract's operators."""

    __test__ = False  # not a pytest class, in spite of its name

    field: str
    op: str
    value: Scalar | tuple[Scalar, ...]


Rule = AllOf | AnyOf | Not | Test


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A knowledge-base entry."""

    id: str
    title: str
    body: str
    language: str
    format: Literal["markdown", "html", "text"] = "markdown"
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    audience: tuple[str, ...] = (PUBLIC,)
    status: Literal["published", "draft", "archived"] = "published"
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    updated_at: datetime | None = None
    version: str | int | None = None
    url: str | None = None
    translation_of: str | None = None
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A QuickText reply with merge fields."""

    id: str
    name: str
    body: str
    language: str
    format: Literal["text", "html"] = "text"
    subject: str | None = None
    shortcode: str | None = None
    channels: tuple[str, ...] = ()
    category: str | None = None
    kind: Literal["reply", "snippet", "header", "footer"] = "reply"
    address: Literal["sie", "du", "neutral"] | None = None
    articles: tuple[str, ...] = ()
    audience: tuple[str, ...] = (PUBLIC,)
    status: Literal["published", "draft", "archived"] = "published"
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    updated_at: datetime | None = None
    replaces: tuple[str, ...] = ()
    syntax: str = "liquid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an action."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One entry of the action catalogue."""

    id: str
    name: str
    description: str | None = None
    language: str | None = None
    kind: Literal["macro", "task", "escalation", "offer", "callback", "reply", "lookup"] | None = None
    steps: tuple[Step, ...] = ()
    when: Rule | None = None
    max_per_case: int | None = None
    templates: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    audience: tuple[str, ...] = (PUBLIC,)
    status: Literal["published", "draft", "archived"] = "published"
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    updated_at: datetime | None = None
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn in a case."""

    role: Role
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An item that was used in a case, after so many messages had been exchanged (if known)."""

    id: str
    after_message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a case ended; known only at closing, so never part of a query."""

    solved: bool | None = None
    reopened: bool | None = None
    escalated: bool | None = None
    transferred: bool | None = None
    recontacted: bool | None = None
    csat: int | None = None
    handle_minutes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a customer brings, and (once closed) what solved it."""

    id: str
    subject: str | None = None
    description: str | None = None
    messages: tuple[Message, ...] = ()
    language: str | None = None
    channel: str | None = None
    product: str | None = None
    priority: str | None = None
    customer_id: str | None = None
    customer: Mapping[str, Any] = field(default_factory=lambda: NO_ATTRIBUTES)
    audience: tuple[str, ...] = (PUBLIC,)
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    status: str | None = None
    resolution: str | None = None
    articles: tuple[Use, ...] = ()
    templates: tuple[Use, ...] = ()
    actions: tuple[Use, ...] = ()
    outcome: Outcome | None = None
    agent: str | None = None
    split: Literal["train", "test"] | None = None

    @property
    def is_solved_history(self) -> bool:
        """Whether colleagues can learn from it: closed, and not known to be unsolved."""
        return self.closed_at is not None and (self.outcome is None or self.outcome.solved is not False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What a manager decides about an item: that it comes first in some cases, or that it is never suggested in them.

    ``kind`` and ``item`` name the item, ``when`` the cases (absent: all of them). Agents read the ``reason``.
    """

    id: str
    kind: ItemKind
    item: str
    effect: Literal["pin", "forbid"]
    reason: str
    language: str | None = None
    when: Rule | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    status: Literal["published", "draft", "archived"] = "published"
    updated_at: datetime | None = None


Item = Article | Template | Action
Record = Article | Template | Action | Case | Pin


def may_see(audiences: Set[str], record: Record) -> bool:
    """Return whether a record is for one of the audiences; a pin is for nobody in particular, a scope guards it."""
    return isinstance(record, Pin) or not audiences.isdisjoint(record.audience)


def primary_language(code: str | None) -> str | None:
    """Return the primary subtag in lower case (``de-AT`` -> ``de``), by which languages are compared."""
    return code.replace("_", "-").split("-", 1)[0].lower() if code else None
