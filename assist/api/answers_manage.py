"""Shapes of the answers that a manager gets, as ``/openapi.json`` documents them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assist.api.answers import ClosedAnswer
from assist.api.answers_suggest import RenderedAnswer
from corpus.schema_pins import PinRecord


class FileAnswer(ClosedAnswer):
    """A file and its size."""

    name: str
    bytes: int = Field(ge=0)


class UploadItem(ClosedAnswer):
    """A corpus that was sent; `ignored` names what of a zip belongs to no corpus."""

    id: str
    created_at: str
    files: list[FileAnswer]
    ignored: list[str]


class UploadAnswer(UploadItem):
    """An upload that is kept for a day; check it, then import it by its id with `POST /v1/reindex`."""

    request_id: str


class UploadsAnswer(ClosedAnswer):
    """The uploads that are kept, newest first."""

    request_id: str
    uploads: list[UploadItem]


class ImportItem(ClosedAnswer):
    """One import; `counts` tells by kind what it did when it came."""

    id: int
    at: str
    mode: Literal["full", "upsert"]
    source: str = Field(description="The name of the folder, or `upload` and its id")
    counts: dict[str, dict[str, int]]
    undone_at: str | None


class ImportsAnswer(ClosedAnswer):
    """All imports, newest first."""

    request_id: str
    imports: list[ImportItem]


class ChangesAnswer(ClosedAnswer):
    """How records would change: by kind the ids that are new, changed and removed, of each at most a thousand."""

    request_id: str
    total: int = Field(ge=0)
    counts: dict[str, dict[str, int]]
    changes: dict[str, dict[str, list[str]]]


class SnapshotChangesAnswer(ChangesAnswer):
    """How the records of one snapshot differ from those of another."""

    before: str
    after: str


class ReportItem(ClosedAnswer):
    """One report."""

    name: str
    created_at: str
    files: list[FileAnswer]


class ReportsAnswer(ClosedAnswer):
    """The reports, newest first."""

    request_id: str
    reports: list[ReportItem]


class RemarkAnswer(ClosedAnswer):
    """What is wrong with a template (`refused`: it cannot be saved so), or doubtful; lines and columns from 1."""

    severity: Literal["refused", "warning"]
    code: str
    pointer: str
    detail: str
    line: int | None
    column: int | None


class PreviewAnswer(ClosedAnswer):
    """A template looked at; `rendered` is null where it cannot be saved as it is."""

    request_id: str
    findings: list[RemarkAnswer]
    rendered: RenderedAnswer | None


class PinsAnswer(ClosedAnswer):
    """All pins, by id."""

    request_id: str
    pins: list[PinRecord]
