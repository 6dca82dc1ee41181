"""``python -m corpus``: measure the masker on sentences in which people marked what is personal."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus.privacy.measuring import SETS, measure_set, measure_templates, table_of
from corpus.privacy.timing import WORDS, milliseconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m corpus", description="Measure what is done with people's data.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    masking = commands.add_parser("masking", help="print how much personal data is found, and what is masked in vain")
    masking.add_argument("--set", choices=SETS, action="append", help="only this set (may be repeated)")
    masking.add_argument(
        "--templates", type=Path, default=None, help="JSON Lines of reply templates, to count alarms on"
    )
    masking.add_argument(
        "--misses", action="store_true", help="show what was missed or masked in vain; not of the blind set"
    )
    masking.add_argument("--json", action="store_true", help="print the figures as JSON")
    masking.set_defaults(run=_masking)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _masking(options: argparse.Namespace) -> int:
    measured = [measure_set(name) for name in options.set or SETS]
    if options.templates is not None and options.templates.is_file():
        measured.append(measure_templates(options.templates))
    elif options.templates is not None:
        print(f"{options.templates} is not there: templates are left out", file=sys.stderr)
    if options.json:
        print(json.dumps([each.to_json() for each in measured], ensure_ascii=False))
        return 0
    print("\n\n".join(map(table_of, measured)))
    median, p95 = milliseconds()
    print(f"\nprocessor time for a mail of {WORDS} words: median {median:.2f} ms, 95th percentile {p95:.2f} ms")
    if options.misses:
        print("\n".join(line for each in measured for line in each.shown_misses))
    return 0


if __name__ == "__main__":
    sys.exit(main())
