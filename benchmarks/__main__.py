"""``python -m benchmarks``: measure how fast it is, and write results, plots and a page."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.goals import goals
from benchmarks.options import add_arguments, parts_of, plan_of
from benchmarks.page import goal_lines, write_page
from benchmarks.parts import build, encoder, search, side_by_side, start, suggest, sustained, throughput
from benchmarks.plan import Found, Plan, Say, say
from benchmarks.programs import ProgramError
from benchmarks.results import ResultsError, read_results, result_of, write_result
from benchmarks.service import ServiceError
from benchmarks.worlds import remove_worlds
from corpus.findings import CorpusErrors
from corpus.store_errors import StoreError
from index.cli import exit_code_of
from index.encoder import EncoderError
from index.snapshot import SnapshotError

_PARTS: Mapping[str, Callable[[Plan, Say], Found]] = {
    each.NAME: each.run for each in (encoder, search, suggest, throughput, sustained, build, start, side_by_side)
}
# What may go wrong with one part; the others are measured all the same.
_FAILURES = (
    CorpusErrors,
    EncoderError,
    OSError,
    ProgramError,
    ServiceError,
    SnapshotError,
    StoreError,
    ValueError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and return the exit code: 0 done, 1 when a part could not be measured, 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure how fast it is.")
    add_arguments(parser)
    options = parser.parse_args(arguments)
    return exit_code_of(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    plan = plan_of(options)
    try:
        failed = [part for part in parts_of(options) if not _measured(part, plan, options.out)]
    finally:
        remove_worlds(plan)
    try:
        page = write_page(options.out)
        found = goals(read_results(options.out))
    except ResultsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(json.dumps([asdict(each) for each in found], indent=1) if options.json else "\n".join(goal_lines(found)))
    say(f"results: {page}")
    for part in failed:
        say(f"error: the part {part} could not be measured; the page says why")
    return 1 if failed else 0


def _measured(part: str, plan: Plan, out: Path) -> bool:
    """Measure one part and write its results; return whether that went well."""
    say(f"== {part}")
    load, begin, found, failed = os.getloadavg()[0], time.perf_counter(), {}, None
    plan.folder.mkdir(parents=True, exist_ok=True)
    try:
        found = _PARTS[part](plan, say)
    except _FAILURES as error:
        failed = f"{type(error).__name__}: {error}"
        say(f"error: {failed}")
    seconds = time.perf_counter() - begin
    write_result(out, result_of(part, plan, load_before=load, seconds=seconds, found=found, failed=failed))
    return failed is None


if __name__ == "__main__":
    sys.exit(main())
