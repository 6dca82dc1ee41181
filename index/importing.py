"""A corpus folder becomes one import of the store, unless a guard refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus.diff import CorpusDiff
from corpus.folder import Corpus, read_corpus
from corpus.imports import ImportReport
from corpus.models import KINDS
from corpus.privacy.agents import open_agent_keys
from corpus.smoke import SMOKE_FILE, read_smoke
from corpus.store import Store
from corpus.stored import Mode
from index.disk_space import require_space
from index.durable import replace_file
from index.failpoints import reach
from index.guards import check_shrinking
from index.progress import Reporter
from index.rows import import_bytes, rows_of
from index.settings import IndexSettings
from index.snapshot_errors import storage_errors

COMMAND_LINE = "command line"
"""Who changed something, where no API key says more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A corpus folder that was read and found well-formed; ``smoke`` is its file of smoke questions, if it has one."""

    path: Path
    corpus: Corpus
    smoke: bytes | None

    @property
    def dangling(self) -> Mapping[str, Mapping[str, int]]:
        """The ids that its records name and it lacks."""
        return self.corpus.dangling


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to import: ``force`` passes the guards over; ``by`` is who wants it."""

    mode: Mode = "full"
    force: bool = False
    by: str = COMMAND_LINE


AS_USUAL = ImportOptions()


def read_folder(path: Path, reporter: Reporter) -> Folder:
    """Read a corpus folder; raise ``CorpusErrors`` with everything that is wrong with it."""
    with reporter.stage("read corpus"):
        corpus = read_corpus(path)
        smoke = path / SMOKE_FILE
        read_smoke(smoke)
        return Folder(path=path, corpus=corpus, smoke=smoke.read_bytes() if smoke.is_file() else None)


def import_folder(
    store: Store, folder: Folder, settings: IndexSettings, reporter: Reporter, options: ImportOptions
) -> ImportReport:
    """Write a folder as one import, and keep its smoke questions for later builds; the caller holds the writer's lock.

    Raises ``RefusedError`` with nothing written when too much would be removed and it is not forced, ``StoreError`` and
    ``SnapshotError`` when the disk fails.
    """
    rows = rows_of(folder.corpus, open_agent_keys(settings.agent_keys, datetime.now(UTC)))
    hashes = store.live_state().hashes
    live = {kind: len(hashes[kind]) for kind in KINDS}

    def before_write(difference: CorpusDiff) -> Mapping[str, object]:
        told = check_shrinking(difference, live, settings.shrink_limit, force=options.force)
        if settings.database_url is None:
            _require_space(settings.database_file, import_bytes(rows, difference))
        reach("import.before_write")
        return told

    def before_commit(_: ImportReport) -> None:
        reach("import.before_commit")

    with reporter.stage("import"):
        report = store.import_records(
            rows,
            source=str(folder.path),
            mode=options.mode,
            check=before_write,
            written=before_commit,
            by=options.by,
        )
    if folder.smoke is not None:
        replace_file(settings.smoke_questions, folder.smoke)
    return report


def _require_space(database: Path, needed: int) -> None:
    left = "nothing was imported and the snapshot in use is untouched"
    with storage_errors(f"importing into {database}", database.parent, left=left):
        require_space(database.parent, needed)
