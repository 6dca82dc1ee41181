"""The command line of ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.plan import Plan, Sustained, quick
from benchmarks.results import PARTS

# These take what is not always there: an environment of their own, or a rate to keep up.
_ON_REQUEST = ("sustained", "side-by-side")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments."""
    usual = Plan()
    parser.add_argument(
        "--parts",
        type=_parts,
        default=None,
        help=f"parts to measure, separated by commas: {', '.join(PARTS)}; default all but {' and '.join(_ON_REQUEST)}; "
        "none: only write the page from the results that are there",
    )
    parser.add_argument("--quick", action="store_true", help="every part once, tiny, with the toy encoder: a smoke run")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench"), help="folder for the results (default out/bench)"
    )
    parser.add_argument("--var", type=Path, default=Path("var"), help="state is kept in VAR/bench (default var)")
    parser.add_argument("--json", action="store_true", help="print the goals as JSON")
    parser.add_argument("--encoder", default=usual.encoder, help="packaged (default), plain or toy")
    parser.add_argument("--sections", type=Path, default=usual.sections, help="JSON Lines of title and body")
    parser.add_argument("--data", type=Path, default=usual.data, help="folder of BEIR folders")
    parser.add_argument("--sets", type=_names, default=usual.sets, help=f"of side-by-side ({','.join(usual.sets)})")
    parser.add_argument("--sizes", type=_numbers(1), default=usual.sizes, help="passages of the search part")
    parser.add_argument(
        "--real-up-to", type=_number(0), default=usual.real_up_to, help="passages that are encoded; random beyond"
    )
    parser.add_argument("--passages", type=_number(100), default=usual.passages, help="of the service and the build")
    parser.add_argument("--cases", type=_number(1), default=usual.cases, help="solved cases of the service")
    parser.add_argument("--start-sizes", type=_numbers(1), default=usual.start_sizes, help="passages of the start part")
    parser.add_argument("--samples", type=_number(1), default=usual.samples, help="texts that are asked")
    parser.add_argument("--rounds", type=_number(1), default=usual.rounds, help="how often each is asked")
    parser.add_argument("--questions", type=_number(1), default=usual.questions, help="of each set of side-by-side")
    parser.add_argument("--seconds", type=_positive, default=usual.seconds, help="of each step of throughput")
    parser.add_argument("--clients", type=_numbers(1), default=usual.clients, help="steps of throughput")
    parser.add_argument(
        "--sustained",
        nargs=2,
        type=_positive,
        default=None,
        metavar=("RATE", "SECONDS"),
        help="measure a steady load too",
    )


def parts_of(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the parts to measure, in their order."""
    if options.parts is not None:
        chosen = set(options.parts)
    elif options.quick:
        chosen = set(PARTS)
    else:
        chosen = set(PARTS) - set(_ON_REQUEST)
    if options.sustained is not None:
        chosen.add("sustained")
    return tuple(part for part in PARTS if part in chosen)


def plan_of(options: argparse.Namespace) -> Plan:
    """Return the plan that the options ask for; a smoke run keeps its own sizes."""
    plan = Plan(
        encoder=options.encoder,
        var=options.var,
        sections=options.sections,
        data=options.data,
        sizes=options.sizes,
        real_up_to=options.real_up_to,
        passages=options.passages,
        cases=options.cases,
        start_sizes=options.start_sizes,
        samples=options.samples,
        rounds=options.rounds,
        seconds=options.seconds,
        clients=options.clients,
        sustained=None
        if options.sustained is None
        else Sustained(rate=options.sustained[0], seconds=options.sustained[1]),
        sets=options.sets,
        questions=options.questions,
        run=uuid.uuid4().hex,
    )
    return replace(quick(plan), sustained=plan.sustained or quick(plan).sustained) if options.quick else plan


def _parts(text: str) -> tuple[str, ...]:
    names = () if text == "none" else _names(text)
    if unknown := sorted(set(names) - set(PARTS)):
        raise argparse.ArgumentTypeError(f"found {', '.join(unknown)}, expected some of {', '.join(PARTS)}, or none")
    return names


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _number(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number of at least {least}")
        return int(text)

    return number


def _numbers(least: int) -> Callable[[str], tuple[int, ...]]:
    one = _number(least)
    return lambda text: tuple(one(name) for name in _names(text))


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a number above 0")
    return value
