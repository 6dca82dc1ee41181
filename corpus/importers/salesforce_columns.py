"""The columns of a Salesforce Knowledge export: which are standard, and what they say about a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from corpus.importers.fates import ImportOptions, RowRefusedError
from corpus.importers.field_map import Columns, FieldMap, TableSettings, parse_map
from corpus.importers.ids import legal_id
from corpus.importers.languages import language_tag
from corpus.importers.mapped_tables import MapNeededError
from corpus.importers.tables import TableRow
from corpus.importers.versions import Version, version_number

KEY = "KnowledgeArticleId"
INTERNAL = "internal"
_STANDARD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("Title",),
        "summary": ("Summary",),
        "version": ("VersionNumber",),
        "updated_at": ("LastPublishedDate", "LastModifiedDate"),
    }
)
_VISIBLE = "IsVisibleInPkb"
_TRUE = frozenset({"true", "1", "wahr", "ja", "yes"})


@dataclass(frozen=True, slots=True)
class SalesforceMap:
    """A field map with the standard columns filled in."""

    fields: FieldMap

    @staticmethod
    def table_settings(options: ImportOptions) -> TableSettings:
        """Return how the tables of the export are opened."""
        given = parse_map("articles", options.map).table if options.map else TableSettings()
        return replace(given, encoding=options.encoding) if options.encoding else given


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFacts:
    """What a row says about its version; ``audience`` is a group where the article is not for the public."""

    article: str
    id: str
    language: str
    status: str
    version: Version
    version_id: str
    is_master: bool
    audience: str | None

    @property
    def is_online(self) -> bool:
        """Whether the version is published."""
        return self.status == "online"

    @property
    def key(self) -> tuple[str, str]:
        """Article and language, of which one version is taken."""
        return self.article, self.language.lower()


def parse_salesforce_map(options: ImportOptions, columns: Sequence[str], file: str) -> SalesforceMap:
    """Return the map of the options, completed by standard columns; raises MapNeededError where it names no body."""
    given = parse_map("articles", options.map)
    if "body" not in given.columns:
        message = f"{file}: Salesforce articles need a field map (--map FILE) that names the columns of the body"
        raise MapNeededError(message, _suggestion(columns))
    known = {
        field: Columns(names=(name,))
        for field, names in _STANDARD.items()
        if (name := next((name for name in names if name in columns), None))
    }
    constants = {"format": "html", **given.constants}
    complete = replace(given, columns={**known, **given.columns}, constants=constants)
    complete.check_columns(columns, file)
    return SalesforceMap(complete)


def facts_of(row: TableRow, field_map: SalesforceMap, options: ImportOptions) -> ArticleFacts:
    """Return what a row says about its version, raising RowRefusedError where the article or language is missing."""
    limit = options.limits.cell

    def cell(name: str) -> str:
        return row.cell(name, limit).strip()

    article = legal_id(cell(KEY))
    if not article:
        raise RowRefusedError(f"found no {KEY}, expected one", "export the column for all rows")
    given = cell("Language") or options.language
    if not given:
        raise RowRefusedError("found no Language, expected one such as de", "export the column, or give --language de")
    language = language_tag(given)
    is_master = _is_master(cell("IsMasterLanguage"), language, options)
    visible = cell(_VISIBLE).lower()
    return ArticleFacts(
        article=article,
        id=article if is_master else legal_id(f"{article}-{language}"),
        language=language,
        status=cell("PublishStatus").lower() or "online",
        version=version_number(cell("VersionNumber")),
        version_id=cell("Id"),
        is_master=is_master,
        audience=INTERNAL if visible and visible not in _TRUE else None,
    )


def _is_master(cell: str, language: str, options: ImportOptions) -> bool:
    """Whether it is the original: it alone keeps the article's id, so that cases that name the article find it."""
    if cell:
        return cell.lower() in _TRUE
    return options.language is not None and language.lower() == language_tag(options.language).lower()


def _suggestion(columns: Sequence[str]) -> str:
    own = [column for column in columns if column.endswith("__c")] or ["Body__c"]
    names = "\n".join(f"      - {column}" for column in own)
    return (
        "# A field map to begin with: keep the columns that hold text of the article, in the order of reading.\n"
        f"columns:\n  body:\n    columns:\n{names}\n    headings: true\n"
    )
