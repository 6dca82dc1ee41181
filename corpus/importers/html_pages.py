"""Articles out of HTML pages: what a page says, without what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag
from bs4.exceptions import ParserRejectedMarkup

from corpus.html import only_whole_tags
from corpus.importers.decoding import decode
from corpus.importers.fates import Fate, ImportOptions, RowRefusedError
from corpus.importers.files import Source, SourceFile
from corpus.importers.html_parts import html_body
from corpus.importers.ids import legal_id
from corpus.importers.languages import language_of_path, language_tag
from corpus.importers.moments import moment
from corpus.importers.page_files import page_fates
from corpus.importers.texts import clean, filled, one_line
from corpus.models import Kind

ENDINGS = frozenset({".html", ".htm", ".xhtml"})
_AROUND = frozenset({
    "aside", "button", "footer", "form", "header", "iframe", "nav", "noscript", "script", "style", "svg", "template",
})  # fmt: skip
_AROUND_ROLES = frozenset({"banner", "complementary", "contentinfo", "navigation", "search"})
# What programs that make documentation call the parts that lead to other pages.
_AROUND_CLASSES = frozenset({
    "breadcrumb", "breadcrumbs", "nav", "navbar", "navfooter", "navheader", "navigation", "pagination", "sidebar",
    "skip-link", "table-of-contents", "table_of_contents", "tableofcontents", "toc",
})  # fmt: skip
_ANCHORS = "#¶§ "
_CHARSET = re.compile(rb"""<meta[^<>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_HEAD = 4_096
_KEYWORDS = 50


@dataclass(frozen=True, slots=True)
class HtmlPages:
    """Every HTML page of the export is an article."""

    brings: Kind = "articles"

    def read(self, source: Source, options: ImportOptions) -> Iterator[Fate]:
        """Yield a fate for each file."""
        return page_fates(source, options, ENDINGS, "no HTML file", _article)


def _article(file: SourceFile, options: ImportOptions) -> dict[str, Any] | str:
    data = file.read(options.limits.page)
    declared = _CHARSET.search(data[:_HEAD])
    text = clean(decode(data, options.encoding or (declared[1].decode("ascii") if declared else None)))
    soup = _parsed(text)
    if soup.find("meta", attrs={"http-equiv": re.compile("refresh", re.IGNORECASE)}):
        return "a page that only leads to another"
    metas = _metas(soup)
    named = _text_of(soup.find("h1"))
    content = _content(soup)
    heading = content.find("h1") or content.find("h2")
    title = _title(soup, heading, named)
    record: dict[str, Any] = {
        "id": legal_id(str(PurePosixPath(file.name).with_suffix(""))),
        "title": title,
        "language": _language(soup, metas, file.name, options),
        "body": _body(content, heading, title),
        "format": "html",
        "summary": one_line(metas.get("description", "")),
        "keywords": [word for part in metas.get("keywords", "").split(",") if (word := one_line(part))][:_KEYWORDS],
        "updated_at": _updated(metas, options),
        "url": _canonical(soup),
    }
    return filled(record)


def _parsed(text: str) -> BeautifulSoup:
    try:
        return BeautifulSoup(only_whole_tags(text), "html.parser")
    except (ParserRejectedMarkup, RecursionError):
        raise RowRefusedError("found markup that cannot be parsed, expected HTML", "save the page anew") from None


def _metas(soup: BeautifulSoup) -> dict[str, str]:
    named = (
        (tag.get("name") or tag.get("property") or tag.get("http-equiv"), tag.get("content")) for tag in soup("meta")
    )
    return {str(name).lower(): str(content) for name, content in named if name and content}


def _content(soup: BeautifulSoup) -> Tag:
    """Return the part of the page that says something, without what stands around it in every page."""
    mains = soup.find_all("main") or soup.find_all(None, {"role": "main"}) or soup.find_all("article")
    content = mains[0] if len(mains) == 1 else soup.body or soup
    for tag in content.find_all(_is_around):
        if not tag.decomposed:
            tag.decompose()
    return content


def _is_around(tag: Tag) -> bool:
    if tag.name == "header":
        return tag.find("h1") is None or tag.find_parent(["article", "main"]) is None
    if tag.name in _AROUND or _AROUND_ROLES.intersection(str(tag.get("role", "")).split()):
        return True
    names = {str(name).lower() for name in (*tag.get_attribute_list("class"), tag.get("id")) if name}
    return not _AROUND_CLASSES.isdisjoint(names) and tag.find("h1") is None


def _text_of(heading: Tag | None) -> str:
    """Return a heading without the sign of the link to itself."""
    return one_line(heading.get_text(" ")).strip(_ANCHORS) if heading else ""


def _title(soup: BeautifulSoup, heading: Tag | None, named: str) -> str:
    """Return the first heading of the content if the page's title begins with it or has it, else the title.

    ``named`` is the first heading anywhere: often the name of the site, so it counts only where nothing else is there.
    """
    title = _text_of(soup.title)
    text = _text_of(heading)
    if heading and text and (text == title or (heading.name == "h1" and text in (title or text))):
        return text
    if heading and text and heading.name == "h2" and title.startswith(text) and not title[len(text)].isalnum():
        return text
    if found := title or named:
        return found
    raise RowRefusedError("found no title, expected one", "write it as <title> or <h1>")


def _body(content: Tag, heading: Tag | None, title: str) -> str:
    if heading and _text_of(heading) == title:
        heading.decompose()  # search has the title beside the body
    return html_body(content.decode_contents())


def _language(soup: BeautifulSoup, metas: dict[str, str], name: str, options: ImportOptions) -> str:
    tagged = soup.find(["html", "body"], attrs={"lang": True})
    declared = str(tagged["lang"]) if tagged else metas.get("content-language", "")
    if found := declared.strip() or language_of_path(name) or options.language:
        return language_tag(found)
    raise RowRefusedError("found no language, expected one", 'write <html lang="de">, or give --language de')


def _updated(metas: dict[str, str], options: ImportOptions) -> str | None:
    found = metas.get("article:modified_time") or metas.get("last-modified")
    try:
        return moment(found, options.timezone) if found else None
    except RowRefusedError:
        return None  # a page may say what it likes of its date; it is no reason to lose it


def _canonical(soup: BeautifulSoup) -> str | None:
    link = soup.find("link", attrs={"rel": "canonical", "href": True})
    address = str(link["href"]).strip() if link else ""
    return address if address.startswith(("https://", "http://")) else None
