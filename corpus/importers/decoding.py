"""From bytes to text, with the encodings that exports really have: UTF-8 and UTF-16 with or without mark, cp1252."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from corpus.importers.limits import ImportFailedError

UTF8 = "utf-8-sig"
_MARKS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK = 1 << 20
_MOSTLY = 10  # times more letters that are UTF-8 than bytes that are not: then the bytes are the mistake
_BROKEN = re.compile("[\ud800-\udfff]")
_BEYOND_ASCII = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")


def detect_encoding(stream: BinaryIO) -> str:
    """Return the encoding of a stream that stands at its beginning, reading all of it.

    A byte order mark decides. Else it is UTF-8 where hardly a byte contradicts, and cp1252 otherwise.
    """
    data = stream.read(_CHUNK)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    broken = whole = 0
    while data:
        text = decoder.decode(data)
        broken += len(_BROKEN.findall(text))
        whole += len(_BEYOND_ASCII.findall(text))
        data = stream.read(_CHUNK)
    broken += len(decoder.decode(b"", final=True))
    return UTF8 if broken * _MOSTLY <= whole or not broken else "cp1252"


def known_encoding(name: str) -> str:
    """Return ``name`` if it is an encoding of text, raising ImportFailedError otherwise."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        info = None
    if info is None or not getattr(info, "_is_text_encoding", True):
        raise ImportFailedError(f"found the encoding {name!r}, expected one such as utf-8, cp1252 or utf-16")
    return info.name


def is_broken(text: str) -> bool:
    """Whether ``text``, decoded with ``surrogateescape``, holds bytes that its encoding does not know."""
    return _BROKEN.search(text) is not None


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of a whole file; bytes that fit no encoding become U+FFFD.

    A byte order mark decides, then valid UTF-8, then ``declared`` (what the file says of itself), then cp1252.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(known_encoding(declared or "cp1252"), "replace")
    except (ImportFailedError, UnicodeError):
        return data.decode("cp1252", "replace")
