"""The options of ``python -m evaluation judge``: what they mean when a judging is made, and when it is continued."""

from __future__ import annotations

import argparse
from pathlib import Path

from evaluation.judge_making import SYSTEMS, Making
from evaluation.judging_plan import JUDGED_KINDS, SHARE, JudgingError, JudgingPlan

QUESTIONS, DEPTH, SEED = 100, 5, 7
_DEEPEST = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--out", type=Path, help="folder of the judging: made by the first call, continued by others")
    parser.add_argument("--corpus", type=Path, help="canonical corpus folder whose cases are judged")
    parser.add_argument("--judge", help="who judges (default: the name of the login)")
    parser.add_argument("--power", action="store_true", help="print how many judgements show which difference, and end")
    making = parser.add_argument_group("how the judging is made; settled by the first call")
    making.add_argument("--questions", type=_at_least_one, help=f"cases to judge (default {QUESTIONS})")
    making.add_argument("--depth", type=int, choices=range(1, _DEEPEST + 1), metavar=f"1..{_DEEPEST}",
                        help=f"first items of each system that are pooled (default {DEPTH})")  # fmt: skip
    making.add_argument("--seed", type=int, help=f"decides every order and which are judged twice (default {SEED})")
    making.add_argument("--kind", choices=JUDGED_KINDS, help=f"what is judged (default {JUDGED_KINDS[0]})")
    making.add_argument("--share", type=_share, help=f"share of cases that are judged twice, 0 to 1 (default {SHARE})")
    making.add_argument(
        "--team", type=_names, metavar="NAME,NAME", help="who share the cases (default: the judge alone)"
    )
    making.add_argument(
        "--systems", type=_names, metavar="NAME,NAME", help=f"who answers (default {','.join(SYSTEMS)})"
    )
    making.add_argument("--run-file", dest="run_files", type=Path, action="append", default=[],
                        help="TREC run of another system over the same cases, by the ids of cases")  # fmt: skip


def making_of(options: argparse.Namespace, judge: str) -> Making:
    """Return how a judging is to be made; what no option says is the default, and a team is the judge alone."""
    return Making(
        kind=options.kind or JUDGED_KINDS[0],
        questions=options.questions or QUESTIONS,
        depth=options.depth or DEPTH,
        seed=SEED if options.seed is None else options.seed,
        share=SHARE if options.share is None else options.share,
        team=options.team or (judge,),
        systems=options.systems,
        run_files=tuple(options.run_files),
    )


def check_unchanged(plan: JudgingPlan, options: argparse.Namespace) -> None:
    """Raise ``JudgingError`` when an option asks for something else than the judging was made with."""
    made = {"questions": plan.wanted, "depth": plan.depth, "seed": plan.seed, "kind": plan.kind, "share": plan.share,
            "team": plan.team}  # fmt: skip
    for name, value in made.items():
        asked = getattr(options, name)
        if asked is not None and asked != value:
            raise JudgingError(
                f"{options.out} was made with --{name} {_said(value)}, found {_said(asked)}; "
                "leave it out, or give another --out"
            )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for each in text.split(",") if (name := each.strip()))


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number from 1")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a number from 0 to 1")
    return share


def _said(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)
