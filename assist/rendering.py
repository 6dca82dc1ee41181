"""Templates of one snapshot, filled for a case: alone beside a suggestion, or as a whole letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from assist.composing import Occasion, Part, PartKind, PartsWanted, choose_part, compose
from assist.models import RenderedTemplate
from assist.sendable import Sending, sending_warnings
from assist.template_warnings import warning
from assist.templates import render
from corpus.merge_syntax.maps import MergeMaps
from corpus.models import NO_ATTRIBUTES, PUBLIC, Article, Case, Template
from index.searcher import OpenSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderRequest:
    """One template to fill for a case, with what is to stand around it. ``language`` is that of the warnings."""

    template_id: str
    case: Case
    context: Mapping[str, Any] = field(default_factory=lambda: NO_ATTRIBUTES)
    as_of: datetime | None = None
    language: str | None = None
    parts: PartsWanted = field(default_factory=PartsWanted)
    audiences: frozenset[str] = frozenset({PUBLIC})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What is at hand while one letter is made: the case, who asks, and how it would be sent."""

    case: Case
    context: Mapping[str, Any]
    audiences: frozenset[str]
    sending: Sending


class TemplateFiller:
    """Fills the templates of one snapshot; safe to share between threads."""

    def __init__(self, snapshot: OpenSnapshot, company: Mapping[str, str], maps: MergeMaps) -> None:
        self._snapshot, self._company, self._maps = snapshot, company, maps

    def suggested(
        self, template: Template, case: Case, context: Mapping[str, Any], audiences: frozenset[str], sending: Sending
    ) -> RenderedTemplate:
        """Return a template filled, with what speaks against sending it."""
        return self._fill(template, _Desk(case=case, context=context, audiences=audiences, sending=sending))

    def asked(self, request: RenderRequest, sending: Sending) -> RenderedTemplate | None:
        """Return the template asked for, with the parts wanted; ``None`` where the caller may see none of that id."""
        reply = self._seen(request.template_id, request.audiences)
        if reply is None:
            return None
        desk = _Desk(case=request.case, context=request.context, audiences=request.audiences, sending=sending)
        if not request.parts.any:
            return self._fill(reply, desk)
        occasion = Occasion(reply=reply, channel=sending.channel, as_of=sending.as_of)
        found, told = self._parts(reply, request, occasion, sending.language)
        parts = [Part(template=template, rendered=self._fill(template, desk)) for template in found.values()]
        return compose(parts, told, sending.language)

    def _fill(self, template: Template, desk: _Desk) -> RenderedTemplate:
        filled = render(
            template,
            desk.case,
            desk.context,
            company=self._company,
            language=desk.sending.language,
            maps=self._maps,
        )
        articles = [article for each in template.articles if (article := self._article(each, desk.audiences))]
        told = sending_warnings(template, articles, desk.sending)
        return replace(filled, warnings=(*filled.warnings, *told)) if told else filled

    def _parts(
        self, reply: Template, request: RenderRequest, occasion: Occasion, language: str
    ) -> tuple[dict[str, Template], list[str]]:
        """Return the parts of the letter by id, in their order, and what was wanted and is not there."""
        wanted, told = request.parts, []
        found: dict[str, Template] = {}
        chosen: list[tuple[Template | None, str, str]] = [
            (self._chosen("header", occasion, request.audiences), "no_header", "") if wanted.header else _NOTHING,
            (reply, "", ""),
            *((self._seen(each, request.audiences), "no_template", each) for each in wanted.templates),
            *((self._snippet(each, occasion, request.audiences), "no_snippet", each) for each in wanted.snippets),
            (self._chosen("footer", occasion, request.audiences), "no_footer", "") if wanted.footer else _NOTHING,
        ]
        for template, missing, name in chosen:
            if template is not None:
                found.setdefault(template.id, template)
            elif missing:
                told.append(warning(missing, language, name=name))
        return found, told

    def _chosen(self, kind: PartKind, occasion: Occasion, audiences: frozenset[str]) -> Template | None:
        return choose_part(kind, self._visible(audiences), occasion)

    def _snippet(self, shortcode: str, occasion: Occasion, audiences: frozenset[str]) -> Template | None:
        return choose_part("snippet", self._visible(audiences), occasion, shortcode)

    def _visible(self, audiences: frozenset[str]) -> Iterator[Template]:
        for item in self._snapshot.items["templates"].items:
            if isinstance(item, Template) and not audiences.isdisjoint(item.audience):
                yield item

    def _seen(self, template_id: str, audiences: frozenset[str]) -> Template | None:
        record = self._snapshot.record("templates", template_id, audiences)
        return record if isinstance(record, Template) else None

    def _article(self, article_id: str, audiences: frozenset[str]) -> Article | None:
        record = self._snapshot.record("articles", article_id, audiences)
        return record if isinstance(record, Article) else None


_NOTHING: tuple[Template | None, str, str] = (None, "", "")
