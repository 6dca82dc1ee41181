"""``python -m corpus lint``: look at templates before they are imported."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from corpus.language import LanguageIdentifier
from corpus.merge_syntax.maps import merge_maps, read_maps
from corpus.quicktext.lint_report import look_at
from corpus.quicktext.lint_rows import rows_of, templates_file

EXAMPLES = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--corpus", type=Path, help="corpus folder, whose templates are looked at")
    what.add_argument("--templates", type=Path, help="JSON Lines of an export; each row needs a body only")
    parser.add_argument("--syntax", default=None, help="syntax of all rows of --templates; by default it is guessed")
    parser.add_argument("--merge-map", type=Path, default=None, help="TOML file of fields (default ASSIST_MERGE_MAP)")
    parser.add_argument("--all", action="store_true", help="print every remark")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")


def run(options: argparse.Namespace) -> int:
    """Print what was found; return 1 if a template is refused, else 0."""
    maps = merge_maps(os.environ) if options.merge_map is None else read_maps(options.merge_map)
    if options.corpus is not None:
        file = templates_file(options.corpus)
        rows = list(rows_of(file))
    else:
        file = options.templates
        rows = list(rows_of(file, maps, options.syntax))
    report = look_at(file, rows, maps, LanguageIdentifier.load())
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        print("\n".join(report.lines(every=options.all, examples=EXAMPLES)))
    return 1 if report.of("refused") else 0
