"""Shapes of jobs, and of the snapshots that come of them, as ``/openapi.json`` documents them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from assist.api.answers import ClosedAnswer


class ReindexAnswer(ClosedAnswer):
    """A job that was begun; ask for the job to learn how it goes."""

    request_id: str
    job_id: str


class ProgressAnswer(ClosedAnswer):
    """The stage that a job is in; `total` is 0 where its steps cannot be counted."""

    stage: str
    done: int = Field(ge=0)
    total: int = Field(ge=0)


class JobAnswer(ClosedAnswer):
    """How a job goes; `messages` hold no text of any case."""

    request_id: str
    job_id: str
    kind: Literal["reindex", "check", "undo", "corpus-report"]
    status: Literal["queued", "running", "done", "failed"]
    queued_at: str
    started_at: str | None
    finished_at: str | None
    exit_code: int | None = Field(description="0 done, 1 failed, 3 refused by a guard, 4 not good enough to serve")
    messages: list[str]
    progress: ProgressAnswer | None
    result: dict[str, Any] | None = Field(
        description="What came of it, in a shape of its kind; faults[] of a corpus that cannot be read"
    )


class SnapshotAnswer(ClosedAnswer):
    """One snapshot that is kept."""

    id: str
    created_at: str | None
    counts: dict[str, int]
    bytes: int = Field(ge=0)
    current: bool
    problems: list[str]


class SnapshotsAnswer(ClosedAnswer):
    """The snapshots that are kept, newest first."""

    request_id: str
    snapshots: list[SnapshotAnswer]


class ActivateAnswer(SnapshotAnswer):
    """The snapshot that serves from now on; workers follow within two seconds."""

    request_id: str
