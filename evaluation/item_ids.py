r"""Ids as the corpus contract allows them, made reversibly from ids that it forbids.

Foreign sets name their documents as they like. White space, control characters and ``/ \ ? # %`` become ``~`` and two
hexadecimal digits for each byte of UTF-8, as percent-encoding does (RFC 3986, section 2.1) but for its sign; ``~``
itself is encoded too, so that nothing else decodes to the same id.
"""

from __future__ import annotations

import re

_FORBIDDEN = re.compile(r"[\s/\\?#%\x00-\x1f\x7f-\x9f]")
_ENCODED = re.compile(r"[~\s/\\?#%\x00-\x1f\x7f-\x9f]")
_ESCAPES = re.compile(r"(?:~[0-9A-F]{2})+")


def is_allowed(raw: str) -> bool:
    """Whether the contract allows the characters of an id as they are."""
    return not _FORBIDDEN.search(raw)


def encode_id(raw: str) -> str:
    """Return an id that holds only what the contract allows.

    >>> encode_id("reverted_card_payment?")
    'reverted_card_payment~3F'
    """
    return _ENCODED.sub(lambda found: "".join(f"~{byte:02X}" for byte in found[0].encode("utf-8")), raw)


def decode_id(encoded: str) -> str:
    """Return what ``encode_id`` was given.

    >>> decode_id("a~2Fb~7Ec")
    'a/b~c'
    """
    return _ESCAPES.sub(lambda found: bytes.fromhex(found[0].replace("~", "")).decode("utf-8"), encoded)
