"""The words by which articles, templates and actions are found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.merge_syntax.marks import without_foreign_marks
from corpus.models import Action, Article, Item, Template
from corpus.quicktext.checks import LIQUID
from corpus.text import plain_text

_MERGE_FIELD = re.compile(r"\{\{.{0,200}?\}\}|\{%.{0,200}?%\}", re.DOTALL)
_NAME_JOINTS = re.compile(r"[_\-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """An item as plain words: its ``title``, its ``keywords``, and its ``body`` without markup or merge fields."""

    title: str
    keywords: str
    body: str

    @property
    def whole(self) -> str:
        """Title and body as one text, as the encoder sees a whole item."""
        return f"{self.title}\n{self.body}".strip()


def item_text(item: Item) -> ItemText:
    """Return the searchable words of an item; resolution, rules and ids are never part of them."""
    if isinstance(item, Article):
        return _article_text(item)
    if isinstance(item, Template):
        return _template_text(item)
    return _action_text(item)


def _article_text(article: Article) -> ItemText:
    body = plain_text(article.body, article.format)
    if article.summary:
        body = f"{article.summary}\n{body}"
    return ItemText(title=article.title, keywords=" ".join(article.keywords), body=body)


def _template_text(template: Template) -> ItemText:
    body = plain_text(_without_marks(template, template.body), template.format)
    if template.subject:
        body = f"{_without_marks(template, template.subject)}\n{body}"
    return ItemText(title=_words_of(template.name), keywords=_words_of(template.category or ""), body=body)


def _action_text(action: Action) -> ItemText:
    lines = [action.description or "", *(step.text for step in action.steps)]
    return ItemText(title=_words_of(action.name), keywords="", body=without_merge_fields("\n".join(lines)).strip())


def without_merge_fields(text: str) -> str:
    """Drop merge fields and template tags: what they will hold is not known when the text is indexed."""
    return _MERGE_FIELD.sub(" ", text)


def _without_marks(template: Template, text: str) -> str:
    return without_merge_fields(text if template.syntax == LIQUID else without_foreign_marks(text))


def _words_of(name: str) -> str:
    # Technical names such as `utter_order_status` are read as words.
    return _NAME_JOINTS.sub(" ", name).strip() if " " not in name else name
