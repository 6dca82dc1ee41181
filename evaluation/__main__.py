"""``python -m evaluation``: measure suggestion precision, compare, gate, judge, fit the shipped scorers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from evaluation import judge_command
from evaluation.commands import (
    chance,
    compare,
    contrast,
    corpus_report,
    features,
    feedback,
    fit_encoder,
    fit_shipped_ranker,
    gate,
    mails,
    open_sets,
    passages,
    run,
    typed,
    urgency,
)
from index.adapter import AdapterError
from index.cli import exit_code_of

_COMMANDS = (
    (run, "run", "measure one set"),
    (open_sets, "open", "measure every set under a folder, one table at the end"),
    (mails, "mails", "measure encoders, centring and views on what customers write"),
    (typed, "typed", "measure what is suggested after 3, 6 and 12 typed words"),
    (features, "features", "measure what further features would add to the shipped ranking"),
    (passages, "passages", "measure how articles are cut into passages and how their cosines are blended"),
    (feedback, "feedback", "measure what a month of feedback brings, and what an adversary can do with it"),
    (urgency, "urgency", "measure whether urgent cases can be told by what customers write"),
    (chance, "chance", "measure how far the best of so many items stands out where none answers"),
    (compare, "compare", "show what changed between two results on the same set"),
    (contrast, "contrast", "show ours against every other system over the results of many sets"),
    (gate, "gate", "fail when results are below their floors or dropped"),
    (corpus_report, "corpus-report", "tell what is wrong with a knowledge base, and what to do"),
    (judge_command, "judge", "label the cases of a corpus, blind to the system"),
    (fit_shipped_ranker, "fit-shipped-ranker", "fit the shipped scorers on the open sets"),
    (fit_encoder, "fit-encoder", "fit the encoder's adapter to how customers write"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 usage, 3 refused, 4 gate failed."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description="Measure suggestion precision.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module, name, text in _COMMANDS:
        command = commands.add_parser(name, help=text)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    options = parser.parse_args(arguments)
    try:
        return exit_code_of(lambda: int(options.run(options)))
    except (ValueError, AdapterError) as error:  # a set, a result or an adapter that cannot be used says what is wrong
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
