"""One import from the export to the corpus folder: everything is accounted for before anything is replaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpus.importers.dynamics import DynamicsKnowledge
from corpus.importers.fates import Fate, Importer, ImportOptions, Place, Quarantined, Skipped
from corpus.importers.html_pages import HtmlPages
from corpus.importers.judging import Judge, refused_by_reader, without_lines
from corpus.importers.limits import ImportFailedError
from corpus.importers.mapped_tables import MappedTables
from corpus.importers.markdown_files import MarkdownFiles
from corpus.importers.output import file_to_replace, publish_quarantine, publish_records, staging_folder
from corpus.importers.quarantine import FILE, quarantine_line
from corpus.importers.report import ImportReport
from corpus.importers.salesforce import SalesforceKnowledge
from corpus.importers.source import open_source
from corpus.importers.zendesk import ZendeskHelpCenter

_ROWS = "quarantined"


def importers() -> Mapping[str, Importer]:
    """Return all importers by the kind of export that they read."""
    return {
        "markdown": MarkdownFiles(),
        "html": HtmlPages(),
        "salesforce-knowledge": SalesforceKnowledge(),
        "zendesk": ZendeskHelpCenter(),
        "dynamics": DynamicsKnowledge(),
        "cases": MappedTables("cases"),
        "templates": MappedTables("templates"),
    }


def import_export(export: Path, kind: str, corpus: Path, options: ImportOptions) -> ImportReport:
    """Turn an export into one file of the corpus folder; the other kinds there stay as they are.

    Raises ImportFailedError, and leaves the corpus files alone, when the export cannot be read or no row of it can be
    taken; the quarantine is written even then, for it says why.
    """
    importer = importers()[kind]
    source = open_source(export, options.limits)
    with staging_folder(corpus) as staging:
        target = file_to_replace(corpus, importer.brings)
        records, rows = staging / f"{importer.brings}.jsonl", staging / _ROWS
        with records.open("wb") as taken, rows.open("wb") as quarantined:
            account = _Account(kind, importer, taken, quarantined)
            for fate in importer.read(source, options):
                account.enter(fate)
        account.judge_as_a_whole(staging, rows)
        report = account.report(target, corpus / FILE)
        has_quarantine = publish_quarantine(corpus, staging, importer.brings, rows)
        if not report.taken:
            told = f", {corpus / FILE} says why" if has_quarantine and report.quarantined else ""
            raise ImportFailedError(
                f"{export}: {report.summary()}: nothing to write, {target.name} stays as it was{told}"
            )
        publish_records(records, target)
        return report


@dataclass(slots=True)
class _Counts:
    taken: int = 0
    quarantined: int = 0
    found: int = 0


class _Account:
    """Writes each row to where it belongs, and counts."""

    def __init__(self, kind: str, importer: Importer, taken: BinaryIO, quarantined: BinaryIO) -> None:
        self._kind, self._brings = kind, importer.brings
        self._taken, self._quarantined = taken, quarantined
        self._judge = Judge(importer.brings)
        self._counts = _Counts()
        self._reasons: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._places: list[Place] = []

    def enter(self, fate: Fate) -> None:
        """Take, quarantine or skip one row."""
        self._counts.found += 1
        if isinstance(fate, Skipped):
            self._skipped[fate.reason] += 1
            return
        line = fate if isinstance(fate, Quarantined) else self._judge.line(fate)
        if isinstance(line, Quarantined):
            self._quarantine(line, self._quarantined)
            return
        self._taken.write(line)
        self._places.append(fate.place)
        self._counts.taken += 1

    def judge_as_a_whole(self, staging: Path, rows: Path) -> None:
        """Let the reader of corpus folders have the last word: what it refuses is taken out again."""
        while self._places and (refused := refused_by_reader(staging, self._brings)):
            with rows.open("ab") as quarantined:
                for number, message in sorted(refused.items()):
                    row = Quarantined(place=self._places[number - 1], reason=self._judge.told(message))
                    self._quarantine(row, quarantined)
            self._places = [place for number, place in enumerate(self._places, start=1) if number not in refused]
            self._counts.taken = len(self._places)
            without_lines(staging / f"{self._brings}.jsonl", refused)

    def report(self, target: Path, quarantine: Path) -> ImportReport:
        """Return what became of all rows."""
        return ImportReport(
            kind=self._kind,
            brings=self._brings,
            found=self._counts.found,
            taken=self._counts.taken,
            quarantined=self._counts.quarantined,
            skipped=dict(self._skipped.most_common()),
            reasons=dict(self._reasons.most_common()),
            target=target,
            quarantine=quarantine,
        )

    def _quarantine(self, row: Quarantined, out: BinaryIO) -> None:
        self._counts.quarantined += 1
        self._reasons[row.reason] += 1
        out.write(quarantine_line(self._brings, self._kind, row))
