"""``python -m evaluation gate``: fail when results are below their floors, or dropped significantly."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evaluation.floors import SHIPPED, read_floors
from evaluation.gate import Failure, check, drops
from evaluation.result_folder import read_results
from index.cli import DONE, NOT_GOOD_ENOUGH


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("results", type=Path, nargs="+", help="folders of results, or their metrics.json")
    parser.add_argument("--gates", type=Path, default=SHIPPED, help="file of floors")
    parser.add_argument("--against", type=Path, default=None, help="results of the last accepted run on the same set")


def run(options: argparse.Namespace) -> int:
    """Print each failure with set, metric, both values and interval; 4 when there is one."""
    floors = read_floors(options.gates)
    failures: list[Failure] = []
    for path in options.results:
        results = read_results(path)
        if options.against is None and results.dataset not in floors.sets:
            print(f"error: {options.gates} has no floors for {results.dataset}; add them", file=sys.stderr)
            return NOT_GOOD_ENOUGH
        failures += check(results.metrics, floors)
        if options.against is not None:
            failures += drops(results, read_results(options.against))
    for failure in failures:
        print(f"gate: {failure}", file=sys.stderr)
    print("gate: failed" if failures else "gate: passed")
    return NOT_GOOD_ENOUGH if failures else DONE
