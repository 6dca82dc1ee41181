"""``python -m assist suggest``: one JSON answer a line, in the form of the REST answer, for a file of cases."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path

from assist.api.serialise import suggestions_json
from assist.bootstrap import current_suggester
from assist.models import SUGGEST_KINDS, SuggestRequest
from assist.settings import Settings
from corpus.folder import read_cases
from corpus.models import Case
from corpus.times import parse_time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--cases", type=Path, required=True, help="JSON Lines file of cases, as in a corpus folder")
    parser.add_argument("--limit", type=int, default=3, choices=range(1, 21), metavar="1..20", help="items per kind")
    parser.add_argument("--min-confidence", type=float, default=None, help="0 to 1; 0 switches abstaining off")
    parser.add_argument("--as-of", type=parse_time, default=None, help="judge validity and rules at this time")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print one answer a line, in the order of the file."""
    cases = read_cases(options.cases)
    suggester = current_suggester(settings)
    as_of: datetime | None = options.as_of
    for case in cases:
        request = SuggestRequest(
            case=case,
            actions_done=_done(case),
            limits=dict.fromkeys(SUGGEST_KINDS, options.limit),
            min_confidence=options.min_confidence,
            as_of=as_of,
            audiences=settings.audiences,
        )
        answer = suggestions_json(suggester.suggest(request))
        print(json.dumps({"case": case.id, **answer}, ensure_ascii=False, allow_nan=False), flush=True)
    return 0


def _done(case: Case) -> tuple[str, ...]:
    # What an open case lists was done so far; in a closed one it would tell how the case went on.
    return tuple(use.id for use in case.actions) if case.closed_at is None else ()
