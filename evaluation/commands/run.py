"""``python -m evaluation run``: measure one set."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evaluation.beir import read_beir
from evaluation.commands.measuring import measure_set
from evaluation.commands.opening import add_measuring_arguments, open_workbench
from evaluation.hiding import hide_history, shuffle_history, with_newest
from evaluation.history_sets import read_history
from evaluation.new_items import parted_sets
from evaluation.problems import read_problems, read_similar_problems
from evaluation.questions import JudgedSet
from evaluation.table import print_table, sets_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--dataset", type=Path, help="BEIR folder")
    source.add_argument("--corpus", type=Path, help="canonical corpus folder with solved cases")
    source.add_argument("--problems", type=Path, help="file of problems with two messages each")
    parser.add_argument("--run-file", dest="run_files", type=Path, action="append", help="TREC run of another system")
    parser.add_argument("--hide-history", type=float, default=None, metavar="SHARE", help="hide this share of items")
    parser.add_argument("--shuffle-history", type=float, default=None, metavar="SHARE", help="mix up such a share")
    parser.add_argument("--newest-history", type=int, default=None, metavar="CASES", help="keep only the newest cases")
    parser.add_argument(
        "--keep-near",
        action="store_true",
        help="keep tests that nearly repeat history, as an official split may ask; told as leaked",
    )
    parser.add_argument(
        "--without-rules",
        action="store_true",
        help="suggest actions whatever their rules (`when`, `max_per_case`) say, to see what rules do for precision",
    )
    parser.add_argument("--seed", type=int, default=7, help="what is hidden or mixed up (default 7)")
    add_measuring_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Measure the set, write its results, print its table."""
    data: Path = options.dataset or options.corpus or options.problems
    judged = _read(options)
    with open_workbench(rules=not options.without_rules) as bench:
        if options.hide_history is None:
            every = [measure_set(judged, data, bench, options, options.out)]
        else:
            every = []
            for part, sets in _hidden(judged, options).items():
                every.append(measure_set(sets, data, bench, options, options.out / part))
    print_table(sets_table(every), sys.stdout)
    print(f"report: {options.out / 'report.html'}" if options.hide_history is None else f"results: {options.out}")
    return 0


def _read(options: argparse.Namespace) -> tuple[JudgedSet, ...]:
    if options.dataset is not None:
        return (read_beir(options.dataset),)
    if options.corpus is not None:
        return tuple(_worsened(each, options) for each in read_history(options.corpus, keep_near=options.keep_near))
    return read_problems(options.problems), read_similar_problems(options.problems)


def _worsened(judged: JudgedSet, options: argparse.Namespace) -> JudgedSet:
    if options.newest_history is not None:
        judged = with_newest(judged, options.newest_history)
    return judged if options.shuffle_history is None else shuffle_history(judged, options.shuffle_history, options.seed)


def _hidden(judged: tuple[JudgedSet, ...], options: argparse.Namespace) -> dict[str, tuple[JudgedSet, ...]]:
    """Return the sets with hidden history by part: questions about hidden items, and the others."""
    parts: dict[str, tuple[JudgedSet, ...]] = {}
    for each in judged:
        without, hidden = hide_history(each, options.hide_history, options.seed)
        for part, cut in parted_sets(without, hidden).items():
            parts[part] = (*parts.get(part, ()), cut)
    return parts
