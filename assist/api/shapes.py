"""All shapes that ``/openapi.json`` documents: bodies, answers, and the records that can be written."""

from __future__ import annotations

from pydantic import BaseModel

from assist.api.answers import ProblemAnswer
from assist.api.answers_explain import ExplainAnswer
from assist.api.answers_jobs import (
    ActivateAnswer,
    JobAnswer,
    ProgressAnswer,
    ReindexAnswer,
    SnapshotAnswer,
    SnapshotsAnswer,
)
from assist.api.answers_manage import (
    ChangesAnswer,
    ImportsAnswer,
    PinsAnswer,
    PreviewAnswer,
    ReportsAnswer,
    SnapshotChangesAnswer,
    UploadAnswer,
    UploadsAnswer,
)
from assist.api.answers_receipts import ErasureAnswer, FeedbackAnswer
from assist.api.answers_search import SearchAnswer
from assist.api.answers_service import LiveAnswer, ReadyAnswer, TokenAnswer, VersionAnswer
from assist.api.answers_suggest import RenderedAnswer, SuggestAnswer
from assist.api.edits import EDITS
from assist.schema_explain import ExplainBody
from assist.schemas import BODIES
from corpus.records import EDGE_MODELS

ANSWERS: tuple[type[BaseModel], ...] = (
    ProblemAnswer,
    SuggestAnswer,
    SearchAnswer,
    RenderedAnswer,
    TokenAnswer,
    FeedbackAnswer,
    ReindexAnswer,
    ProgressAnswer,
    JobAnswer,
    SnapshotAnswer,
    SnapshotsAnswer,
    ActivateAnswer,
    ErasureAnswer,
    LiveAnswer,
    ReadyAnswer,
    VersionAnswer,
    ExplainAnswer,
    UploadAnswer,
    UploadsAnswer,
    ImportsAnswer,
    ChangesAnswer,
    SnapshotChangesAnswer,
    ReportsAnswer,
    PreviewAnswer,
    PinsAnswer,
)

SHAPES: tuple[type[BaseModel], ...] = (*BODIES, ExplainBody, *ANSWERS, *EDGE_MODELS.values(), *EDITS.values())
