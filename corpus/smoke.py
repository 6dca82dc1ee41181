"""Smoke questions: what somebody may ask, and which items must come first. A file ``smoke.jsonl`` in a corpus folder.

    {"question": "Wie kündige ich?", "expect": {"articles": ["kb-7"]}, "language": "de", "top": 3}

``expect`` names kinds, and of each at least one id, of which one must be among the first ``top`` (3). Before a new
snapshot serves, it is asked all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, ValidationError, model_validator

from corpus.fields import FilledText, Ids, Language, stated
from corpus.findings import Findings
from corpus.jsonl import Limits, LineFault, read_lines
from corpus.problems import problems_of
from corpus.schema_parts import EdgeModel
from corpus.strict_json import StrictJsonError, parse_json

SMOKE_FILE = "smoke.jsonl"
SmokeKind = Literal["articles", "templates", "actions"]
SMOKE_KINDS: tuple[SmokeKind, ...] = get_args(SmokeKind)
DEFAULT_TOP, MOST_TOP = 3, 20


def _some(ids: list[str]) -> list[str]:
    if not ids:
        raise stated("found an empty list, expected at least one id: leave the kind out where nothing is expected")
    return ids


SomeIds = Annotated[Ids, AfterValidator(_some)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeQuestion:
    """One question; ``line`` is where it stands, ``expect`` names the ids of each kind of which one must be found."""

    line: int
    question: str
    expect: Mapping[SmokeKind, tuple[str, ...]]
    language: str | None = None
    top: int = DEFAULT_TOP


class _Expected(EdgeModel):
    articles: SomeIds | None = None
    templates: SomeIds | None = None
    actions: SomeIds | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.model_fields_set:
            raise stated(f"found nothing expected, expected ids of at least one of {', '.join(SMOKE_KINDS)}")
        return self


class _Row(EdgeModel):
    question: FilledText
    expect: _Expected
    language: Language | None = None
    top: Annotated[int, Field(ge=1, le=MOST_TOP)] = DEFAULT_TOP


def read_smoke(file: Path) -> tuple[SmokeQuestion, ...]:
    """Return the questions of a file; none where there is no such file. Raises CorpusErrors with all its faults."""
    if not file.is_file():
        return ()
    findings = Findings()
    questions = [_question(number, line, findings) for number, line in read_lines(file, Limits())]
    findings.raise_if_any()
    return tuple(question for question in questions if question is not None)


def _question(number: int, line: bytes | LineFault, findings: Findings) -> SmokeQuestion | None:
    if isinstance(line, LineFault):
        findings.add(SMOKE_FILE, number, "", str(line))
        return None
    try:
        row = _Row.model_validate(parse_json(line.rstrip(b"\r\n")))
    except StrictJsonError as error:
        findings.add(SMOKE_FILE, number, "", error.reason)
        return None
    except ValidationError as error:
        for problem in problems_of(error):
            findings.add(SMOKE_FILE, number, problem.pointer, problem.message)
        return None
    expect = {kind: tuple(ids) for kind in SMOKE_KINDS if (ids := getattr(row.expect, kind)) is not None}
    return SmokeQuestion(line=number, question=row.question, expect=expect, language=row.language, top=row.top)
