from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.manifest import (
    EncoderInfo,
    FileEntry,
    Manifest,
    ManifestError,
    content_id,
    parse_manifest,
    serialise_manifest,
)
from index.snapshot_records import canonical_json

ENCODER = EncoderInfo(name="e5-klein", fingerprint="abc", dimension=384)
FILES = {
    "vectors.npy": FileEntry(bytes=12, sha256="0" * 64),
    "lexical.json": FileEntry(bytes=0, sha256="1" * 64),
}
GOOD = Manifest(
    snapshot_id=content_id(FILES, ENCODER, "korpus"),
    created_at=datetime(2026, 11, 21, 20, 23, 5, 120_000, tzinfo=UTC),
    encoder=ENCODER,
    corpus_fingerprint="korpus",
    sequence=41,
    counts={"articles": 3, "passages": 9},
    files=FILES,
    generator="stichwort 0.1.0",
)
DATA = serialise_manifest(GOOD)


def sealed(**changes: object) -> bytes:
    """Return a manifest with changed fields whose seal is right, as a careless or hostile writer would make it."""
    document = {**json.loads(DATA), **changes}
    del document["seal"]
    return canonical_json({**document, "seal": sha256(canonical_json(document)).hexdigest()})


def test_what_was_written_is_read() -> None:
    assert parse_manifest(DATA, GOOD.snapshot_id) == GOOD
    assert DATA.endswith(b"}\n")
    assert GOOD.total_bytes == 12


def test_is_written_in_one_form_whatever_the_order_and_the_zone() -> None:
    same = replace(
        GOOD,
        files=dict(reversed(FILES.items())),
        counts={"passages": 9, "articles": 3},
        created_at=GOOD.created_at.astimezone(timezone(timedelta(hours=1))),
    )
    assert serialise_manifest(same) == DATA


def test_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        GOOD.sequence = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        GOOD.files["x"] = FILES["vectors.npy"]  # type: ignore[index]


@pytest.mark.parametrize("bit", range(8))
def test_any_flipped_bit_is_found(bit: int) -> None:
    for position in range(len(DATA)):
        damaged = bytearray(DATA)
        damaged[position] ^= 1 << bit
        with pytest.raises(ManifestError):
            parse_manifest(bytes(damaged), GOOD.snapshot_id)


def test_any_cut_is_found() -> None:
    for length in range(len(DATA)):
        with pytest.raises(ManifestError):
            parse_manifest(DATA[:length], GOOD.snapshot_id)


@given(st.integers(0, len(DATA)), st.integers(0, 255))
def test_any_inserted_byte_is_found(position: int, value: int) -> None:
    with pytest.raises(ManifestError):
        parse_manifest(DATA[:position] + bytes([value]) + DATA[position:], GOOD.snapshot_id)


@given(st.binary() | st.text().map(str.encode))
def test_any_other_bytes_are_refused_as_damage(data: bytes) -> None:
    with pytest.raises(ManifestError, match="expected"):
        parse_manifest(data, GOOD.snapshot_id)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b"null",
        b"[]",
        b"NaN",
        b'{"schema_version": NaN, "seal": ""}',
        b'{"schema_version": ' + b"9" * 5000 + b', "seal": ""}',
        DATA.decode().encode("utf-16"),
        DATA.replace(b"\n", b"\r\n"),
        DATA.replace(b'"sequence": 41', b'"sequence": 41.0'),
        DATA.replace(b'"sequence": 41', b'"sequence": 41,\n  "sequence": 41'),
        bytes(len(DATA)),
    ],
)
def test_hostile_forms_are_refused(data: bytes) -> None:
    with pytest.raises(ManifestError, match=r"found .* expected"):
        parse_manifest(data, GOOD.snapshot_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"sequence": True},
        {"sequence": -1},
        {"sequence": 1.0},
        {"counts": {"articles": "3"}},
        {"counts": []},
        {"created_at": "2026-11-21"},
        {"created_at": "2026-11-21T20:23:05.12Z"},
        {"created_at": None},
        {"encoder": {"name": "e5-klein", "fingerprint": "abc"}},
        {"encoder": "abc"},
        {"generator": ""},
        {"snapshot_id": "0" * 16},
        {"corpus_fingerprint": "anderer"},
        {"surprise": 1},
        {"files": {"../../etc/passwd": {"bytes": 0, "sha256": "1" * 64}}},
        {"files": {"manifest.json": {"bytes": 0, "sha256": "1" * 64}}},
        {"files": {"a": {"bytes": 0, "sha256": "1" * 63}}},
        {"files": {"a": {"bytes": 0}}},
        {"files": {"a": None}},
    ],
)
def test_wrong_content_is_refused_though_it_is_sealed(changes: dict[str, object]) -> None:
    with pytest.raises(ManifestError):
        parse_manifest(sealed(**changes), GOOD.snapshot_id)


def test_a_missing_field_is_refused_though_it_is_sealed() -> None:
    document = json.loads(sealed())
    del document["seal"], document["counts"]
    data = canonical_json({**document, "seal": sha256(canonical_json(document)).hexdigest()})
    with pytest.raises(ManifestError, match="counts"):
        parse_manifest(data, GOOD.snapshot_id)


def test_another_schema_version_says_to_build_again() -> None:
    with pytest.raises(ManifestError, match=r"schema version 1, expected 2 .*build the snapshot again"):
        parse_manifest(sealed(schema_version=1), GOOD.snapshot_id)


def test_the_manifest_of_another_snapshot_is_refused() -> None:
    with pytest.raises(ManifestError, match=f"of snapshot {GOOD.snapshot_id}, expected that of {'0' * 16}"):
        parse_manifest(DATA, "0" * 16)


@pytest.mark.parametrize(
    "changes",
    [
        {"created_at": datetime(2026, 11, 21)},
        {"counts": {"articles": -1}},
        {"encoder": replace(ENCODER, name="")},
        {"snapshot_id": "f" * 16},
    ],
)
def test_a_wrong_manifest_cannot_even_be_made(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"found .* expected"):
        replace(GOOD, **changes)


def test_the_id_follows_from_content_alone() -> None:
    assert GOOD.snapshot_id == content_id(dict(reversed(FILES.items())), replace(ENCODER, name="anders"), "korpus")
    others = {
        content_id({**FILES, "vectors.npy": FileEntry(bytes=12, sha256="2" * 64)}, ENCODER, "korpus"),
        content_id({"other.npy": FILES["vectors.npy"], "lexical.json": FILES["lexical.json"]}, ENCODER, "korpus"),
        content_id(FILES, replace(ENCODER, fingerprint="abd"), "korpus"),
        content_id(FILES, ENCODER, "korpus2"),
    }
    assert len(others - {GOOD.snapshot_id}) == 4
