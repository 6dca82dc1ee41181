"""The language of a corpus: that of items and cases which name none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from corpus.models import DEFAULT_LANGUAGE, PUBLIC, Item, primary_language


def main_language(items: Iterable[Item]) -> str:
    """Return the commonest language of public items; ties by name."""
    # Public items only: what is not for everybody must not decide how everybody's words are read.
    named = Counter(
        language for item in items if PUBLIC in item.audience and (language := primary_language(item.language))
    )
    return commonest(named)


def commonest(named: Mapping[str, int]) -> str:
    """Return the language that is named most often; ties by name."""
    return min(named, key=lambda language: (-named[language], language)) if named else DEFAULT_LANGUAGE
