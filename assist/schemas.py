"""Request bodies of the API: strict and closed; null equals absent."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from assist.erasing import SUBJECTS
from assist.schema_attributes import Context, Customer
from assist.schema_feedback import FeedbackBody
from assist.schema_fields import MAX_FILTER, FilterLabels, Limit, Origin, SearchKinds, SuggestKinds
from assist.tokens import MAX_MINUTES
from corpus.fields import MAX_LABELS, Id, Label, Language, Text, Time, several, stated
from corpus.schema_parts import EdgeModel, MessageRecord
from corpus.wording import Problem

MAX_MESSAGES = 500
MAX_SUBJECT = 10_000
MAX_QUERY = 2_000
MAX_PAGE = 100
MAX_OFFSET = 10_000
MAX_SCOPES = 10
MAX_PARTS = 20


class FiltersBody(EdgeModel):
    """Restrictions; an absent or empty list restricts nothing."""

    language: Annotated[list[Language], Field(max_length=MAX_FILTER)] | None = None
    product: FilterLabels | None = None
    category: FilterLabels | None = None
    channel: FilterLabels | None = None


class _CaseFields(EdgeModel):
    id: Id | None = Field(None, description="Keeps the case from being suggested to itself")
    subject: Annotated[str, Field(max_length=MAX_SUBJECT)] | None = None
    description: Text | None = None
    messages: Annotated[list[MessageRecord], Field(max_length=MAX_MESSAGES)] | None = Field(
        None, description="All turns so far, the oldest first"
    )
    channel: Label | None = None
    language: Language | None = None
    product: Label | None = None
    priority: Label | None = None
    customer_id: Label | None = None
    customer: Customer | None = Field(None, description="Plain attributes of the customer, such as the segment")
    opened_at: Time | None = None
    actions_done: Annotated[list[Id], Field(max_length=MAX_LABELS)] | None = Field(
        None, description="Ids of the actions done so far, in order; an action done twice stands here twice"
    )


class CaseBody(_CaseFields):
    """The open case: at least one of subject, description and messages says something."""

    @model_validator(mode="after")
    def _says_something(self) -> CaseBody:
        texts = [self.subject, self.description, *(message.text for message in self.messages or ())]
        if not any(text and text.strip() for text in texts):
            raise stated("found neither subject, description nor messages, expected at least one that is not blank")
        return self


class SuggestBody(EdgeModel):
    """What is asked of ``POST /v1/suggest``."""

    case: CaseBody
    context: Context | None = None
    kinds: SuggestKinds | None = Field(None, description="Default: all kinds")
    limit: Limit | None = Field(None, description="Items of each kind, 3 by default")
    filters: FiltersBody | None = None
    min_confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = Field(
        None, description="Absent: the shipped threshold of each kind; 0 switches abstaining off"
    )
    as_of: Time | None = Field(None, description="Validity and rules are judged at this time; default now")
    draft: Text | None = Field(None, description="What the agent has written so far")
    language: Language | None = Field(None, description="Language of the reasons; default that of the case")


class RenderCaseBody(_CaseFields):
    """The open case; a template can be filled for one of which nothing is said yet."""


class PartsBody(EdgeModel):
    """What is to stand around the reply, each by channel, language and form of address."""

    header: bool | None = Field(None, description="Put the fitting header before it")
    footer: bool | None = Field(None, description="Put the fitting footer behind it")
    snippets: Annotated[list[Label], Field(max_length=MAX_PARTS)] | None = Field(
        None, description="Shortcodes of snippets that follow the reply"
    )
    templates: Annotated[list[Id], Field(max_length=MAX_PARTS)] | None = Field(
        None, description="Ids of further replies; their greetings and closings are left out"
    )


class RenderBody(EdgeModel):
    """What is asked of ``POST /v1/templates/{id}/render``."""

    case: RenderCaseBody
    context: Context | None = None
    as_of: Time | None = Field(None, description="Validity is judged at this time; default now")
    language: Language | None = Field(None, description="Language of the warnings; default that of the case")
    parts: PartsBody | None = Field(
        None, alias="with", description="Compose a whole letter; absent: the template alone"
    )


class SearchBody(EdgeModel):
    """What is asked of ``POST /v1/search``."""

    query: Annotated[str, Field(max_length=MAX_QUERY)]
    kinds: SearchKinds | None = Field(None, description="Default: articles, templates and actions")
    filters: FiltersBody | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] | None = Field(None, description="Hits of each kind, default 10")
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET)] | None = Field(None, description="Hits to skip, default 0")

    @model_validator(mode="after")
    def _asks_something(self) -> SearchBody:
        if not self.query.strip():
            raise several([Problem("/query", "found a blank text, expected words to search for")])
        return self


class TokenBody(EdgeModel):
    """What is asked of ``POST /v1/tokens``; whatever is absent is that of the key."""

    origin: Origin = Field(description="The web page that will use the token: its scheme, host and port")
    scopes: Annotated[list[Literal["suggest", "feedback"]], Field(min_length=1, max_length=MAX_SCOPES)] | None = None
    audiences: Annotated[list[Label], Field(min_length=1, max_length=MAX_LABELS)] | None = None
    minutes: Annotated[int, Field(ge=1, le=MAX_MINUTES)] | None = Field(
        None, description=f"How long the token is valid, {MAX_MINUTES} by default; never longer than its key"
    )


class ReindexBody(EdgeModel):
    """What is asked of ``POST /v1/reindex``; empty: the folder of the deployment as a whole."""

    upload: Id | None = Field(None, description="Import this upload instead of the folder of the deployment")
    mode: Literal["full", "upsert"] | None = Field(
        None, description="full (default): what imports brought and this lacks goes; upsert: only what it names changes"
    )
    force: bool | None = Field(None, description="Pass over the shrink guard and the smoke questions")


class CheckBody(EdgeModel):
    """What is asked of ``POST /v1/uploads/{id}/check``."""

    mode: Literal["full", "upsert"] | None = Field(None, description="How it would be imported; full by default")


class PreviewBody(EdgeModel):
    """What is asked of ``POST /v1/templates/preview``."""

    template: dict[str, Any] = Field(description="A template as `PUT /v1/templates/{id}` takes it; good or not")
    case: RenderCaseBody | None = None
    context: Context | None = None
    language: Language | None = Field(None, description="Language of the warnings; default that of the case")


class ErasureBody(EdgeModel):
    """What is asked of ``POST /v1/erasures``: exactly one of the three."""

    case: Id | None = Field(None, description="Id of one case")
    customer: Label | None = Field(None, description="Id of a customer, all of whose cases are erased")
    agent: Label | None = Field(None, description="An agent as the CRM names one; the cases stay")

    @model_validator(mode="after")
    def _names_one(self) -> ErasureBody:
        named = [name for name in SUBJECTS if getattr(self, name) is not None]
        if len(named) != 1:
            found = " and ".join(named) or "none of them"
            raise stated(f"found {found}, expected exactly one of case, customer and agent")
        return self


BODIES: tuple[type[BaseModel], ...] = (
    SuggestBody,
    SearchBody,
    RenderBody,
    TokenBody,
    FeedbackBody,
    ReindexBody,
    CheckBody,
    PreviewBody,
    ErasureBody,
)
