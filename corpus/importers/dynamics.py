"""Articles out of the JSON of Dynamics 365 (``knowledgearticles`` of its Web API)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.importers.audiences import parse_audiences
from corpus.importers.fates import Fate, ImportOptions, Quarantined, RowRefusedError, Skipped, Taken
from corpus.importers.files import Source
from corpus.importers.html_parts import html_body
from corpus.importers.ids import legal_id
from corpus.importers.json_files import JsonRow, json_rows, text_of
from corpus.importers.languages import language_of_lcid, language_tag
from corpus.importers.moments import moment
from corpus.importers.texts import filled, one_line
from corpus.importers.versions import NewestVersions, Version, version_number
from corpus.models import Kind

INTERNAL = "internal"
_FORMATTED = "@OData.Community.Display.V1.FormattedValue"
_PUBLISHED = "3"
_STATES = {"0": "a draft", "1": "approved, not published", "2": "scheduled, not published", "4": "expired",
           "5": "archived", "6": "discarded", "7": "discarded"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DynamicsKnowledge:
    """Of every article and language the newest published version is an article."""

    brings: Kind = "articles"

    def read(self, source: Source, options: ImportOptions) -> Iterator[Fate]:
        """Yield a fate for each version of each article."""
        internal = parse_audiences(options.map).get(INTERNAL, INTERNAL)
        rows: list[JsonRow] = []
        for row in json_rows(source, options, ("value",)):
            if isinstance(row, JsonRow):
                rows.append(row)
            else:
                yield row
        newest = NewestVersions()
        for position, row in enumerate(rows):
            if text_of(row.values, "statecode") == _PUBLISHED:
                newest.note(_key(row.values), _version(row.values), position)
        for position, row in enumerate(rows):
            yield _fate(row, position, newest, options, internal)


def _fate(row: JsonRow, position: int, newest: NewestVersions, options: ImportOptions, internal: str) -> Fate:
    values, state = row.values, text_of(row.values, "statecode")
    number = legal_id(_number(values))
    if state in _STATES:
        return Skipped(place=row.place, reason=_STATES[state])
    if state != _PUBLISHED:
        hint = "export the column statecode as a number (3 is published)"
        return Quarantined(place=row.place, reason="found no known statecode, expected 0 to 7", hint=hint, id=number)
    if not number:
        reason = "found neither articlepublicnumber nor knowledgearticleid, expected one of them"
        return Quarantined(place=row.place, reason=reason, hint="export the column articlepublicnumber")
    if newest.ties(_key(values), _version(values), position):
        reason = "found the same version of the same article and language twice, expected it once"
        return Quarantined(place=row.place, reason=reason, hint="remove one of the two in the export", id=number)
    if not newest.is_newest(_key(values), position):
        return Skipped(place=row.place, reason="an older version")
    try:
        return Taken(place=row.place, record=_record(values, number, options, internal))
    except RowRefusedError as error:
        return error.at(row.place, number)


def _record(values: Mapping[str, Any], number: str, options: ImportOptions, internal: str) -> dict[str, Any]:
    language = _language(values) or options.language
    if not language:
        hint = "ask for $expand=languagelocaleid($select=code), or give --language de"
        raise RowRefusedError("found no language, expected languagelocaleid with code or localeid", hint)
    # A translation shares the number of its original, which alone keeps it, so that cases that name it still find it.
    is_translation = values.get("isprimary") is False
    times = {
        name: moment(found, options.timezone)
        for name, column in (
            ("valid_from", "publishon"),
            ("valid_until", "expirationdate"),
            ("updated_at", "modifiedon"),
        )
        if (found := text_of(values, column))
    }
    record = {
        "id": legal_id(f"{number}-{language_tag(language)}") if is_translation else number,
        "title": one_line(text_of(values, "title")),
        "body": html_body(text_of(values, "content")),
        "format": "html",
        "language": language_tag(language),
        "summary": one_line(text_of(values, "description")),
        "keywords": _keywords(text_of(values, "keywords")),
        "audience": [internal] if values.get("isinternal") is True else None,
        "version": ".".join(
            filter(None, (text_of(values, "majorversionnumber"), text_of(values, "minorversionnumber")))
        ),
        "translation_of": number if is_translation else None,
    }
    return filled(record | times)


def _keywords(text: str) -> list[str]:
    return [word for part in text.replace(";", ",").split(",") if (word := one_line(part))]


def _language(values: Mapping[str, Any]) -> str | None:
    found = values.get("languagelocaleid")
    if isinstance(found, dict):
        number = found.get("localeid")
        return text_of(found, "code") or (language_of_lcid(number) if isinstance(number, int) else None)
    formatted = text_of(values, f"_languagelocaleid_value{_FORMATTED}") or text_of(
        values, f"languagelocaleid{_FORMATTED}"
    )
    if isinstance(found, int):
        return language_of_lcid(found) or formatted
    return formatted or (found if isinstance(found, str) and len(found) <= len("zh-Hans-CN") else None)


def _number(values: Mapping[str, Any]) -> str:
    return text_of(values, "articlepublicnumber") or text_of(values, "knowledgearticleid")


def _key(values: Mapping[str, Any]) -> tuple[str, str]:
    language = _language(values)
    return _number(values), language_tag(language).lower() if language else ""


def _version(values: Mapping[str, Any]) -> Version:
    return version_number(text_of(values, "majorversionnumber"), text_of(values, "minorversionnumber"))
