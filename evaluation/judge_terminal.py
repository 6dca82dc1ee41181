"""Judging in a terminal: a case, one candidate, one key."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from corpus.shorten import shorten
from corpus.text import normalise
from evaluation.judging import BEST, NOT, RELEVANT, Grade, JudgingSession
from evaluation.judging_folder import JudgingTexts, Shown

# Returns the next key, "" when there are no more.
ReadKey = Callable[[], str]

CASE_WORDS, CASE_ENDING = 180, 40
EXCERPT_WORDS = 90

_GRADES: Mapping[str, Grade | None] = MappingProxyType({"j": RELEVANT, "y": RELEVANT, "b": BEST, "n": NOT, "s": None})
_UNDO, _MORE = "u", "m"
_QUIT = frozenset({"q", "", "\x03", "\x04"})
_HELP = "j (or y) helps · b the best there is · n does not help · s cannot say · u undo · m all of the text · q quit"


def judge_in_terminal(session: JudgingSession, texts: JudgingTexts, console: Console, read_key: ReadKey) -> None:
    """Ask for a word on each pair until all are judged, the judge quits, or there are no more keys.

    What is shown of an item is its text alone: not which system found it, nor at which rank, nor with what score.
    """
    whole = False
    note = ""
    while (pair := session.current) is not None:
        question, item = pair
        _show(console, session, texts.questions[question], texts.items[item], whole=whole, note=note)
        key = read_key().lower()
        if key in _QUIT:
            return
        whole, note = _answer(session, key, whole=whole)


@contextmanager
def terminal_keys() -> Iterator[ReadKey]:
    """Yield a reader of single keys from a terminal, or of the letters of whatever else is standard input."""
    if not sys.stdin.isatty():
        yield _piped_key
        return
    # Imported by need: there is none where there are no such terminals.
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        # Ctrl-C keeps its meaning.
        tty.setcbreak(descriptor)
        yield lambda: sys.stdin.read(1)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _piped_key() -> str:
    while (key := sys.stdin.read(1)).isspace():
        pass
    return key


def _answer(session: JudgingSession, key: str, *, whole: bool) -> tuple[bool, str]:
    """Do what a key says; return whether whole texts are shown next, and what to tell the judge."""
    if key in _GRADES:
        session.judge(_GRADES[key])
        return False, ""
    if key == _UNDO:
        return False, "" if session.undo() else "There is nothing to take back."
    if key == _MORE:
        return not whole, ""
    return whole, f"{key!r} has no meaning here."


def _show(console: Console, session: JudgingSession, case: Shown, item: Shown, *, whole: bool, note: str) -> None:
    if console.is_terminal:
        console.clear()
    console.print(
        _panel("Case", case, _text(case, CASE_WORDS, CASE_ENDING, whole=whole)),
        _panel("Does this help?", item, _text(item, EXCERPT_WORDS, 0, whole=whole)),
        Text(f"{session.done + 1} of {session.total} · {_HELP}", "dim"),
    )
    if note:
        console.print(Text(note, "bold"))


def _panel(heading: str, shown: Shown, text: Group) -> Panel:
    facts = [f"{name} {normalise(value)}" for name, value in shown.facts]
    return Panel(text, title=Text(" · ".join([heading, *facts])))


def _text(shown: Shown, words: int, ending: int, *, whole: bool) -> Group:
    # Cleaned and never read as markup: customers may write what a terminal would obey.
    text = normalise(shown.text)
    cut = text if whole else shorten(text, words, ending=ending)
    lines = [Text(normalise(shown.title), "bold")] if shown.title else []
    return Group(*lines, Text(cut if len(cut) == len(text) or ending else f"{cut} …"))
