"""``python -m evaluation features``: what further features of a candidate would add to the shipped ranking."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evaluation.commands.opening import files_hash, open_workbench
from evaluation.feature_candidates import FEATURES
from evaluation.feature_differences import Told, told
from evaluation.feature_material import StudiedSet, studied_sets
from evaluation.feature_study import METRIC, hold_out_each

QUESTIONS = 200
BASE = "none"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument(
        "--questions",
        type=_at_least_one,
        default=QUESTIONS,
        metavar="N",
        help=f"how many questions of a set to ask at most (default {QUESTIONS})",
    )
    parser.add_argument("--out", type=Path, default=Path("out/features"), help="folder for features.json")


def run(options: argparse.Namespace) -> int:
    """Measure every feature on every family left out; write ``features.json`` and print the table in Markdown."""
    with open_workbench() as bench:
        sets = list(studied_sets(bench, options.data, options.questions))
        with bench.reporter.stage("fit and measure") as update:
            base, held = hold_out_each(sets, list(FEATURES), update)
        results = told(sets, base, held)
    facts = {
        "encoder": bench.encoder.fingerprint,
        "data": {part: files_hash(options.data / part) for part in ("beir", "mails")},
        "questions": {each.name: len(each.questions) for each in sets},
    }
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document(facts, results), indent=1, ensure_ascii=False)
    (options.out / "features.json").write_text(text + "\n", encoding="utf-8")
    print("\n".join(lines(sets, results)))
    return 0


def document(facts: dict[str, Any], results: Sequence[Told]) -> dict[str, Any]:
    """Return the study as JSON: the facts, and by feature its weights, means and differences."""
    every = {each.feature or BASE: asdict(each) for each in results}
    for each in every.values():
        del each["feature"]
    return {"fingerprints": facts, "metric": METRIC, "features": every}


def lines(sets: Sequence[StudiedSet], results: Sequence[Told]) -> Iterator[str]:
    """Yield the table: the means without any feature, then what each feature changes, with 95 % intervals."""
    headings = list(results[0].means)
    asked = sum(len(each.questions) for each in sets)
    yield f"{METRIC}, {asked} questions of {len(sets)} sets, each family measured with weights fitted on the others"
    yield ""
    yield f"| feature | {' | '.join(headings)} |"
    yield f"|---|{'---|' * len(headings)}"
    for each in results:
        yield f"| {each.feature or BASE} | {' | '.join(_entry(each, heading) for heading in headings)} |"


def _entry(each: Told, heading: str) -> str:
    if heading not in each.differences:
        return f"{each.means[heading]:.4f}"
    difference = each.differences[heading]
    return f"{difference.mean:+.4f} ({difference.ci95.low:+.4f} to {difference.ci95.high:+.4f})"


def _at_least_one(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number of at least 1")
    return number
