"""What the training data holds, as the tables of its README: ``python -m corpus.training_counts``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus.findings import CorpusErrors
from corpus.plain_passages import PLAIN, PlainPassage, read_plain
from corpus.training_checks import check_training
from corpus.training_leaks import MAX_FIRST, leak_figures
from corpus.training_problems import FORMS, LANGUAGES, TRAINING, TrainingProblem, read_training

_TOTAL = "all"
_UNTOLD = "not told"


def describe(problems: Sequence[TrainingProblem], plain: Sequence[PlainPassage]) -> str:
    """Return counts by industry, form and voice, and the words of titles in the messages, as Markdown tables.

    A last one counts what is held and not learned.
    """
    forms = [(message.form, each.language) for each in problems for message in each.messages]
    voices = [(message.voice or _UNTOLD, each.language) for each in problems for message in each.messages]
    tables = (
        _table("problems by industry", [(each.industry, each.language) for each in problems]),
        _table("messages by form", forms, FORMS),
        _table("messages by voice", voices),
        _leaks(problems),
        _table("held", [(name, each.language) for each in plain for name in ("questions", "passages")]),
    )
    return "\n\n".join("\n".join(table) for table in tables)


def main(arguments: Sequence[str]) -> int:
    """Print the tables of a folder (by default, of the repository's) and what the checks find; 1 if they do."""
    try:
        folder = Path(arguments[0]) if arguments else TRAINING
        problems = read_training(folder)
        plain = read_plain(folder / PLAIN.name) if (folder / PLAIN.name).is_dir() else ()
    except CorpusErrors as errors:
        print(errors, file=sys.stderr)
        return 1
    print(describe(problems, plain))
    findings = check_training(problems)
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


def _table(title: str, pairs: Iterable[tuple[str, str]], order: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines of a table of (name, language) pairs; names in the order given, or by the alphabet."""
    counts = Counter(pairs)
    yield from _head(title, *LANGUAGES, _TOTAL)
    for name in order or sorted({name for name, _ in counts}):
        numbers = [counts[name, language] for language in LANGUAGES]
        yield _line(name, *numbers, sum(numbers))
    totals = [sum(count for (_, each), count in counts.items() if each == language) for language in LANGUAGES]
    yield _line(_TOTAL, *totals, sum(totals))


def _leaks(problems: Sequence[TrainingProblem]) -> Iterator[str]:
    yield from _head("messages by words of their title", *range(MAX_FIRST + 1), "share of title words found")
    parts = {
        "de, without a question": [each for each in problems if each.language == "de" and each.question is None],
        "de, with a question": [each for each in problems if each.language == "de" and each.question is not None],
        "en": [each for each in problems if each.language == "en"],
        _TOTAL: problems,
    }
    for name, part in parts.items():
        figures = leak_figures(part)
        messages = (figures.messages.get(number, 0) for number in range(MAX_FIRST + 1))
        yield _line(name, *messages, f"{figures.share:.1%}")


def _head(*names: object) -> Iterator[str]:
    yield _line(*names)
    yield _line("---", *("---:" for _ in names[1:]))


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
