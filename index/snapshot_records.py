"""The records that describe a snapshot: its files, its encoder, and the id that follows from both."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

SCHEMA_VERSION = 2
MANIFEST = "manifest.json"
ID_PATTERN = re.compile(r"[0-9a-f]{16}", re.ASCII)
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}", re.ASCII)
_SHA256_PATTERN = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderInfo:
    """The encoder whose vectors a snapshot holds; vectors of another ``fingerprint`` can't be compared with them."""

    name: str
    fingerprint: str
    dimension: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """Size in bytes and SHA-256 in hexadecimal of one file."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot consists of.

    ``sequence`` is the database's sequence number that the snapshot reflects: a delta starts there. ``created_at`` is
    zone-aware. ``counts`` are numbers of records, passages and the like. ``generator`` names the program version.

    Raises ``ValueError`` when a value is of the wrong type or out of range, or ``snapshot_id`` isn't the content's.
    """

    snapshot_id: str
    created_at: datetime
    encoder: EncoderInfo
    corpus_fingerprint: str
    sequence: int
    counts: Mapping[str, int]
    files: Mapping[str, FileEntry]
    generator: str
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        _check(self)
        object.__setattr__(self, "counts", MappingProxyType(dict(self.counts)))
        object.__setattr__(self, "files", MappingProxyType(dict(self.files)))

    @property
    def total_bytes(self) -> int:
        """Size of all files together, without the manifest."""
        return sum(entry.bytes for entry in self.files.values())


def content_id(files: Mapping[str, FileEntry], encoder: EncoderInfo, corpus_fingerprint: str) -> str:
    """Return the id of a snapshot, 16 hexadecimal digits that follow from what it holds, not from when it was made."""
    content = {
        "corpus_fingerprint": corpus_fingerprint,
        "encoder_fingerprint": encoder.fingerprint,
        "files": {name: entry.sha256 for name, entry in files.items()},
        "schema_version": SCHEMA_VERSION,
    }
    return hashlib.sha256(canonical_json(content)).hexdigest()[:16]


def canonical_json(document: Mapping[str, Any]) -> bytes:
    """Return the one form in which a document is hashed and written: sorted keys, two spaces, ASCII, newline."""
    return (json.dumps(document, sort_keys=True, indent=2, ensure_ascii=True, allow_nan=False) + "\n").encode("ascii")


def _check(manifest: Manifest) -> None:
    texts = {
        "encoder.name": manifest.encoder.name,
        "encoder.fingerprint": manifest.encoder.fingerprint,
        "corpus_fingerprint": manifest.corpus_fingerprint,
        "generator": manifest.generator,
    }
    numbers = {"encoder.dimension": manifest.encoder.dimension, "sequence": manifest.sequence}
    numbers |= {f"counts.{name}": count for name, count in manifest.counts.items()}
    numbers |= {f"files.{name}.bytes": entry.bytes for name, entry in manifest.files.items()}
    for field, text in texts.items():
        _require(isinstance(text, str) and text != "", field, text, "a text that isn't empty")
    for field, number in numbers.items():
        _require(type(number) is int and number >= 0, field, number, "a whole number from 0")
    _require(manifest.created_at.tzinfo is not None, "created_at", manifest.created_at, "a time with its zone")
    _check_files(manifest)


def _check_files(manifest: Manifest) -> None:
    for name, entry in manifest.files.items():
        check_name(name)
        _require(
            isinstance(entry.sha256, str) and _SHA256_PATTERN.fullmatch(entry.sha256) is not None,
            f"files.{name}.sha256",
            entry.sha256,
            "64 hexadecimal digits",
        )
    expected = content_id(manifest.files, manifest.encoder, manifest.corpus_fingerprint)
    _require(manifest.snapshot_id == expected, "snapshot_id", manifest.snapshot_id, f"{expected}, from its content")


def check_name(name: str) -> None:
    """Raise ``ValueError`` unless ``name`` can be a file of a snapshot: flat, lower case, not the manifest's own."""
    fits = NAME_PATTERN.fullmatch(name) is not None and name != MANIFEST
    _require(fits, "file name", name, f"{NAME_PATTERN.pattern}, but not {MANIFEST}")


def _require(condition: bool, field: str, found: object, expected: str) -> None:
    if not condition:
        raise ValueError(f"{field}: found {found!r}, expected {expected}")
