"""Articles out of the JSON of Zendesk's Help Center API: articles and translations, and what they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.importers.audiences import parse_audiences
from corpus.importers.fates import Fate, ImportOptions, RowRefusedError, Skipped, Taken
from corpus.importers.files import Source
from corpus.importers.html_parts import html_body
from corpus.importers.ids import legal_id
from corpus.importers.json_files import JsonRow, json_rows, text_of, texts_of
from corpus.importers.languages import language_tag
from corpus.importers.moments import moment
from corpus.importers.texts import filled, one_line
from corpus.models import PUBLIC, Kind

_LISTS = ("articles", "translations", "sections", "categories", "user_segments")
_NAMING = frozenset({"sections", "categories", "user_segments"})


@dataclass(frozen=True, slots=True)
class ZendeskHelpCenter:
    """Every article is one, and so is every translation of one into another language."""

    brings: Kind = "articles"

    def read(self, source: Source, options: ImportOptions) -> Iterator[Fate]:
        """Yield a fate for each article and translation; the other lists name what articles belong to."""
        audiences = parse_audiences(options.map)
        center = _HelpCenter(audiences, options)
        rows = []
        for row in json_rows(source, options, _LISTS):
            if isinstance(row, JsonRow):
                center.learn(row)
                rows.append(row)
            else:
                yield row
        for row in rows:
            if row.list not in _NAMING:
                yield center.fate(row)


@dataclass(slots=True)
class _HelpCenter:
    audiences: Mapping[str, str]
    options: ImportOptions
    named: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)

    def learn(self, row: JsonRow) -> None:
        if row.list != "translations" and (key := text_of(row.values, "id")):
            self.named.setdefault((row.list, key), row.values)

    def fate(self, row: JsonRow) -> Fate:
        if row.list == "translations" and (reason := self._no_article_of_its_own(row.values)):
            return Skipped(place=row.place, reason=reason)
        try:
            record = self._article(row.values) if row.list == "articles" else self._translation(row.values)
        except RowRefusedError as error:
            return error.at(row.place, legal_id(text_of(row.values, "id")))
        return Taken(place=row.place, record=record)

    def _no_article_of_its_own(self, values: Mapping[str, Any]) -> str | None:
        if text_of(values, "source_type") not in ("Article", ""):
            return "a translation of a section or category"
        article = self.named.get(("articles", text_of(values, "source_id")), {})
        if article and text_of(values, "locale").lower() == _locale(article).lower():
            return "the article itself among its translations"
        return None

    def _article(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return filled(
            self._shared(values, values)
            | {"id": legal_id(text_of(values, "id")), "language": self._language(_locale(values))}
        )

    def _translation(self, values: Mapping[str, Any]) -> dict[str, Any]:
        article = self.named.get(("articles", text_of(values, "source_id")))
        if article is None:
            hint = "export the articles together with their translations"
            raise RowRefusedError("found a translation whose article (source_id) is not in the export", hint)
        original = text_of(article, "id")
        language = self._language(text_of(values, "locale"))
        own = {"id": legal_id(f"{original}-{language}"), "language": language, "translation_of": legal_id(original)}
        return filled(self._shared(values, article) | own)

    def _shared(self, values: Mapping[str, Any], article: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a text says itself, and what it has from its article."""
        section = self._find("sections", article, "section_id")
        category = self._find("categories", section, "category_id")
        updated = text_of(values, "edited_at") or text_of(values, "updated_at")
        is_draft = values.get("draft") is True or values.get("hidden") is True or article.get("draft") is True
        return {
            "title": one_line(text_of(values, "title")),
            "body": html_body(text_of(values, "body")),
            "format": "html",
            "keywords": [one_line(label) for label in texts_of(article, "label_names")],
            "categories": [name for part in (category, section) if (name := one_line(text_of(part, "name")))],
            "audience": self._audience(article),
            "status": "draft" if is_draft else None,
            "updated_at": moment(updated, self.options.timezone) if updated else None,
            "url": text_of(values, "html_url"),
        }

    def _audience(self, article: Mapping[str, Any]) -> list[str] | None:
        """Return the groups of the article's user segments; an article without any is for everybody.

        A segment that nobody named is a group of its own: what was not public does not become so.
        """
        found = article.get("user_segment_ids")
        ids = found if isinstance(found, list) and found else [article.get("user_segment_id")]
        groups = []
        for each in ids:
            if each is None:
                continue
            segment = self.named.get(("user_segments", str(each)), {})
            name = one_line(text_of(segment, "name")) or f"segment-{each}"
            groups.append(self.audiences.get(str(each)) or self.audiences.get(name) or name)
        return list(dict.fromkeys(groups)) if groups and PUBLIC not in groups else None

    def _language(self, locale: str) -> str:
        if found := locale or self.options.language:
            return language_tag(found)
        raise RowRefusedError("found no locale, expected one", "give --language de")

    def _find(self, name: str, values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        return self.named.get((name, text_of(values, key)), {})


def _locale(article: Mapping[str, Any]) -> str:
    return text_of(article, "locale") or text_of(article, "source_locale")
