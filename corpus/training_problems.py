"""What the text encoder learns from: service problems as an organisation words them, and as laymen do.

``corpus/training/`` has a file of JSON Lines for each industry and language, and its README says how they are written.
One object a line: ``{id, industry, language, title, article, question, family, mails[{form, subject, voice, text}]}``,
of which question, family, subject and voice may be absent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.findings import Findings
from corpus.json_rows import Row, read_rows
from corpus.wording import pointer, show

TRAINING = Path(__file__).parent / "training"
FORMS = ("email", "note", "chat", "letter")
LANGUAGES = ("de", "en")
MIN_MESSAGES = 2

_FILE_NAME = re.compile(r"(?P<industry>[a-z]+)\.(?P<language>[a-z]+)\.jsonl")
_PROBLEM_KEYS = ("id", "industry", "language", "title", "article", "question", "family", "mails")
_MESSAGE_KEYS = ("form", "subject", "voice", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingMessage:
    """What somebody wrote about a problem; ``form`` is one of FORMS, ``voice`` says who writes, such as ``elderly``."""

    form: str
    subject: str | None
    voice: str | None
    text: str

    @property
    def whole(self) -> str:
        """The subject, if there is one, and the text below it."""
        return f"{self.subject}\n{self.text}" if self.subject else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingProblem:
    """A need: the official article about it, a layman's question, and messages of people who have it.

    Problems of one ``family`` are close neighbours: the same object, another need.
    """

    id: str
    industry: str
    language: str
    title: str
    article: str
    question: str | None
    family: str | None
    messages: tuple[TrainingMessage, ...]


def read_training(folder: Path = TRAINING) -> tuple[TrainingProblem, ...]:
    """Return the problems of all files of a folder, in the order of file names and lines.

    Raises ``corpus.findings.CorpusErrors`` with the faults of all files; unknown keys are faults.
    """
    findings = Findings()
    places: dict[str, str] = {}
    problems = [problem for path in _files(folder, findings) for problem in _read(path, findings, places)]
    findings.raise_if_any()
    return tuple(problems)


def _files(folder: Path, findings: Findings) -> list[Path]:
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        message = "found no files of JSON Lines in this folder, expected some such as energy.de.jsonl"
        findings.add(str(folder), None, "", message)
    return files


def _read(path: Path, findings: Findings, places: dict[str, str]) -> Iterator[TrainingProblem]:
    expected = _FILE_NAME.fullmatch(path.name)
    if expected is None or expected["language"] not in LANGUAGES:
        message = f"expected a name such as energy.de.jsonl: industry, then one of {', '.join(LANGUAGES)}"
        findings.add(path.name, None, "", message)
        return
    try:
        for row in read_rows(path, path.name, findings, unique="id"):
            _check_place(row, places)
            yield _problem(row, expected.groupdict())
    except OSError as error:
        message = f"cannot be opened ({error.strerror}), expected a readable file: check its permissions"
        findings.add(path.name, None, "", message)


def _check_place(row: Row, places: dict[str, str]) -> None:
    """Note an id that another file has already; ``read_rows`` sees to those of the same file."""
    key = row.values["id"]
    first = places.setdefault(key, f"{row.file}:{row.line}")
    if not first.startswith(f"{row.file}:"):
        row.fault("id", f"found {show(key)}, which {first} has already, expected each id once")


def _problem(row: Row, expected: Mapping[str, str]) -> TrainingProblem:
    _check_keys(row, _PROBLEM_KEYS)
    for key, value in expected.items():
        if (found := row.text(key)) and found != value:
            row.fault(key, f"found {show(found)}, expected {show(value)} as the name of the file says")
    return TrainingProblem(
        id=row.text("id"),
        industry=expected["industry"],
        language=expected["language"],
        title=row.text("title"),
        article=row.text("article"),
        question=_text_if_there(row, "question"),
        family=_text_if_there(row, "family"),
        messages=tuple(_messages(row)),
    )


def _messages(row: Row) -> Iterator[TrainingMessage]:
    found = row.values.get("mails")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        row.fault("mails", f"found {show(found)}, expected a list of objects with form, subject, voice and text")
        return
    if len(found) < MIN_MESSAGES:
        row.fault("mails", f"found {len(found)}, expected at least {MIN_MESSAGES}: a problem is met by several people")
    for number, values in enumerate(found):
        yield _message(Row(row.file, row.line, values, row.findings, f"/mails/{number}"))


def _message(row: Row) -> TrainingMessage:
    _check_keys(row, _MESSAGE_KEYS)
    if (form := row.text("form")) and form not in FORMS:
        row.fault("form", f"found {show(form)}, expected one of {', '.join(FORMS)}")
    return TrainingMessage(
        form=form,
        subject=_text_if_there(row, "subject"),
        voice=_text_if_there(row, "voice"),
        text=row.text("text"),
    )


def _check_keys(row: Row, known: Collection[str]) -> None:
    for key in row.values:
        if key not in known:
            place = row.pointer + pointer([key])
            row.findings.add(row.file, row.line, place, "unknown key: remove it or correct its spelling")


def _text_if_there(row: Row, key: str) -> str | None:
    """Return a text that is not blank, or None where the key is absent: nothing is written as null or empty."""
    return row.text(key) if key in row.values else None
