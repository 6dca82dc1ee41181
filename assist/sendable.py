"""Whether a filled template may be sent as it is: what speaks against it, for the agent to see before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assist.models import SuggestRequest
from assist.template_warnings import name_of, spoken, warning
from corpus.language import Language
from corpus.models import PUBLIC, Article, Template, primary_language
from corpus.quicktext.formats import date_time

# On the telephone a text is read by the agent; through these it reaches the customer as it stands.
TO_CUSTOMER = frozenset({"email", "chat", "social", "letter"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """The case that a text would be sent in; ``case_language`` is ``None`` where nobody knows it.

    ``language`` is that of the warnings.
    """

    case_language: str | None
    channel: str | None
    as_of: datetime
    language: str


def sending_of(request: SuggestRequest, language: Language, as_of: datetime) -> Sending:
    """Return how a text would be sent in a case of that language; warnings are in the language of the reasons."""
    return Sending(
        case_language=None if language.source == "default" else language.code,
        channel=request.case.channel,
        as_of=as_of,
        language=primary_language(request.language) or language.code,
    )


def sending_warnings(template: Template, articles: Sequence[Article], sending: Sending) -> tuple[str, ...]:
    """Return what speaks against sending the template; ``articles`` are those it draws on that the caller may see."""
    return (
        *_language(template, sending),
        *_standing("template", template, "", sending),
        *(told for article in articles for told in _standing("article", article, article.title, sending)),
        *_internal(template, sending),
    )


def _language(template: Template, sending: Sending) -> Iterable[str]:
    written, spoken_by = primary_language(template.language), primary_language(sending.case_language)
    if written and spoken_by and written != spoken_by:
        names = {"template": name_of(written, sending.language), "case": name_of(spoken_by, sending.language)}
        yield warning("language", sending.language, **names)


def _standing(kind: str, record: Template | Article, name: str, sending: Sending) -> Iterable[str]:
    language = sending.language
    if record.valid_until is not None and record.valid_until <= sending.as_of:
        yield warning(f"{kind}_expired", language, name=name, date=_written(record.valid_until, language))
    if record.valid_from is not None and sending.as_of < record.valid_from:
        yield warning(f"{kind}_early", language, name=name, date=_written(record.valid_from, language))
    if record.status != "published":
        yield warning(f"{kind}_status", language, name=name, status=name_of(record.status, language))


def _internal(template: Template, sending: Sending) -> Iterable[str]:
    if PUBLIC not in template.audience and sending.channel in TO_CUSTOMER:
        audience = ", ".join(template.audience)
        yield warning("internal", sending.language, audience=audience, channel=str(sending.channel))


def _written(moment: datetime, language: str) -> str:
    return f"{date_time(moment.astimezone(UTC).isoformat(), spoken(language))} (UTC)"
