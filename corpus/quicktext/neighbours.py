"""What is doubtful about templates side by side: frames that no reply uses, shortcodes that mean two things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.models import Template, primary_language
from corpus.quicktext.lint import Remark

_ANY = (None, "neutral")


def remarks_among(templates: Sequence[Template]) -> dict[str, list[Remark]]:
    """Return the remarks by id of the template."""
    found: dict[str, list[Remark]] = {}
    for name, remark in (*_orphans(templates), *_ambiguous(templates)):
        found.setdefault(name, []).append(remark)
    return found


def _orphans(templates: Sequence[Template]) -> Iterator[tuple[str, Remark]]:
    replies = [template for template in templates if template.kind == "reply" and template.status == "published"]
    for template in templates:
        if template.kind in ("header", "footer") and not any(_frames(template, reply) for reply in replies):
            message = f"found a {template.kind} that fits no reply, expected one of its language, channel and address"
            yield template.id, Remark(severity="warning", code="orphan", pointer="/kind", message=message)


def _ambiguous(templates: Sequence[Template]) -> Iterator[tuple[str, Remark]]:
    first: dict[tuple[str, ...], Template] = {}
    for template in templates:
        if template.shortcode is None or template.status != "published":
            continue
        key = (template.shortcode.casefold(), primary_language(template.language) or "", template.address or "")
        other = first.setdefault(key, template)
        if other is not template and _overlap(template.channels, other.channels):
            message = (
                f"found {template.shortcode!r}, which {other.id} has too in this language, expected each shortcode once"
            )
            yield template.id, Remark(severity="warning", code="shortcode", pointer="/shortcode", message=message)


def _frames(frame: Template, reply: Template) -> bool:
    return (
        primary_language(frame.language) == primary_language(reply.language)
        and _overlap(frame.channels, reply.channels)
        and (reply.address in _ANY or frame.address in (*_ANY, reply.address))
    )


def _overlap(some: Sequence[str], others: Sequence[str]) -> bool:
    return not some or not others or not set(some).isdisjoint(others)
