"""Whether a template is written in the language that it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.language import LanguageIdentifier
from corpus.merge_syntax.guess import without_liquid
from corpus.merge_syntax.marks import without_foreign_marks
from corpus.models import Template, primary_language
from corpus.quicktext.lint import Remark
from corpus.text import plain_text

MIN_WORDS = 8
MIN_CERTAINTY = 0.95
_ALWAYS = ("de", "en")


def remarks_on_language(
    template: Template, languages: Sequence[str], identifier: LanguageIdentifier
) -> Iterator[Remark]:
    """Yield a warning where the text is clearly in another language; short texts and unknown languages never are."""
    named = primary_language(template.language)
    text = plain_text(without_foreign_marks(without_liquid(template.body)), template.format)
    if named is None or named == "und" or len(text.split()) < MIN_WORDS:
        return
    known = list(dict.fromkeys((named, *filter(None, map(primary_language, languages)), *_ALWAYS)))
    found = identifier.identify(text, given=None, known=known)
    if found.source == "text" and found.code != named and found.confidence >= MIN_CERTAINTY:
        message = f"found {template.language!r}, and the text reads like {found.code!r}: correct one of the two"
        yield Remark(severity="warning", code="language", pointer="/language", message=message)
