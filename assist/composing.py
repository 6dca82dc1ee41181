"""A whole letter out of several templates: header, replies, snippets and footer, with one greeting and one closing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assist.html import letter_text
from assist.letters import Letter, as_html, is_closing, is_greeting, split_html, split_text
from assist.models import RenderedTemplate
from assist.template_warnings import warning
from corpus.models import Template, primary_language
from corpus.quicktext.liquid_env import placeholder
from corpus.safe_html import sanitise_html

PartKind = Literal["header", "footer", "snippet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsWanted:
    """What is to stand around a reply: ``snippets`` by shortcode, further ``templates`` by id, in this order."""

    header: bool = False
    footer: bool = False
    snippets: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is wanted beside the reply."""
        return bool(self.header or self.footer or self.snippets or self.templates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a part has to fit: the reply, the channel of the case (if known), and the time."""

    reply: Template
    channel: str | None
    as_of: datetime

    def fits(self, template: Template) -> bool:
        """Whether a part may stand in the letter: published, valid, of its language, channel and form of address."""
        return (
            template.status == "published"
            and is_valid(template, self.as_of)
            and primary_language(template.language) == primary_language(self.reply.language)
            and (self.channel is None or not template.channels or self.channel in template.channels)
            and (self.reply.address in _ANY or template.address in (*_ANY, self.reply.address))
        )

    def order(self, template: Template) -> tuple[bool, bool, str]:
        """Return the key that puts what is made for this channel and form of address first; ties go by id."""
        for_channel = self.channel is not None and self.channel in template.channels
        return not for_channel, template.address != self.reply.address, template.id


_ANY = (None, "neutral")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A template in the letter, filled."""

    template: Template
    rendered: RenderedTemplate


def is_valid(template: Template, as_of: datetime) -> bool:
    """Whether a template is valid at a moment: from ``valid_from`` (included) until ``valid_until`` (excluded)."""
    started = template.valid_from is None or template.valid_from <= as_of
    return started and (template.valid_until is None or as_of < template.valid_until)


def choose_part(
    kind: PartKind, templates: Iterable[Template], occasion: Occasion, shortcode: str | None = None
) -> Template | None:
    """Return the part that fits best, or ``None`` where none does; the same for the same templates, in any order."""
    fitting = [
        template
        for template in templates
        if template.kind == kind
        and (shortcode is None or (template.shortcode or "").casefold() == shortcode.casefold())
        and occasion.fits(template)
    ]
    return min(fitting, key=occasion.order, default=None)


def compose(parts: Sequence[Part], warnings: Sequence[str], language: str) -> RenderedTemplate:
    """Return the letter that the parts make; ``warnings`` are told beside their own, in ``language``.

    The parts stand in this order: header, replies and snippets, footer. The first greeting stays, and the closing of
    the first reply that has one, unless the footer closes itself. As soon as one part is HTML, the letter is.
    """
    is_html = any(part.rendered.html is not None for part in parts)
    split, joint = (split_html, "\n") if is_html else (split_text, "\n\n")
    text = _joined(parts, is_html=is_html, split=split, joint=joint)
    html = sanitise_html(text) if is_html else None
    subject = next((part.rendered.subject for part in _replies(parts) if part.rendered.subject is not None), None)
    seen = "\n".join((subject or "", text))
    told = [*warnings, *(each for part in parts for each in part.rendered.warnings), *_mixed_address(parts, language)]
    return RenderedTemplate(
        subject=subject,
        text=text if html is None else letter_text(html),
        html=html,
        missing_fields=_still(seen, (name for part in parts for name in part.rendered.missing_fields)),
        unknown_fields=_still(seen, (name for part in parts for name in part.rendered.unknown_fields)),
        warnings=tuple(dict.fromkeys(told)),
    )


def _joined(parts: Sequence[Part], *, is_html: bool, split: Callable[[str], Letter], joint: str) -> str:
    def content(part: Part) -> str:
        return (part.rendered.html or as_html(part.rendered.text)) if is_html else part.rendered.text.strip()

    def framed(kind: PartKind) -> list[str]:
        return [content(part) for part in parts if part.template.kind == kind]

    headers, footers = framed("header"), framed("footer")
    letters = [split(content(part)) for part in _replies(parts)]
    greeted = any(is_greeting(_plain(header, is_html).rsplit("\n", 1)[-1]) for header in headers)
    closed = any(is_closing(_plain(footer, is_html).split("\n", 1)[0]) for footer in footers)
    greeting = "" if greeted else next((letter.greeting for letter in letters if letter.greeting), "")
    closing = "" if closed else next((letter.closing for letter in letters if letter.closing), "")
    pieces = [*headers, greeting, *(letter.body for letter in letters), closing, *footers]
    return joint.join(filter(None, pieces))


def _plain(text: str, is_html: bool) -> str:
    return letter_text(text) if is_html else text


def _replies(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.template.kind not in ("header", "footer")]


def _still(seen: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if placeholder(name) in seen))


def _mixed_address(parts: Sequence[Part], language: str) -> list[str]:
    found = sorted({part.template.address for part in parts if part.template.address not in _ANY} - {None})
    return [warning("address", language, found=", ".join(map(str, found)))] if len(found) > 1 else []
