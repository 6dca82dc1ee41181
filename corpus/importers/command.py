"""``python -m corpus import``: a foreign export becomes a file of a corpus folder."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from corpus.importers.fates import ImportOptions
from corpus.importers.field_map import read_map
from corpus.importers.mapped_tables import MapNeededError
from corpus.importers.running import import_export, importers

_USAGE = 2


def add_command(commands: Any) -> None:
    """Add the command to the sub-parsers of ``python -m corpus``."""
    parser = commands.add_parser("import", help="turn a foreign export into a file of a corpus folder")
    parser.add_argument(
        "--from", dest="export", type=Path, required=True, metavar="PATH", help="file, folder or archive"
    )
    parser.add_argument("--kind", required=True, choices=sorted(importers()), help="what kind of export it is")
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR", help="corpus folder to write to")
    parser.add_argument("--map", type=Path, default=None, metavar="FILE", help="field map, YAML or JSON")
    parser.add_argument("--language", default=None, help="language of what names none, such as de")
    parser.add_argument("--timezone", type=_zone, default=None, help="zone of times without one, such as Europe/Berlin")
    parser.add_argument("--encoding", default=None, help="encoding of CSV and HTML files, where it is not found out")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Import and tell what became of every row: exit code 0, also with rows in quarantine; 2 when a map is needed."""
    settings = ImportOptions(
        language=options.language,
        timezone=options.timezone,
        encoding=options.encoding,
        map=read_map(options.map) if options.map is not None else {},
    )
    try:
        report = import_export(options.export, options.kind, options.corpus, settings)
    except MapNeededError as error:
        print(f"error: {error}; stdout has one to begin with", file=sys.stderr)
        print(error.suggestion, end="")
        return _USAGE
    print(json.dumps(report.to_json(), ensure_ascii=False) if options.json else "\n".join(report.lines()))
    for line in report.warnings():
        print(line, file=sys.stderr)
    return 0


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(f"found {name!r}, expected a time zone such as Europe/Berlin") from None
