"""Languages as foreign systems name them, as BCP-47 tags."""

from __future__ import annotations

import re
from types import MappingProxyType

_NAMES = MappingProxyType(
    {"deutsch": "de", "german": "de", "englisch": "en", "english": "en", "französisch": "fr", "french": "fr"}
)
# A folder "it" may hold what the IT department wrote, so only the languages of this service stand alone.
_PART = re.compile(r"(?:de|en)|[a-z]{2}[-_][A-Z]{2}")
_LCIDS = MappingProxyType(
    {
        1031: "de-DE",
        2055: "de-CH",
        3079: "de-AT",
        1033: "en-US",
        2057: "en-GB",
        1036: "fr-FR",
        1040: "it-IT",
        1043: "nl-NL",
    }
)


def language_tag(text: str) -> str:
    """Return a language tag with hyphens; names such as ``Deutsch`` or ``German - Germany`` become one.

    >>> language_tag("en_US"), language_tag("Deutsch"), language_tag("German - Germany")
    ('en-US', 'de', 'de')
    """
    found = text.strip()
    name = re.split(r"\s*[-(]", found, maxsplit=1)[0].lower()
    return _NAMES.get(name) or found.replace("_", "-")


def language_of_lcid(number: int) -> str | None:
    """Return the language of a Windows language number, such as 1031 for ``de-DE``."""
    return _LCIDS.get(number)


def language_of_path(name: str) -> str | None:
    """Return the language that a path names: ``umzug.de.md``, else the nearest folder such as ``de`` or ``en-GB``.

    >>> language_of_path("hilfe/en/move.md"), language_of_path("umzug.de.md"), language_of_path("it/drucker.md")
    ('en', 'de', None)
    """
    *folders, file = name.split("/")
    middle = file.split(".")[1:-1]
    for part in (*reversed(middle), *reversed(folders)):
        if _PART.fullmatch(part):
            return part.replace("_", "-")
    return None
