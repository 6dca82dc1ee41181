"""What a snapshot consists of, written so that any change of a single bit is noticed.

A manifest is JSON in one canonical form (sorted keys, two spaces, ASCII, newline at the end) and carries a ``seal``,
the SHA-256 of that form without the seal. Both guard against accidents; they are no signature against an attacker.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from index.snapshot_records import (
    MANIFEST,
    SCHEMA_VERSION,
    EncoderInfo,
    FileEntry,
    Manifest,
    canonical_json,
    content_id,
)

__all__ = [
    "MANIFEST",
    "SCHEMA_VERSION",
    "EncoderInfo",
    "FileEntry",
    "Manifest",
    "ManifestError",
    "content_id",
    "parse_manifest",
    "serialise_manifest",
]

_TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class ManifestError(ValueError):
    """The bytes are not the manifest that was asked for; ``found`` and ``expected`` say how they differ."""

    def __init__(self, *, found: str, expected: str) -> None:
        self.found = found
        self.expected = expected
        super().__init__(f"{MANIFEST}: found {found}, expected {expected}")


def serialise_manifest(manifest: Manifest) -> bytes:
    """Return the one form in which a manifest is written."""
    document = _document(manifest)
    return canonical_json({**document, "seal": _seal(document)})


def parse_manifest(data: bytes, expected_id: str) -> Manifest:
    """Return the manifest in ``data``, which must be exactly what `serialise_manifest` writes.

    Raises `ManifestError` on anything else: damage of any kind, another schema version, another snapshot's manifest.
    """
    document = _load(data)
    if document["schema_version"] != SCHEMA_VERSION:
        raise ManifestError(
            found=f"schema version {document['schema_version']!r}",
            expected=f"{SCHEMA_VERSION} (build the snapshot again with this program)",
        )
    manifest = _manifest(document)
    if serialise_manifest(manifest) != data:
        raise ManifestError(found=_description(data), expected="the canonical form of its content")
    if manifest.snapshot_id != expected_id:
        raise ManifestError(found=f"the manifest of snapshot {manifest.snapshot_id}", expected=f"that of {expected_id}")
    return manifest


def _load(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
        seal = document.pop("seal")
        document["schema_version"]
        expected = _seal(document)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ManifestError(found=_description(data), expected="a sealed manifest") from None
    if seal != expected:
        raise ManifestError(found=f"{_description(data)}, seal {seal!s:.64}", expected=f"seal {expected}")
    checked: dict[str, Any] = document
    return checked


def _manifest(document: dict[str, Any]) -> Manifest:
    try:
        values = dict(document)
        values["created_at"] = datetime.strptime(values["created_at"], _TIME_FORMAT).replace(tzinfo=UTC)
        values["encoder"] = EncoderInfo(**values["encoder"])
        values["files"] = {name: FileEntry(**entry) for name, entry in values["files"].items()}
        return Manifest(**values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(found=f"unusable content ({error})", expected="the fields of a manifest") from error


def _document(manifest: Manifest) -> dict[str, Any]:
    encoder = manifest.encoder
    return {
        "schema_version": manifest.schema_version,
        "snapshot_id": manifest.snapshot_id,
        "created_at": manifest.created_at.astimezone(UTC).strftime(_TIME_FORMAT),
        "encoder": {"name": encoder.name, "fingerprint": encoder.fingerprint, "dimension": encoder.dimension},
        "corpus_fingerprint": manifest.corpus_fingerprint,
        "sequence": manifest.sequence,
        "counts": dict(manifest.counts),
        "files": {name: {"bytes": entry.bytes, "sha256": entry.sha256} for name, entry in manifest.files.items()},
        "generator": manifest.generator,
    }


def _seal(document: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _description(data: bytes) -> str:
    return f"{len(data)} bytes with SHA-256 {hashlib.sha256(data).hexdigest()}"
