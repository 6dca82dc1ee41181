"""``python -m corpus lint``: look at templates, and at the steps and rules of actions, before they are imported."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.language import LanguageIdentifier
from corpus.merge_syntax.maps import MergeMaps, merge_maps, read_maps
from corpus.quicktext.lint_actions import actions_file, look_at_actions
from corpus.quicktext.lint_report import LintReport, look_at
from corpus.quicktext.lint_rows import has_templates, rows_of, templates_file

EXAMPLES = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--corpus", type=Path, help="corpus folder, whose templates and actions are looked at")
    what.add_argument("--templates", type=Path, help="JSON Lines of an export; each row needs a body only")
    parser.add_argument("--syntax", default=None, help="syntax of all rows of --templates; by default it is guessed")
    parser.add_argument("--merge-map", type=Path, default=None, help="TOML file of fields (default ASSIST_MERGE_MAP)")
    parser.add_argument("--all", action="store_true", help="print every remark")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")


def run(options: argparse.Namespace) -> int:
    """Print what was found; return 1 if a template or an action is refused, else 0."""
    maps = merge_maps(os.environ) if options.merge_map is None else read_maps(options.merge_map)
    reports = list(_reports(options, maps))
    if options.json:
        print(json.dumps(_document(reports), ensure_ascii=False))
    else:
        for report in reports:
            print("\n".join(report.lines(every=options.all, examples=EXAMPLES)))
    return 1 if any(report.with_verdict("refused") for report in reports) else 0


def _reports(options: argparse.Namespace, maps: MergeMaps) -> Iterator[LintReport]:
    identifier = LanguageIdentifier.load()
    if options.corpus is None:
        yield look_at(options.templates, list(rows_of(options.templates, maps, options.syntax)), maps, identifier)
        return
    actions = actions_file(options.corpus)
    if actions is None or has_templates(options.corpus):
        file = templates_file(options.corpus)
        yield look_at(file, list(rows_of(file)), maps, identifier)
    if actions is not None:
        yield look_at_actions(actions, maps)


def _document(reports: Sequence[LintReport]) -> dict[str, Any]:
    """Return the report of the templates, with that of the actions beside it."""
    whole: dict[str, Any] = {}
    for report in reports:
        if report.of == "templates":
            whole |= report.to_json()
        else:
            whole[report.of] = report.to_json()
    return whole
