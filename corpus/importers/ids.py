"""Ids of foreign systems as the contract allows them."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_ID = 200
_DIGEST = 16
_SHOWN = 64
_FORBIDDEN = re.compile(r"[\s/\\?#%\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def legal_id(text: str) -> str:
    r"""Return ``text`` as an id; an empty text where nothing is left. An id that is legal stays as it is.

    Each run of white space, control characters and ``/ \ ? # %`` becomes one hyphen, none at the ends; what is longer
    than 200 characters is cut and ends in a hash of the whole. The same text gives the same id on every import.

    >>> legal_id("Hilfe/Umzug melden"), legal_id("#4711 "), legal_id("..")
    ('Hilfe-Umzug-melden', '4711', '')
    """
    if text and len(text) <= MAX_ID and not _FORBIDDEN.search(text):
        return "" if set(text) == {"."} else text
    mended = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", text)).strip("-")
    if len(mended) > MAX_ID:
        digest = hashlib.sha256(mended.encode()).hexdigest()[:_DIGEST]
        mended = f"{mended[: MAX_ID - _DIGEST - 1]}-{digest}"
    return "" if set(mended) <= {"."} else mended


def shown_id(text: str) -> str:
    """Return an id as a quarantine may show it: nothing where the text may be more than an id.

    >>> shown_id(" F-4711"), shown_id("Helmut Brandt ruft an")
    ('F-4711', '')
    """
    found = text.strip()
    return legal_id(found) if len(found) <= _SHOWN and not re.search(r"\s", found) else ""


def legal_ids(texts: list[str]) -> list[str]:
    """Return ids of ``texts``, without those of which nothing is left."""
    return [mended for text in texts if (mended := legal_id(text))]
