"""Reading snapshots back: every byte is compared with the manifest before anything else looks at it.

Native parsers (FAISS above all) load most damaged files without a word, so they only ever see verified bytes.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from index.durable import CHUNK, hash_file, hash_pieces
from index.manifest import MANIFEST, FileEntry, Manifest, ManifestError, parse_manifest
from index.open_file import OpenFile
from index.snapshot_errors import DamagedSnapshotError, Problem, UnknownSnapshotError
from index.snapshot_records import ID_PATTERN

MANIFEST_LIMIT = 1 << 20
# The vectors of tokens take most of a large index, and a request looks at a few hundred items' of them: large ones are
# left in their file. No native parser reads them, only lookups do.
_LEFT_ON_DISK = ".tokens.codes.npy"
ON_DISK_ABOVE = 256 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedSnapshot:
    """A snapshot whose files are byte for byte what its manifest says.

    ``blobs`` holds them by name; ``on_disk`` those that are too large for it and looked at in few places, open.
    """

    manifest: Manifest
    blobs: Mapping[str, bytes]
    on_disk: Mapping[str, OpenFile] = field(default_factory=dict)


def snapshots_root(var: Path) -> Path:
    """Return the directory that holds all snapshots."""
    return var / "snapshots"


def snapshot_directory(var: Path, snapshot_id: str) -> Path:
    """Return where a snapshot lies or would lie; raises `UnknownSnapshotError` when no snapshot can have that id."""
    if ID_PATTERN.fullmatch(snapshot_id) is None:
        raise UnknownSnapshotError(snapshot_id)
    return snapshots_root(var) / snapshot_id


def snapshot_ids(var: Path) -> tuple[str, ...]:
    """Return the ids of all snapshots, damaged ones included, in order of id."""
    root = snapshots_root(var)
    names = (path.name for path in root.iterdir()) if root.is_dir() else iter(())
    return tuple(sorted(name for name in names if ID_PATTERN.fullmatch(name)))


def read_manifest(var: Path, snapshot_id: str) -> Manifest:
    """Return the manifest of a snapshot, whose files are not looked at; raises `DamagedSnapshotError`."""
    path = snapshot_directory(var, snapshot_id) / MANIFEST
    try:
        return parse_manifest(_manifest_bytes(path), snapshot_id)
    except OSError as error:
        problem = Problem(snapshot=snapshot_id, file=MANIFEST, found=_failure(error), expected="a sealed manifest")
    except ManifestError as error:
        problem = Problem(snapshot=snapshot_id, file=MANIFEST, found=error.found, expected=error.expected)
    raise DamagedSnapshotError((problem,))


def load_verified(var: Path, snapshot_id: str, *, on_disk_above: int = ON_DISK_ABOVE) -> VerifiedSnapshot:
    """Read a snapshot into memory and verify size and SHA-256 of each file.

    Vectors of tokens that take more than ``on_disk_above`` bytes are verified, and left on the disk.
    Raises `DamagedSnapshotError` naming every damaged file, and `UnknownSnapshotError` for an impossible id.
    """
    manifest = read_manifest(var, snapshot_id)
    directory = snapshot_directory(var, snapshot_id)
    blobs: dict[str, bytes] = {}
    on_disk: dict[str, OpenFile] = {}
    problems: list[Problem] = []
    for name, entry in sorted(manifest.files.items()):
        left = name.endswith(_LEFT_ON_DISK) and entry.bytes > on_disk_above
        outcome = (_open_verified if left else _read_verified)(directory / name, entry)
        if isinstance(outcome, bytes):
            blobs[name] = outcome
        elif isinstance(outcome, OpenFile):
            on_disk[name] = outcome
        else:
            problems.append(outcome)
    if problems:
        raise DamagedSnapshotError(tuple(problems))
    return VerifiedSnapshot(manifest=manifest, blobs=MappingProxyType(blobs), on_disk=MappingProxyType(on_disk))


def verify(var: Path, snapshot_id: str, *, hashes: bool = True) -> tuple[Problem, ...]:
    """Return what is wrong with a snapshot, nothing for a good one, without holding its files in memory.

    Without ``hashes`` only the manifest and the sizes of the files are looked at: quick, but blind to flipped bits.
    """
    try:
        manifest = read_manifest(var, snapshot_id)
    except DamagedSnapshotError as error:
        return error.problems
    directory = snapshot_directory(var, snapshot_id)
    checked = (_check(directory / name, entry, hashes=hashes) for name, entry in sorted(manifest.files.items()))
    return tuple(problem for problem in checked if problem is not None)


def _manifest_bytes(path: Path) -> bytes:
    size = _size(path)
    if size > MANIFEST_LIMIT:
        raise ManifestError(found=f"{size} bytes", expected=f"a manifest of at most {MANIFEST_LIMIT} bytes")
    return path.read_bytes()


def _read_verified(path: Path, entry: FileEntry) -> bytes | Problem:
    if problem := _check(path, entry, hashes=False):
        return problem
    try:
        data = path.read_bytes()
    except OSError as error:
        return _problem(path, entry, _failure(error))
    found = hashlib.sha256(data).hexdigest()
    return data if found == entry.sha256 else _problem(path, entry, _description(len(data), found))


def _open_verified(path: Path, entry: FileEntry) -> OpenFile | Problem:
    if problem := _check(path, entry, hashes=False):
        return problem
    try:
        file = OpenFile(path)  # what is hashed is what will be read, whatever becomes of the name meanwhile
        size, found = hash_pieces(file.pieces(CHUNK))
    except OSError as error:
        return _problem(path, entry, _failure(error))
    return file if (size, found) == (entry.bytes, entry.sha256) else _problem(path, entry, _description(size, found))


def _check(path: Path, entry: FileEntry, *, hashes: bool) -> Problem | None:
    try:
        size = _size(path)
        if size == entry.bytes and not hashes:
            return None
        found = hash_file(path)
    except OSError as error:
        return _problem(path, entry, _failure(error))
    return None if (size, found) == (entry.bytes, entry.sha256) else _problem(path, entry, _description(size, found))


def _size(path: Path) -> int:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
        raise OSError(None, "not a regular file")
    return status.st_size


def _problem(path: Path, entry: FileEntry, found: str) -> Problem:
    expected = _description(entry.bytes, entry.sha256)
    return Problem(snapshot=path.parent.name, file=path.name, found=found, expected=expected)


def _description(size: int, sha256: str) -> str:
    return f"{size} bytes with SHA-256 {sha256}"


def _failure(error: OSError) -> str:
    return "nothing (the file is missing)" if isinstance(error, FileNotFoundError) else f"{error.strerror or error}"
