"""The body of ``POST /v1/explain``: a question as for ``POST /v1/suggest``, and what of its answer is to be told."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from assist.explaining.models import DEFAULT_LISTED, MAX_LISTED
from assist.schema_fields import unique_kinds
from assist.schemas import SuggestBody
from corpus.fields import MAX_LABELS, Id, Label
from index.situations import USED_KINDS, UsedKind

ExplainKinds = Annotated[
    list[UsedKind],
    Field(max_length=len(USED_KINDS)),
    AfterValidator(unique_kinds),
    WithJsonSchema({"type": "array", "items": {"enum": list(USED_KINDS)}, "minItems": 1, "uniqueItems": True}),
]


class ExplainBody(SuggestBody):
    """What is asked of ``POST /v1/explain``."""

    kinds: ExplainKinds | None = Field(None, description="Default: articles, templates and actions")  # type: ignore[assignment]  # fewer kinds than may be suggested
    item: Id | None = Field(None, description="Tell the whole story of this item too")
    listed: Annotated[int, Field(ge=1, le=MAX_LISTED)] | None = Field(
        None, description=f"How many items of each kind are told of, {DEFAULT_LISTED} by default"
    )
    audiences: Annotated[list[Label], Field(min_length=1, max_length=MAX_LABELS)] | None = Field(
        None,
        description="Explain what callers of these audiences get; default those of the key, of which they are some",
    )
