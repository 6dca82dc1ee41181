"""Fingerprints: whether a record, or a whole corpus, has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from corpus.codec import canonical_bytes
from corpus.models import Kind, Record


def content_hash(record: Record) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of the record's canonical JSON."""
    return hashlib.sha256(canonical_bytes(record)).hexdigest()


def corpus_fingerprint(records: Iterable[tuple[Kind, str, str]]) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of a corpus given as (kind, id, content hash), in any order."""
    digest = hashlib.sha256()
    for kind, record_id, content in sorted(records):
        # Ids hold no white space, so a tab and a line end keep the three apart.
        digest.update(f"{kind}\t{record_id}\t{content}\n".encode())
    return digest.hexdigest()
