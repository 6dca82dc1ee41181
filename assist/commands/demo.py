"""``python -m assist demo``: the main job on the demo corpus, printed for a person, then served."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

import corpus
from assist.commands import serve
from assist.models import Suggestion, Suggestions, SuggestRequest
from assist.opening import current_suggester, encoder_of
from assist.settings import Settings
from corpus.folder import read_cases
from corpus.models import Case
from index.builder import build
from index.progress import open_reporter

_HEADINGS = {
    "articles": "Articles",
    "templates": "Templates",
    "actions": "Next steps",
    "similar_cases": "Similar cases",
}
_WIDTH = 110
# Who writes the letters of the demo, unless the settings name a company.
COMPANY = {"name": "Lindfunk", "phone": "030 23125 100", "url": "https://www.lindfunk.example"}
_PROBLEM_CHARACTERS = 420


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--no-serve", action="store_true", help="end after printing the suggestions")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Index the demo corpus, print suggestions for its six open cases, then serve, with the agent desk."""
    settings = replace(settings, desk=True, company=settings.company or COMPANY)
    if not options.no_serve:
        serve.check_binding(settings)  # before minutes of work, not after
    home = Path(corpus.__file__).parent
    with open_reporter() as reporter:
        with reporter.stage("open encoder"):
            encoder = encoder_of(settings)
        build(settings.index, encoder, home / "demo", reporter)
    suggester = current_suggester(settings, encoder)
    console = Console(file=sys.stdout, width=_WIDTH, highlight=False)
    for case in read_cases(home / "demo_cases.jsonl"):
        answer = suggester.suggest(SuggestRequest(case=case, audiences=settings.audiences))
        console.print(_panel(case, answer))
    return 0 if options.no_serve else serve.run(settings, options)


def _panel(case: Case, answer: Suggestions) -> Panel:
    tables = [_problem(case)]
    for kind, heading in _HEADINGS.items():
        shown: tuple[Suggestion, ...] = getattr(answer, kind) or ()
        tables.append(_table(heading, shown) if shown else Text(f"{heading}: nothing that is likely to help", "dim"))
    took = sum(answer.timings_ms.values())
    title = f"{case.id} · {case.channel or 'no channel'} · language {answer.language}"
    return Panel(Group(*tables), title=title, subtitle=f"{took:.0f} ms", box=box.ROUNDED)


def _problem(case: Case) -> Text | Table:
    said = [case.subject or "", case.description or "", *(f"{each.role}: {each.text}" for each in case.messages)]
    text = " ".join(" ".join(said).split())
    return Text(text if len(text) <= _PROBLEM_CHARACTERS else text[:_PROBLEM_CHARACTERS] + " …", "italic")


def _table(heading: str, shown: tuple[Suggestion, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    table.add_column(heading, ratio=5)
    table.add_column("Confidence", justify="right", width=10)
    table.add_column("Reasons", ratio=6)
    for suggestion in shown:
        reasons = "; ".join(reason.text for reason in suggestion.reasons)
        table.add_row(_label(suggestion), f"{suggestion.confidence:.0%}", reasons)
    return table


def _label(suggestion: Suggestion) -> str:
    for name in ("article", "template", "action", "case"):
        record = getattr(suggestion, name, None)
        if record is not None:
            words = getattr(record, "title", None) or getattr(record, "name", None) or getattr(record, "subject", None)
            return str(words or getattr(suggestion, "excerpt", "")[:80] or suggestion.id)
    return suggestion.id
