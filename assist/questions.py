"""Questions as files hold them: each the body of ``POST /v1/suggest``, or a bare case as in a corpus folder."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from assist.api.convert import to_suggest_request
from assist.models import SuggestRequest
from assist.schemas import SuggestBody
from corpus.findings import SHOWN, Findings
from corpus.jsonl import Limits, LineFault, read_lines
from corpus.models import Case
from corpus.problems import problems_of
from corpus.records import RecordError, read_record
from corpus.strict_json import StrictJsonError, parse_json
from corpus.wording import Problem, show


class QuestionFileError(ValueError):
    """A file that holds no question; the message names the file, the place in it, and what is expected."""


class QuestionError(ValueError):
    """A JSON value that is no question; ``problems`` holds all that is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{each.pointer or '(whole)'}: {each.message}" for each in problems))
        self.problems = problems


def question_of(value: object, audiences: frozenset[str]) -> SuggestRequest:
    """Return the question that a JSON value holds, asked for these audiences; raises ``QuestionError``."""
    if not isinstance(value, dict):
        raise QuestionError(Problem("", f"found {show(value)}, expected a case, or an object with a case"))
    try:
        if "case" not in value and "actions_done" not in value:
            return _bare(value, audiences)
        return to_suggest_request(SuggestBody.model_validate(value if "case" in value else {"case": value}), audiences)
    except ValidationError as error:
        raise QuestionError(*problems_of(error)) from None
    except RecordError as error:
        raise QuestionError(*error.problems) from None


def read_question(path: Path, audiences: frozenset[str]) -> SuggestRequest:
    """Return the question that a JSON file holds; raises ``QuestionFileError``, ``OSError``."""
    try:
        return question_of(parse_json(path.read_bytes()), audiences)
    except StrictJsonError as error:
        raise QuestionFileError(f"{path}: {error}: mend it, or save it as one JSON object in UTF-8") from None
    except QuestionError as error:
        told = (f"{path}: {each.pointer or '(whole)'}: {each.message}" for each in islice(error.problems, SHOWN))
        raise QuestionFileError("\n".join(told)) from None


def read_questions(path: Path, audiences: frozenset[str]) -> tuple[SuggestRequest, ...]:
    """Return the questions of a JSON Lines file (packed if it ends in ``.gz``).

    Raises ``CorpusErrors`` with every fault of the file, ``OSError`` where it cannot be read.
    """
    findings = Findings()
    found = []
    for number, line in read_lines(path, Limits()):
        if isinstance(line, LineFault):
            findings.add(str(path), number, "", str(line))
            continue
        try:
            found.append(question_of(parse_json(line.rstrip(b"\r\n")), audiences))
        except StrictJsonError as error:
            findings.add(str(path), number, "", str(error))
        except QuestionError as error:
            for problem in error.problems:
                findings.add(str(path), number, problem.pointer, problem.message)
    findings.raise_if_any()
    return tuple(found)


def _bare(value: dict[str, object], audiences: frozenset[str]) -> SuggestRequest:
    # A case of a corpus has an id; one that is only tried out needs none.
    named = value.get("id") is not None
    case = read_record("cases", value if named else {**value, "id": "case"})
    if not isinstance(case, Case):
        raise TypeError(f"found a {type(case).__name__} in the place of a case")
    # What an open case lists was done so far; in a closed one it would tell how the case went on.
    done = tuple(use.id for use in case.actions) if case.closed_at is None else ()
    return SuggestRequest(case=case if named else replace(case, id=""), actions_done=done, audiences=audiences)
