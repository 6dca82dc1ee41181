"""``python -m assist train``: learn a ranker from the solved cases of the store, or go back to the shipped one."""

from __future__ import annotations

import argparse

from assist.own_ranker import forget_ranker
from assist.settings import Settings
from index.locks import WriterLock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--forget", action="store_true", help="learn nothing: let the shipped ranker serve again")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Train (exit code 4 if nothing that was learned may serve), or forget what was learned."""
    if options.forget:
        return _forget(settings)
    # The one place that leans on the evaluation: a ranker must be judged before it serves. Imported by need, for what
    # serves must not load it.
    from evaluation.training.here import train_here

    return train_here(settings)


def _forget(settings: Settings) -> int:
    with WriterLock(settings.index.var):
        name = forget_ranker(settings.index.var)
    print("the shipped ranker serves" if name is None else f"the shipped ranker serves again, {name} no longer")
    return 0
