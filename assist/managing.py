"""What a manager does beside letting things serve: checks, imports and their undoing, reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from assist.job_starting import JobStarter, NotNowError
from assist.report_files import Report, ReportFiles
from corpus.differences import Changes
from corpus.store import Store
from corpus.store_errors import StoreAwayError, StoreError
from corpus.stored import ImportEntry, Mode
from corpus.times import now_utc
from index.jobs import Job
from index.settings import IndexSettings
from index.undoing import preview

BUSY_TIMEOUT_S = 2.0
NO_STATE = "This service has no state of its own, so that there is nothing to manage."


class Management(Protocol):
    """Starts jobs and reads what they left; jobs raise ``NotNowError`` while another one runs."""

    def check(self, folder: Path, mode: Mode) -> Job:
        """Begin to find out what importing a folder would change; nothing is written but the job."""
        ...

    def imports(self) -> Sequence[ImportEntry]:
        """Return all imports, newest first."""
        ...

    def undo_preview(self, import_id: int) -> Changes:
        """Return what undoing an import would change; raises ``NotNowError`` where it cannot be undone."""
        ...

    def undo(self, import_id: int, by: str) -> Job:
        """Begin to undo an import."""
        ...

    def corpus_report(self) -> Job:
        """Begin to make a corpus report of what serves."""
        ...

    def reports(self) -> Sequence[Report]:
        """Return the reports, newest first."""
        ...

    def report_file(self, name: str, file: str) -> bytes | None:
        """Return one file of a report, or ``None``."""
        ...


class NoManagement:
    """Where there is no state directory."""

    def check(self, folder: Path, mode: Mode) -> Job:
        """Refuse."""
        raise NotNowError(NO_STATE)

    def imports(self) -> Sequence[ImportEntry]:
        """Return none."""
        return ()

    def undo_preview(self, import_id: int) -> Changes:
        """Refuse."""
        raise NotNowError(NO_STATE)

    def undo(self, import_id: int, by: str) -> Job:
        """Refuse."""
        raise NotNowError(NO_STATE)

    def corpus_report(self) -> Job:
        """Refuse."""
        raise NotNowError(NO_STATE)

    def reports(self) -> Sequence[Report]:
        """Return none."""
        return ()

    def report_file(self, name: str, file: str) -> bytes | None:
        """Return ``None``."""
        return None


class LocalManagement:
    """Works on the state directory and the store of this machine."""

    def __init__(self, settings: IndexSettings) -> None:
        self._settings = settings
        self._jobs = JobStarter(settings.var)
        self._reports = ReportFiles(settings.var)

    def check(self, folder: Path, mode: Mode) -> Job:
        """Start ``python -m index check``."""
        return self._jobs.start("check", "index", "check", "--corpus", str(folder), "--mode", mode)

    def imports(self) -> Sequence[ImportEntry]:
        """Read the imports out of the store; none where there is no store yet."""
        settings = self._settings
        if settings.database_url is None and not settings.database_file.exists():
            return ()
        with Store.open(settings.database, create=False, busy_timeout_s=BUSY_TIMEOUT_S) as store:
            return store.imports()[::-1]

    def undo_preview(self, import_id: int) -> Changes:
        """Look what undoing would do, in a transaction that is taken back."""
        try:
            return preview(self._settings, import_id, busy_timeout_s=BUSY_TIMEOUT_S)
        except StoreAwayError:
            raise
        except StoreError as error:
            raise NotNowError(f"{error}.") from error

    def undo(self, import_id: int, by: str) -> Job:
        """Start ``python -m index undo``."""
        return self._jobs.start("undo", "index", "undo", "--import", str(import_id), "--by", by)

    def corpus_report(self) -> Job:
        """Start ``python -m evaluation corpus-report``; what serves never imports that package."""
        folder = self._reports.new_corpus_report(now_utc())
        return self._jobs.start("corpus-report", "evaluation", "corpus-report", "--out", str(folder))

    def reports(self) -> Sequence[Report]:
        """Return the reports of the state directory."""
        return self._reports.all()

    def report_file(self, name: str, file: str) -> bytes | None:
        """Return one file of a report."""
        return self._reports.read(name, file)
