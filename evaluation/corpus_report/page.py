"""A corpus report as one HTML page without scripts that opens offline, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evaluation.corpus_report.findings import CorpusReport, Finding, Section
from evaluation.report import page_environment

PAGE, DATA = "corpus-report.html", "corpus-report.json"
SHOWN = 50
"""So many findings of a section are on the page; the JSON has all."""


def report_page(report: CorpusReport) -> str:
    """Return the page; everything in it is escaped."""
    return page_environment().get_template("corpus_report.html.j2").render(report=report, shown=SHOWN)


def report_json(report: CorpusReport) -> dict[str, Any]:
    """Return the report as plain JSON."""
    return {"facts": dict(report.facts), "sections": {each.name: _section(each) for each in report.sections}}


def write_corpus_report(folder: Path, report: CorpusReport) -> tuple[Path, Path]:
    """Write page and JSON into a folder, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    page, data = folder / PAGE, folder / DATA
    page.write_text(report_page(report), encoding="utf-8")
    data.write_text(json.dumps(report_json(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return page, data


def _section(section: Section) -> Mapping[str, Any]:
    return {
        "title": section.title,
        "about": section.about,
        "notes": list(section.notes),
        "findings": [_finding(each) for each in section.findings],
    }


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "sort": finding.sort,
        "says": finding.says,
        "todo": finding.todo,
        "items": [asdict(item) for item in finding.items],
        "quotes": [asdict(quote) for quote in finding.quotes],
        "facts": dict(finding.facts),
    }
