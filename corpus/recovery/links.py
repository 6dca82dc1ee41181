"""Articles by the links that lead to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from corpus.models import Article, Template
from corpus.recovery.words import urls_in

MIN_ID = 4  # characters; a shorter last part of a path may be anything
_PUNCTUATION = ".,;:!?)]}>\"'*_"
_ENDINGS = (".html", ".htm", ".php", ".aspx")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLinks:
    """Which articles an address means, by the whole address and by the last part of its path.

    ``hosts`` are those at which articles lie; a path means an article there only, or anywhere where none is known.
    ``everywhere`` are the addresses that headers, footers or several templates bring along: they tell nothing.
    """

    by_address: Mapping[str, frozenset[str]]
    by_id: Mapping[str, frozenset[str]]
    hosts: frozenset[str]
    everywhere: frozenset[str]

    @classmethod
    def of(cls, articles: Sequence[Article], templates: Sequence[Template]) -> ArticleLinks:
        """Collect the addresses and ids of articles; an id that an article replaces means that article."""
        by_address: dict[str, set[str]] = defaultdict(set)
        by_id: dict[str, set[str]] = defaultdict(set)
        for article in articles:
            if article.url:
                by_address[_address(article.url)].add(article.id)
            for name in (article.id, *article.replaces):
                if len(name) >= MIN_ID:
                    by_id[name.casefold()].add(article.id)
        return cls(
            by_address={address: frozenset(ids) for address, ids in by_address.items()},
            by_id={name: frozenset(ids) for name, ids in by_id.items()},
            hosts=frozenset(address.split("/")[0] for address in by_address),
            everywhere=frozenset(_everywhere(templates)),
        )

    def meant(self, link: str) -> str | None:
        """Return the id of the one article that a link leads to, ``None`` for none or several."""
        for address in _forms(link):
            if address in self.everywhere:
                return None
            if address in self.by_address:
                return _only(self.by_address[address])
        host, _, path = _forms(link)[-1].partition("/")
        if self.hosts and host not in self.hosts:
            return None
        return _only(self.by_id.get(_last_part(path), frozenset()))


def _everywhere(templates: Iterable[Template]) -> Iterator[str]:
    bringing: dict[str, set[str]] = defaultdict(set)
    for template in templates:
        for link in urls_in(template.body):
            bringing[_address(link)].add(template.id)
            if template.kind in ("header", "footer"):
                yield _address(link)
    yield from (address for address, ids in bringing.items() if len(ids) > 1)


def _forms(link: str) -> tuple[str, ...]:
    """Return the forms of an address, the most exact first: with query and fragment, with query, bare."""
    whole = _address(link)
    without_fragment = whole.split("#")[0].rstrip("/")
    return whole, without_fragment, without_fragment.split("?")[0].rstrip("/")


def _address(link: str) -> str:
    """Return an address without scheme, ``www.`` and what a sentence put behind it; the host in lower case."""
    link = link.strip().rstrip(_PUNCTUATION)
    try:
        parts = urlsplit(link if "//" in link else f"//{link}")
    except ValueError:  # such as an unfinished IPv6 host
        return link
    host = parts.netloc.casefold().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{host}{unquote(parts.path).rstrip('/')}{query}{fragment}"


def _last_part(path: str) -> str:
    last = path.rsplit("/", 1)[-1].casefold()
    return next((last.removesuffix(ending) for ending in _ENDINGS if last.endswith(ending)), last)


def _only(ids: frozenset[str]) -> str | None:
    return next(iter(ids)) if len(ids) == 1 else None
