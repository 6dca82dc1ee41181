"""``python -m assist suggest``: one JSON answer a line, in the form of the REST answer, for a file of cases."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from assist.api.serialise import suggestions_json
from assist.models import SuggestRequest
from assist.opening import current_suggester
from assist.questions import read_questions
from assist.settings import Settings
from corpus.times import parse_time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--cases", type=Path, required=True, help="JSON Lines file of cases, or of bodies of POST /v1/suggest"
    )
    parser.add_argument("--limit", type=int, default=None, choices=range(1, 21), metavar="1..20", help="items per kind")
    parser.add_argument("--min-confidence", type=float, default=None, help="0 to 1; 0 switches abstaining off")
    parser.add_argument("--as-of", type=parse_time, default=None, help="judge validity and rules at this time")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print one answer a line, in the order of the file; what the command line says wins over the file."""
    questions = read_questions(options.cases, settings.audiences)
    suggester = current_suggester(settings)
    for question in questions:
        answer = suggestions_json(suggester.suggest(_asked(question, options)))
        told = {"case": question.case.id or None, **answer}
        print(json.dumps(told, ensure_ascii=False, allow_nan=False), flush=True)
    return 0


def _asked(question: SuggestRequest, options: argparse.Namespace) -> SuggestRequest:
    given: dict[str, Any] = {"min_confidence": options.min_confidence, "as_of": options.as_of}
    if options.limit is not None:
        given["limits"] = dict.fromkeys(question.limits, options.limit)
    return replace(question, **{name: value for name, value in given.items() if value is not None})
