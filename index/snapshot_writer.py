"""Writing a snapshot: files, then the manifest, then one rename that makes all of it visible at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from index.disk_space import bytes_on_disk, require_space
from index.durable import TEMPORARY, hash_file, sync_directory, unused_name, write_file
from index.failpoints import reach
from index.manifest import MANIFEST, EncoderInfo, FileEntry, Manifest, content_id, serialise_manifest
from index.snapshot_errors import SnapshotError, storage_errors
from index.snapshot_records import check_name
from index.snapshot_trash import remove, remove_leftovers, set_aside
from index.snapshot_verify import read_manifest, snapshot_directory, snapshots_root, verify


class SnapshotWriter:
    """Collects the files of one snapshot and publishes them together; the caller holds the writer lock.

    ``expected_sizes`` are the sizes of the files in bytes where they are known: a disk that can't hold them is refused
    before anything is written. ``on_file`` is told name and size in bytes of each file that is safely on the device.
    Leaving the ``with`` block without `publish` removes every trace. A disk that fails gives `SnapshotError`.

    >>> with SnapshotWriter(var) as writer:  # doctest: +SKIP
    ...     writer.add("vectors.npy", data)
    ...     manifest = writer.publish(encoder=encoder, corpus_fingerprint="…", sequence=7, counts={}, generator="…")
    """

    def __init__(
        self, var: Path, *, expected_sizes: Sequence[int] = (), on_file: Callable[[str, int], None] | None = None
    ) -> None:
        self._var = var
        self._root = snapshots_root(var)
        self._expected_sizes = (*expected_sizes, _manifest_size(len(expected_sizes))) if expected_sizes else ()
        self._on_file = on_file
        self._files: dict[str, FileEntry] = {}
        self._directory: Path | None = None

    def __enter__(self) -> SnapshotWriter:
        remove_leftovers(self._var)
        with self._storage_errors("preparing a snapshot"):
            self._root.mkdir(parents=True, exist_ok=True)
            sync_directory(self._var)
            require_space(self._root, bytes_on_disk(self._expected_sizes, self._root))
            directory = unused_name(self._root, TEMPORARY)
            directory.mkdir()
        self._directory = directory
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None

    def add(self, name: str, data: bytes) -> None:
        """Write one file, wait for the device, read it back and compare.

        ``name`` is flat and in lower case (``vectors.npy``). Raises ``ValueError`` for a bad or repeated name and
        `SnapshotError` when the disk is full, fails or gives back something else.
        """
        check_name(name)
        if name in self._files:
            raise ValueError(f"file name: found {name!r} twice, expected each name once")
        self._files[name] = self._write(name, data)
        if self._on_file is not None:
            self._on_file(name, len(data))

    def publish(
        self,
        *,
        encoder: EncoderInfo,
        corpus_fingerprint: str,
        sequence: int,
        counts: Mapping[str, int],
        generator: str,
        created_at: datetime | None = None,
    ) -> Manifest:
        """Make the snapshot visible under its id and return its manifest; it serves only once it's activated.

        Where a good snapshot of the same content exists already, that one stays, with its own older ``created_at``
        and ``sequence``, and its manifest is returned; a damaged one is replaced.
        """
        manifest = Manifest(
            snapshot_id=content_id(self._files, encoder, corpus_fingerprint),
            created_at=created_at or datetime.now(UTC),
            encoder=encoder,
            corpus_fingerprint=corpus_fingerprint,
            sequence=sequence,
            counts=counts,
            files=self._files,
            generator=generator,
        )
        with self._storage_errors(f"publishing snapshot {manifest.snapshot_id}"):
            reach("snapshot.before_manifest")
            self._write(MANIFEST, serialise_manifest(manifest))
            sync_directory(self._working_directory)
            reach("snapshot.after_manifest")
            if not verify(self._var, manifest.snapshot_id):
                return read_manifest(self._var, manifest.snapshot_id)
            self._rename(snapshot_directory(self._var, manifest.snapshot_id))
        return manifest

    def _write(self, name: str, data: bytes) -> FileEntry:
        path = self._working_directory / name
        entry = FileEntry(bytes=len(data), sha256=sha256(data).hexdigest())
        with self._storage_errors(f"writing {name} ({len(data)} bytes)"):
            require_space(self._root, len(data))
            write_file(
                path,
                data,
                halfway=partial(reach, "snapshot.partial_file", name),
                before_sync=partial(reach, "snapshot.before_sync", name),
            )
            found = FileEntry(bytes=path.stat().st_size, sha256=hash_file(path))
            reach("snapshot.after_file", name)
        if found != entry:
            raise SnapshotError(
                f"{name} was read back with {found.bytes} bytes and SHA-256 {found.sha256}, expected {entry.bytes} "
                f"bytes and SHA-256 {entry.sha256}. Check the disk, then build again; the snapshot in use is untouched."
            )
        return entry

    def _rename(self, target: Path) -> None:
        reach("snapshot.before_rename")
        damaged = set_aside(target) if target.exists() else None
        if damaged is not None:
            reach("snapshot.after_set_aside")
        self._working_directory.rename(target)
        self._directory = None
        reach("snapshot.after_rename")
        sync_directory(self._root)
        if damaged is not None:
            remove(damaged)

    @property
    def _working_directory(self) -> Path:
        if self._directory is None:
            raise RuntimeError("found a SnapshotWriter that isn't open; use it once, within a `with` block")
        return self._directory

    def _storage_errors(self, doing: str) -> AbstractContextManager[None]:
        return storage_errors(doing, self._root)


def _manifest_size(files: int) -> int:
    """Return the most that a manifest of so many files takes, but for counts and names without end, in bytes."""
    return 1000 + 300 * files
