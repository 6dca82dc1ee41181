"""``python -m evaluation open``: measure every set under a folder, one table at the end."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evaluation.commands.measuring import measure_set
from evaluation.commands.opening import add_measuring_arguments, open_workbench
from evaluation.open_sets import find_open_sets
from evaluation.table import print_table, sets_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--data", type=Path, required=True, help="folder with beir/, history/ and mails/")
    parser.add_argument("--only", action="append", default=None, metavar="NAME", help="only sets of this name")
    add_measuring_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Measure the sets one after the other; a set that cannot be read is named and the others go on."""
    found = [each for each in find_open_sets(options.data) if not options.only or each.name in options.only]
    every, failed = [], 0
    with open_workbench() as bench:
        for number, each in enumerate(found, start=1):
            print(f"[{number}/{len(found)}] {each.name}", file=sys.stderr, flush=True)
            try:
                every.append(measure_set(each.load(), each.path, bench, options, options.out / each.name))
            except ValueError as error:
                print(f"error: {each.name}: {error}", file=sys.stderr)
                failed += 1
    print_table(sets_table(every), sys.stdout)
    return 1 if failed else 0
