"""``python -m assist explain``: why a case is given what it is given."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from assist.explain import explainer
from assist.explaining.as_json import explanation_json
from assist.explaining.models import DEFAULT_LISTED, MAX_LISTED, ExplainRequest, UnknownItemError
from assist.explaining.tables import print_explanation
from assist.models import SuggestRequest
from assist.opening import current_suggester
from assist.questions import QuestionFileError, read_question
from assist.settings import Settings
from corpus.models import primary_language
from corpus.times import parse_time
from index.cli import DONE, FAILED, print_error
from index.situations import USED_KINDS, UsedKind


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--case", type=Path, required=True, help="JSON file: a case, or a body of POST /v1/suggest")
    parser.add_argument("--kind", choices=USED_KINDS, default=None, help="one kind only")
    parser.add_argument("--item", default=None, metavar="ID", help="the whole story of one item")
    parser.add_argument(
        "--limit",
        type=int,
        default=DEFAULT_LISTED,
        choices=range(1, MAX_LISTED + 1),
        metavar=f"1..{MAX_LISTED}",
        help=f"how many items of a kind are told of (default {DEFAULT_LISTED})",
    )
    parser.add_argument("--as-of", type=parse_time, default=None, help="judge validity and rules at this time")
    parser.add_argument(
        "--audience", action="append", default=None, help="as who is in this audience (default: ASSIST_AUDIENCES)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the explanation as tables, or as JSON."""
    try:
        request = _request(settings, options)
        told = current_suggester(settings).explain(
            ExplainRequest(
                request=request,
                kinds=_kinds(options.kind, request),
                item=options.item,
                listed=options.limit,
                seen_by=None,
            )
        )
    except (QuestionFileError, UnknownItemError) as error:
        print_error(error)
        return FAILED
    if options.json:
        print(json.dumps(explanation_json(told), ensure_ascii=False, allow_nan=False))
    else:
        language = primary_language(request.language) or told.language
        print_explanation(told, explainer(language).language, sys.stdout)
    return DONE


def _request(settings: Settings, options: argparse.Namespace) -> SuggestRequest:
    audiences = settings.audiences if options.audience is None else frozenset(options.audience)
    request = read_question(options.case, audiences)
    return request if options.as_of is None else replace(request, as_of=options.as_of)


def _kinds(asked: UsedKind | None, request: SuggestRequest) -> tuple[UsedKind, ...]:
    if asked is not None:
        return (asked,)
    return tuple(kind for kind in USED_KINDS if kind in request.limits) or USED_KINDS
