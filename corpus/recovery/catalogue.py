"""What may be recovered for one audience, decided among what everybody of that audience sees.

Were a public template weighed against one that is for few, then what is hidden from a caller would show in what the
caller sees: in a vote that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.models import PUBLIC, Article, Template
from corpus.recovery.links import ArticleLinks
from corpus.recovery.shelf import Shelf, Text
from corpus.recovery.template_text import LiteralWords, literal_words
from corpus.recovery.words import words_of
from corpus.text import plain_text

TEMPLATE_SHINGLE = 3
PASSAGE_SHINGLE = 5

Audience = frozenset[str]
_PUBLIC: Audience = frozenset({PUBLIC})
_REPLIES = frozenset({"reply", "snippet"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The published templates and articles that an audience sees; ``own`` are the ids of those meant for just it."""

    audience: Audience
    templates: Shelf
    passages: Shelf
    links: ArticleLinks
    own_templates: frozenset[str]
    own_articles: frozenset[str]

    @property
    def is_public(self) -> bool:
        """Whether everybody sees it."""
        return self.audience == _PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The words of templates and articles by id: taken from the bodies once for all audiences."""

    templates: Mapping[str, LiteralWords]
    articles: Mapping[str, Sequence[str]]


def catalogues(templates: Iterable[Template], articles: Iterable[Article]) -> tuple[Catalogue, ...]:
    """Return a catalogue for each audience that something is meant for; drafts and archived items are in none."""
    offered = [item for item in templates if item.status == "published"]
    known = [item for item in articles if item.status == "published"]
    meant = {_meant_for(item) for item in offered} | {_meant_for(item) for item in known}
    words = _Words(
        templates={item.id: literal_words(item) for item in offered},
        articles={item.id: words_of(plain_text(item.body, item.format)) for item in known},
    )
    return tuple(_catalogue(audience, offered, known, words) for audience in sorted(meant, key=sorted) if audience)


def _meant_for(item: Template | Article) -> Audience:
    return _PUBLIC if PUBLIC in item.audience else frozenset(item.audience)


def _is_seen(item: Template | Article, audience: Audience) -> bool:
    return PUBLIC in item.audience or audience <= frozenset(item.audience)


def _catalogue(
    audience: Audience, templates: Sequence[Template], articles: Sequence[Article], words: _Words
) -> Catalogue:
    seen_templates = [item for item in templates if _is_seen(item, audience)]
    seen_articles = [item for item in articles if _is_seen(item, audience)]
    return Catalogue(
        audience=audience,
        templates=Shelf.of(_template_texts(seen_templates, words.templates), size=TEMPLATE_SHINGLE),
        passages=Shelf.of(_article_texts(seen_articles, words.articles), size=PASSAGE_SHINGLE),
        links=ArticleLinks.of(seen_articles, seen_templates),
        own_templates=frozenset(item.id for item in seen_templates if _meant_for(item) == audience),
        own_articles=frozenset(item.id for item in seen_articles if _meant_for(item) == audience),
    )


def _template_texts(templates: Sequence[Template], words: Mapping[str, LiteralWords]) -> list[Text]:
    inherited = _inherited(templates)
    texts = []
    for item in templates:
        literal = words[item.id]
        texts.append(
            Text(
                id=item.id,
                words=literal.words,
                optional=literal.optional,
                replaces=inherited[item.id],
                wanted=item.kind in _REPLIES,
            )
        )
    return texts


def _article_texts(articles: Sequence[Article], words: Mapping[str, Sequence[str]]) -> list[Text]:
    inherited = _inherited(articles)
    return [Text(id=item.id, words=words[item.id], replaces=inherited[item.id]) for item in articles]


def _inherited(items: Sequence[Template] | Sequence[Article]) -> dict[str, frozenset[str]]:
    """Return for each item the ids that it replaces, those that these replace included."""
    direct = {item.id: item.replaces for item in items}
    return {name: frozenset(_ancestors(name, direct)) for name in direct}


def _ancestors(name: str, direct: Mapping[str, Sequence[str]]) -> Iterator[str]:
    seen = {name}
    waiting = [*direct[name]]
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            yield each
            waiting += direct.get(each, ())
