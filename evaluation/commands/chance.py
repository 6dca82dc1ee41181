"""``python -m evaluation chance``: how far the best of so many items stands out for questions that none answers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluation.chance import Chance, by_set, chances
from evaluation.commands.opening import open_workbench
from evaluation.fit_material import content_sets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--questions", type=int, default=12, help="how many questions of each other set to ask (12)")


def run(options: argparse.Namespace) -> int:
    """Print a table in Markdown."""
    with open_workbench() as bench:
        sets = list(content_sets(options.data, questions=options.questions, mails=options.questions))
        found = list(chances(sets, bench, options.questions))
    print("\n".join(lines(found)))
    return 0


def lines(found: Sequence[Chance]) -> Iterator[str]:
    """Yield a row for each set: how far the first stands out, by the number of items."""
    yield "| set | the first of so many stands out by (expected by chance) |"
    yield "|---|---|"
    for name, each in by_set(found).items():
        yield f"| {name} | {', '.join(f'{one.items}: {one.found:.2f} ({one.expected:.2f})' for one in each)} |"
