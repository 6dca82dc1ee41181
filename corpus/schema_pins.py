"""Pins as outsiders write them: what a manager decides about an item, strictly read."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from corpus.fields import Id, Language, Remark, RuleObject, Status, Time, check_order
from corpus.models import Pin
from corpus.schema_parts import EdgeModel


class PinRecord(EdgeModel):
    """A manager's decision that an item comes first in some cases, or is not suggested in them."""

    id: Id
    kind: Literal["articles", "templates", "actions"] = Field(description="Of what kind the item is")
    item: Id = Field(description="Id of the item; what it replaces is not meant by it")
    effect: Literal["pin", "forbid"] = Field(description="`pin`: it comes first; `forbid`: it is not suggested")
    reason: Remark = Field(description="Why, in words that agents read beside a pinned item")
    language: Language | None = Field(None, description="Language of the reason")
    when: RuleObject | None = Field(None, description="In which cases, as in eligibility rules; absent: in every case")
    valid_from: Time | None = None
    valid_until: Time | None = Field(None, description="A pin without an end stands until somebody remembers it")
    status: Status = "published"
    updated_at: Time | None = None

    @field_validator("valid_until")
    @classmethod
    def _ends_after_start(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        return check_order(info.data.get("valid_from"), value, "valid_from", equal=False)

    def to_record(self) -> Pin:
        """Return the frozen record."""
        return Pin(**self.values())
