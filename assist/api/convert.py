"""From checked request bodies to the questions that an engine answers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assist.composing import PartsWanted
from assist.explaining.models import DEFAULT_LISTED, ExplainRequest
from assist.models import DEFAULT_LIMIT, SUGGEST_KINDS, Filters, SearchRequest, SuggestKind, SuggestRequest
from assist.rendering import RenderRequest
from assist.schema_explain import ExplainBody
from assist.schemas import CaseBody, FiltersBody, PartsBody, RenderBody, RenderCaseBody, SearchBody, SuggestBody
from corpus.models import NO_ATTRIBUTES, Case
from index.situations import USED_KINDS


def to_suggest_request(body: SuggestBody, audiences: frozenset[str]) -> SuggestRequest:
    """Return the question to the suggester, asked for these audiences."""
    return SuggestRequest(
        case=to_case(body.case),
        actions_done=tuple(body.case.actions_done or ()),
        context=MappingProxyType(body.context) if body.context else NO_ATTRIBUTES,
        limits=_limits(body),
        filters=_filters(body.filters),
        min_confidence=body.min_confidence,
        as_of=body.as_of,
        draft=body.draft or "",
        language=body.language,
        audiences=audiences,
    )


def to_explain_request(body: ExplainBody, own: frozenset[str]) -> ExplainRequest:
    """Return the question to explain to a caller with these audiences."""
    asked_for = frozenset(body.audiences) if body.audiences else own
    return ExplainRequest(
        request=to_suggest_request(body, asked_for),
        kinds=tuple(body.kinds) if body.kinds else USED_KINDS,
        item=body.item,
        listed=body.listed or DEFAULT_LISTED,
        seen_by=own,
    )


def to_search_request(body: SearchBody, audiences: frozenset[str]) -> SearchRequest:
    """Return the search, asked for these audiences."""
    default = SearchRequest(query=body.query)
    return SearchRequest(
        query=body.query.strip(),
        kinds=tuple(body.kinds) if body.kinds else default.kinds,
        filters=_filters(body.filters),
        limit=body.limit if body.limit is not None else default.limit,
        offset=body.offset if body.offset is not None else default.offset,
        audiences=audiences,
    )


def to_render_request(body: RenderBody, template_id: str, audiences: frozenset[str]) -> RenderRequest:
    """Return the template to fill, asked for these audiences."""
    return RenderRequest(
        template_id=template_id,
        case=to_case(body.case),
        context=MappingProxyType(body.context) if body.context else NO_ATTRIBUTES,
        as_of=body.as_of,
        language=body.language,
        parts=_parts(body.parts),
        audiences=audiences,
    )


def _parts(body: PartsBody | None) -> PartsWanted:
    if body is None:
        return PartsWanted()
    return PartsWanted(
        header=bool(body.header),
        footer=bool(body.footer),
        snippets=tuple(body.snippets or ()),
        templates=tuple(body.templates or ()),
    )


def to_case(body: CaseBody | RenderCaseBody) -> Case:
    """Return the case that a body tells of."""
    return Case(
        id=body.id or "",
        subject=body.subject,
        description=body.description,
        messages=tuple(message.to_record() for message in body.messages or ()),
        language=body.language,
        channel=body.channel,
        product=body.product,
        priority=body.priority,
        customer_id=body.customer_id,
        customer=MappingProxyType(body.customer) if body.customer else NO_ATTRIBUTES,
        opened_at=body.opened_at,
    )


def _limits(body: SuggestBody) -> Mapping[SuggestKind, int]:
    asked = body.kinds or SUGGEST_KINDS
    if isinstance(body.limit, int):
        return dict.fromkeys(asked, body.limit)
    given: Mapping[str, int] = body.limit or {}
    return {kind: given.get(kind, DEFAULT_LIMIT) for kind in asked}


def _filters(body: FiltersBody | None) -> Filters:
    if body is None:
        return Filters()
    return Filters(
        language=tuple(body.language or ()),
        product=tuple(body.product or ()),
        category=tuple(body.category or ()),
        channel=tuple(body.channel or ()),
    )
