"""A corpus report as one HTML page without scripts that opens offline, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from evaluation.corpus_report.findings import CorpusReport, Finding, Section
from evaluation.report import page_environment

PAGE, DATA = "corpus-report.html", "corpus-report.json"
SHOWN = 50
"""So many findings of a section are on the page; the JSON has all."""


def report_page(report: CorpusReport) -> str:
    """Return the page; everything in it is escaped."""
    merged = {each.name: merged_alike(each.findings) for each in report.sections}
    return page_environment().get_template("corpus_report.html.j2").render(report=report, merged=merged, shown=SHOWN)


def merged_alike(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with neighbours that say the very same of other items made one."""
    merged: list[Finding] = []
    for finding in findings:
        last = merged[-1] if merged else None
        same = last is not None and (last.sort, last.says, last.todo) == (finding.sort, finding.says, finding.todo)
        if last is not None and same and not finding.quotes and not last.quotes:
            merged[-1] = replace(last, items=(*last.items, *finding.items))
        else:
            merged.append(finding)
    return merged


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
