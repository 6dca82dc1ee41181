"""``python -m evaluation contrast``: ours against every other system over the results of many sets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluation.contrast import Contrast, contrasts
from evaluation.metrics import METRICS
from evaluation.paired import Difference
from evaluation.per_query import Outcome, read_per_query

_FILE = "per_query.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("results", type=Path, help="folder with a folder of results for each set")
    parser.add_argument("--only", action="append", metavar="NAME", help="only sets of this name (may be repeated)")
    parser.add_argument("--kind", default="articles", help="the kind that was asked for (default articles)")
    parser.add_argument("--metric", choices=METRICS, default="nDCG@10", help="what to compare (default nDCG@10)")


def run(options: argparse.Namespace) -> int:
    """Print a table in Markdown; exit code 1 where there is nothing to compare."""
    found = {
        file.parent.name: _of_kind(read_per_query(file), options.kind)
        for file in sorted(options.results.glob(f"*/{_FILE}"))
        if not options.only or file.parent.name in options.only
    }
    asked = {name: outcomes for name, outcomes in found.items() if outcomes}
    if not asked:
        print(
            f"error: found no {_FILE} about {options.kind} below {options.results}, expected results of "
            "`make evaluate-open`",
            file=sys.stderr,
        )
        return 1
    print("\n".join(_table(list(contrasts(asked, options.metric)))))
    return 0


def _of_kind(outcomes: Sequence[Outcome], kind: str) -> list[Outcome]:
    return [each for each in outcomes if each.kind == kind]


def _table(rows: Sequence[Contrast]) -> Iterator[str]:
    yield "| ours less | sets | mean of sets (95 %) | mean of families (95 %) | ahead on | behind on |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        yield (
            f"| {row.system} | {row.count} | {_told(row.sets)} | {_told(row.families)} "
            f"| {len(row.ahead)} | {', '.join(row.behind) or '-'} |"
        )


def _told(difference: Difference) -> str:
    return f"{difference.mean:+.3f} ({difference.ci95.low:+.3f} to {difference.ci95.high:+.3f})"
