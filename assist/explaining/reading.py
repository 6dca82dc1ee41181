"""The case of an explanation as a file holds it: the body of ``POST /v1/suggest``, or a bare case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from assist.api.convert import to_suggest_request
from assist.models import SuggestRequest
from assist.schemas import SuggestBody
from corpus.findings import SHOWN
from corpus.models import Case
from corpus.problems import problems_of
from corpus.records import RecordError, read_record
from corpus.strict_json import StrictJsonError, parse_json
from corpus.wording import Problem, show


class CaseFileError(ValueError):
    """A file that holds no case; the message names the file, the place in it, and what is expected."""


def read_question(path: Path, audiences: frozenset[str]) -> SuggestRequest:
    """Return the question that a file holds, asked for these audiences; raises ``CaseFileError``, ``OSError``."""
    try:
        value = parse_json(path.read_bytes())
        if not isinstance(value, dict):
            raise CaseFileError(f"{path}: found {show(value)}, expected a case, or an object with a case")
        if "case" not in value and "actions_done" not in value:
            return _bare(value, audiences)
        body = value if "case" in value else {"case": value}
        return to_suggest_request(SuggestBody.model_validate(body), audiences)
    except StrictJsonError as error:
        raise CaseFileError(f"{path}: {error}: mend it, or save it as one JSON object in UTF-8") from None
    except ValidationError as error:
        raise CaseFileError(_told(path, problems_of(error))) from None
    except RecordError as error:
        raise CaseFileError(_told(path, error.problems)) from None


def _bare(value: dict[str, object], audiences: frozenset[str]) -> SuggestRequest:
    # A case of a corpus has an id; one that is only tried out needs none.
    named = value.get("id") is not None
    case = read_record("cases", value if named else {**value, "id": "case"})
    if not isinstance(case, Case):
        raise TypeError(f"found a {type(case).__name__} in the place of a case")
    # What an open case lists was done so far; in a closed one it would tell how the case went on.
    done = tuple(use.id for use in case.actions) if case.closed_at is None else ()
    return SuggestRequest(case=case if named else replace(case, id=""), actions_done=done, audiences=audiences)


def _told(path: Path, problems: Iterable[Problem]) -> str:
    return "\n".join(f"{path}: {each.pointer or '(whole)'}: {each.message}" for each in islice(problems, SHOWN))
