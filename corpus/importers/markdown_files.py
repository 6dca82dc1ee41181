"""Articles out of Markdown files with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

from corpus.importers.decoding import decode
from corpus.importers.fates import Fate, ImportOptions, RowRefusedError
from corpus.importers.files import Source, SourceFile
from corpus.importers.front_matter import split_front_matter
from corpus.importers.ids import legal_id
from corpus.importers.languages import language_of_path, language_tag
from corpus.importers.page_files import page_fates
from corpus.importers.texts import clean, filled, one_line
from corpus.importers.values import convert
from corpus.markdown import markdown_to_text
from corpus.models import Kind

ENDINGS = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "summary": ("summary", "description", "excerpt"),
        "keywords": ("keywords", "tags", "labels"),
        "products": ("products", "product", "produkte", "produkt"),
        "categories": ("categories", "category", "kategorien", "kategorie"),
        "audience": ("audience", "zielgruppe"),
        "status": ("status",),
        "valid_from": ("valid_from", "publishdate", "gueltig_ab"),
        "valid_until": ("valid_until", "expirydate", "gueltig_bis"),
        "updated_at": ("updated_at", "lastmod", "updated", "date"),
        "version": ("version",),
        "url": ("url", "permalink"),
        "translation_of": ("translation_of",),
        "replaces": ("replaces", "aliases_of"),
    }
)
_STATUSES = MappingProxyType({"entwurf": "draft", "veröffentlicht": "published", "archiviert": "archived"})
_HEADING = re.compile(
    r"\s*(?:#{1,6}[ \t]+(?P<atx>[^\n]+?)(?:[ \t]+#+)?[ \t]*|(?P<setext>[^\n]+)\n(?:=+|-+)[ \t]*)(?:\n|\Z)"
)
_ANY_HEADING = re.compile(r"^#{1,6}[ \t]+(?P<atx>[^\n]+?)(?:[ \t]+#+)?[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MarkdownFiles:
    """Every Markdown file of the export is an article."""

    brings: Kind = "articles"

    def read(self, source: Source, options: ImportOptions) -> Iterator[Fate]:
        """Yield a fate for each file."""
        return page_fates(source, options, ENDINGS, "no Markdown file", _article)


def _article(file: SourceFile, options: ImportOptions) -> dict[str, Any]:
    text = clean(decode(file.read(options.limits.page)))
    values, body = split_front_matter(text.lstrip("\ufeff"))
    title, body = _title(values, body)
    if not markdown_to_text(body).strip():
        raise RowRefusedError("found no text below the title, expected some", "write the article, or remove the file")
    record: dict[str, Any] = {
        "id": legal_id(_text(values, "id") or str(PurePosixPath(file.name).with_suffix(""))),
        "title": title,
        "body": body.strip("\n"),
        "language": _language(values, file.name, options),
    }
    return filled(record | {field: _field(field, values, options) for field in _NAMES} | _draft(values))


def _title(values: Mapping[str, Any], body: str) -> tuple[str, str]:
    """Return the title and the body, without the heading at its top where that says the same."""
    first = _HEADING.match(body)
    heading = one_line(markdown_to_text(first["atx"] or first["setext"])) if first else ""
    given = one_line(_text(values, "title"))
    if first and (not given or given == heading):
        return heading, body[first.end() :]
    if not given and (later := _ANY_HEADING.search(body)):
        return one_line(markdown_to_text(later["atx"])), body
    if not given:
        raise RowRefusedError("found no title, expected one", "write title: … in the front matter, or a heading: # …")
    return given, body


def _language(values: Mapping[str, Any], name: str, options: ImportOptions) -> str:
    given = next((text for key in ("language", "lang", "locale", "sprache") if (text := _text(values, key))), None)
    if found := given or language_of_path(name) or options.language:
        return language_tag(found)
    raise RowRefusedError(
        "found no language, expected one", "write language: de in the front matter, or give --language de"
    )


def _field(field: str, values: Mapping[str, Any], options: ImportOptions) -> Any:
    name = next((name for name in _NAMES[field] if values.get(name)), None)
    if name is None:
        return None
    found = values[name]
    if isinstance(found, dict):
        raise RowRefusedError(f"found an object as {name}, expected a text or a list", "correct the front matter")
    if field == "status":
        return _STATUSES.get(str(found).lower(), str(found).lower())
    text = ";".join(map(str, found)) if isinstance(found, list) else str(found)
    try:
        return convert(field, text, split=";" if isinstance(found, list) else ",", zone=options.timezone, form=None)
    except RowRefusedError as error:
        raise RowRefusedError(f"{name}: {error.reason}", error.hint) from None


def _draft(values: Mapping[str, Any]) -> dict[str, str]:
    says = {name: _text(values, name).lower() for name in ("draft", "published")}
    return {"status": "draft"} if says["draft"] == "true" or says["published"] == "false" else {}


def _text(values: Mapping[str, Any], name: str) -> str:
    found = values.get(name)
    return found if isinstance(found, str) else ""
