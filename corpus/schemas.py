"""The records as outsiders write them: pydantic models at the edge, which turn into the frozen records.

Unknown keys are refused, nothing is coerced, and a null key equals an absent one. Field names and defaults are
those of ``corpus.models``; times come out in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from corpus.fields import (
    MAX_LABELS,
    MAX_USES,
    Attributes,
    Audience,
    Channel,
    FilledText,
    Id,
    Ids,
    Label,
    Labels,
    Language,
    RuleObject,
    Status,
    Text,
    Time,
    Url,
    Version,
    check_order,
    stated,
)
from corpus.models import PUBLIC, Action, Article, Case, Template
from corpus.quicktext.checks import LIQUID, fault_in, told
from corpus.schema_parts import EdgeModel, MessageRecord, OutcomeRecord, StepRecord, Steps, UseRecord, Uses

__all__ = [
    "ActionRecord",
    "ArticleRecord",
    "CaseRecord",
    "EdgeModel",
    "MessageRecord",
    "OutcomeRecord",
    "StepRecord",
    "TemplateRecord",
    "UseRecord",
]


class ItemModel(EdgeModel):
    """What articles, templates and actions have in common."""

    audience: Audience = Field(
        [PUBLIC], description="Who may see it: `public`, or names of agent groups; never an empty list"
    )
    status: Status = "published"
    valid_from: Time | None = None
    valid_until: Time | None = None
    updated_at: Time | None = None
    replaces: Ids = Field([], description="Ids whose history this item inherits")

    @field_validator("valid_until")
    @classmethod
    def _ends_after_start(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        return check_order(info.data.get("valid_from"), value, "valid_from", equal=False)


class ArticleRecord(ItemModel):
    """A knowledge-base entry."""

    id: Id
    title: FilledText
    body: Text
    language: Language
    format: Literal["markdown", "html", "text"] = "markdown"
    summary: Text | None = None
    keywords: Labels = Field([])
    products: Labels = Field([], description="Empty fits every case")
    categories: Labels = Field([])
    version: Version | None = None
    url: Url | None = None
    translation_of: Id | None = Field(None, description="Id of the article that this one translates")

    def to_record(self) -> Article:
        """Return the frozen record."""
        return Article(**self.values())


class TemplateRecord(ItemModel):
    """A QuickText reply with merge fields."""

    id: Id
    name: FilledText
    # Stands before the texts, which are checked by it.
    syntax: Label = Field("liquid", description="Syntax of the merge fields; a foreign one is translated")
    body: FilledText
    language: Language
    format: Literal["text", "html"] = "text"
    subject: Text | None = None
    shortcode: Label | None = None
    channels: Annotated[list[Channel], Field(max_length=MAX_LABELS)] = Field([], description="Empty fits every case")
    category: Label | None = None
    kind: Literal["reply", "snippet", "header", "footer"] = "reply"
    address: Literal["sie", "du", "neutral"] | None = Field(None, description="How the text addresses the customer")
    articles: Ids = Field([], description="Articles that the reply draws on")

    @field_validator("body", "subject")
    @classmethod
    def _can_be_filled(cls, value: str | None, info: ValidationInfo) -> str | None:
        fault = fault_in(value) if value and info.data.get("syntax") == LIQUID else None
        if fault is not None:
            raise stated(told(fault))
        return value

    def to_record(self) -> Template:
        """Return the frozen record."""
        return Template(**self.values())


class ActionRecord(ItemModel):
    """One entry of the action catalogue."""

    id: Id
    name: FilledText
    description: Text | None = None
    language: Language | None = None
    kind: Literal["macro", "task", "escalation", "offer", "callback", "reply", "lookup"] | None = None
    steps: Steps = Field([], description="Each a text, or an object with `text` and `url`")
    when: RuleObject | None = Field(None, description="Eligibility rule; absent means always eligible")
    max_per_case: int | None = Field(None, ge=1, description="How often the action may be done in one case")
    templates: Ids = Field([])
    articles: Ids = Field([])

    def to_record(self) -> Action:
        """Return the frozen record."""
        return Action(**self.values())


class CaseRecord(EdgeModel):
    """What a customer brings and, once closed, what solved it."""

    id: Id
    subject: Text | None = None
    description: Text | None = None
    messages: Annotated[list[MessageRecord], Field(max_length=MAX_USES)] = Field([], validate_default=True)
    language: Language | None = None
    channel: Label | None = None
    product: Label | None = None
    priority: Label | None = None
    customer_id: Label | None = None
    customer: Attributes = Field({}, description="Plain attributes of the customer, such as the segment")
    audience: Audience = Field([PUBLIC], description="Who may see it: `public`, or names of agent groups")
    opened_at: Time | None = None
    closed_at: Time | None = None
    status: Label | None = None
    resolution: Text | None = None
    articles: Uses = Field([], description="Articles used, each as an id or with `after_message`")
    templates: Uses = Field([], description="Templates used, each as an id or with `after_message`")
    actions: Uses = Field([], description="Actions done, in order, each as an id or with `after_message`")
    outcome: OutcomeRecord | None = None
    agent: Label | None = Field(None, description="Opaque name of the agent; kept as a keyed hash and never given back")
    split: Literal["train", "test"] | None = Field(None, description="Overrides a split by time in evaluations")

    @field_validator("messages")
    @classmethod
    def _says_something(cls, value: list[MessageRecord], info: ValidationInfo) -> list[MessageRecord]:
        texts = (info.data.get(name, "refused for another reason") for name in ("subject", "description"))
        if not value and not any(text and text.strip() for text in texts):
            raise stated("found neither subject, description nor messages, expected at least one that is not blank")
        return value

    @field_validator("closed_at")
    @classmethod
    def _closes_after_opening(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        return check_order(info.data.get("opened_at"), value, "opened_at", equal=True)

    def to_record(self) -> Case:
        """Return the frozen record."""
        return Case(**self.values())
