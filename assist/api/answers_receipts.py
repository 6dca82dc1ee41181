"""Shapes of what the service says when it was told something: feedback, or that people are to be forgotten."""

from __future__ import annotations

from pydantic import Field

from assist.api.answers import ClosedAnswer


class FeedbackAnswer(ClosedAnswer):
    """How many events were new and are kept now, and how many had been kept before."""

    request_id: str
    accepted: int = Field(ge=0)
    duplicates: int = Field(ge=0)


class ErasureAnswer(ClosedAnswer):
    """The receipt of an erasure."""

    request_id: str
    receipt: str
    what: str = Field(description="case ID, customer HASH or agent HASH: neither customer nor agent is told by name")
    at: str
    by: str | None
    erased: dict[str, int] = Field(description="How much of what went so far, by place")
    left: list[str] = Field(description="Where copies are known to lie that the next build removes")
    kept: list[str] = Field(description="What stays for good, and why")
    last_copy_gone_by: str | None = Field(description="A promise until the erasure is complete; then with backups")
    completed_at: str | None
