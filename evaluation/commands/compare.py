"""``python -m evaluation compare``: two folders of results on the same set, side by side."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from evaluation.compare_runs import compare, comparison_results, comparison_table
from evaluation.result_folder import read_results
from evaluation.table import print_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("a", type=Path, help="folder of results, or its metrics.json")
    parser.add_argument("b", type=Path, help="the other one")
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON")


def run(options: argparse.Namespace) -> int:
    """Print what changed from A to B, with intervals over the questions that both answered."""
    comparison = compare(read_results(options.a), read_results(options.b))
    if options.json:
        print(json.dumps(comparison_results(comparison), indent=2, sort_keys=True, ensure_ascii=False))
    else:
        print_table(comparison_table(comparison), sys.stdout)
    return 0
