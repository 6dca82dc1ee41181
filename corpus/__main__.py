"""``python -m corpus``: import foreign exports, look at templates; measure masking and recovery of uses."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus.folder import read_corpus
from corpus.importers import command as importing
from corpus.privacy.measuring import SETS, measure_set, measure_templates, table_of
from corpus.privacy.timing import WORDS, milliseconds
from corpus.quicktext import lint_command
from corpus.recovery import measuring as recovery


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 usage."""
    parser = argparse.ArgumentParser(
        prog="python -m corpus", description="Make a corpus, and measure what is done with it."
    )
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
    recovering = commands.add_parser("recovery", help="print how well used templates and articles are recognised")
    recovering.add_argument("--corpus", type=Path, required=True, help="corpus folder")
    recovering.add_argument("--json", action="store_true", help="print the figures as JSON")
    recovering.set_defaults(run=_recovery)
    importing.add_command(commands)
    linting = commands.add_parser("lint", help="say what is wrong with, or doubtful about, templates")
    lint_command.add_arguments(linting)
    linting.set_defaults(run=lint_command.run)
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


def _recovery(options: argparse.Namespace) -> int:
    corpus = read_corpus(options.corpus)
    hidden = recovery.measure_hidden(corpus)
    rehearsed = recovery.measure_rehearsed(corpus.templates)
    if options.json:
        parts = {"hidden": hidden, "rehearsed": rehearsed}
        print(json.dumps({name: [each.to_json() for each in scores] for name, scores in parts.items()}))
        return 0
    print(recovery.table_of("what cases with an agent's message name, hidden and recovered:", hidden))
    print(recovery.table_of("templates sent in a rehearsal, by what was done to their text:", rehearsed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
