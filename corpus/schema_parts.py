"""What the models at the edge are built of: their strict base, and the parts of cases and actions."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

from corpus.fields import MAX_LABELS, MAX_USES, FilledText, Id, StepUrl, Text, Time, stated
from corpus.models import Message, Outcome, Step, Use
from corpus.problems import OBJECT, PLAIN
from corpus.quicktext.checks import fault_in, told

MAX_KEYS = 200


class EdgeModel(BaseModel):
    """Base of all models at the edge: strict, closed, and null equals absent."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if len(data) > MAX_KEYS:
            raise stated(f"found an object of {len(data)} keys, expected at most {MAX_KEYS}")
        if None not in data.values():
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}

    def values(self) -> dict[str, Any]:
        """Return the given fields as a record takes them: lists as tuples, models as records."""
        return {name: _frozen(getattr(self, name)) for name in self.model_fields_set}


def _frozen(value: Any) -> Any:
    if isinstance(value, str | datetime):
        return value
    if isinstance(value, list):
        return tuple(_frozen(part) for part in value)
    if isinstance(value, dict):
        return MappingProxyType({name: _frozen(part) for name, part in value.items()})
    if isinstance(value, MessageRecord | UseRecord | StepRecord | OutcomeRecord):
        return value.to_record()
    return value


def _form(value: object) -> str | None:
    """Return which of its two forms an entry has: a plain text, or an object."""
    if isinstance(value, str):
        return PLAIN
    return OBJECT if isinstance(value, dict | EdgeModel) else None


class MessageRecord(EdgeModel):
    """One turn of a case."""

    role: Literal["customer", "agent", "system"]
    text: Text
    at: Time | None = None

    def to_record(self) -> Message:
        """Return the frozen record."""
        return Message(**self.values())


class UseRecord(EdgeModel):
    """An item used in a case."""

    id: Id
    after_message: int | None = Field(
        None, ge=0, description="How many messages had been exchanged when the item was used"
    )

    def to_record(self) -> Use:
        """Return the frozen record."""
        return Use(**self.values())


def _fillable(value: str) -> str:
    if (fault := fault_in(value)) is not None:
        raise stated(told(fault, remedy="mend it"))
    return value


StepText = Annotated[FilledText, AfterValidator(_fillable)]


class StepRecord(EdgeModel):
    """One step of an action; its text, and the query of its address, may hold merge fields."""

    text: StepText
    url: StepUrl | None = Field(None, description="With http, https, mailto or tel; merge fields behind its ? only")

    @field_validator("url")
    @classmethod
    def _can_be_filled(cls, value: str | None) -> str | None:
        return None if value is None else _fillable(value)

    def to_record(self) -> Step:
        """Return the frozen record."""
        return Step(**self.values())


def _use_of_id(value: str) -> UseRecord:
    return UseRecord.model_construct(id=value)


def _step_of_text(value: str) -> StepRecord:
    return StepRecord.model_construct(text=value)


UseEntry = Annotated[
    Annotated[Annotated[Id, AfterValidator(_use_of_id)], Tag(PLAIN)] | Annotated[UseRecord, Tag(OBJECT)],
    Discriminator(
        _form,
        custom_error_type="expected",
        custom_error_message="{what}",
        custom_error_context={"what": 'an id, or an object {"id", "after_message"}'},
    ),
]
StepEntry = Annotated[
    Annotated[Annotated[StepText, AfterValidator(_step_of_text)], Tag(PLAIN)] | Annotated[StepRecord, Tag(OBJECT)],
    Discriminator(
        _form,
        custom_error_type="expected",
        custom_error_message="{what}",
        custom_error_context={"what": 'a text, or an object {"text", "url"}'},
    ),
]
Uses = Annotated[list[UseEntry], Field(max_length=MAX_USES)]
Steps = Annotated[list[StepEntry], Field(max_length=MAX_LABELS)]


class OutcomeRecord(EdgeModel):
    """How a case ended."""

    solved: bool | None = None
    reopened: bool | None = None
    escalated: bool | None = None
    transferred: bool | None = None
    recontacted: bool | None = None
    csat: int | None = Field(None, ge=1, le=5, description="Customer satisfaction, 1 (worst) to 5 (best)")
    handle_minutes: float | None = Field(None, ge=0, allow_inf_nan=False)

    def to_record(self) -> Outcome:
        """Return the frozen record."""
        return Outcome(**self.values())
