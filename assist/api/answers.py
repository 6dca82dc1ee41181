"""What all answers have in common, and the answer to what cannot be answered.

Their shapes stand in ``answers_*.py``, as ``/openapi.json`` documents them; the tests hold every answer against them.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Rank = Annotated[int, Field(ge=1)]
Milliseconds = Annotated[float, Field(ge=0)]


class ClosedAnswer(BaseModel):
    """Base of all answers: no key that is not documented."""

    model_config = ConfigDict(extra="forbid")


class FaultAnswer(ClosedAnswer):
    """One fault of a request."""

    pointer: str = Field(description="JSON Pointer into the body; empty for the whole body")
    detail: str


class ProblemAnswer(ClosedAnswer):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    instance: str
    request_id: str
    errors: list[FaultAnswer]
