"""From a parsed JSON value to a record, with every fault told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pydantic import ValidationError

from corpus.models import Kind, Record
from corpus.problems import problems_of
from corpus.schema_pins import PinRecord
from corpus.schemas import ActionRecord, ArticleRecord, CaseRecord, TemplateRecord
from corpus.wording import Problem

EdgeRecord = ArticleRecord | TemplateRecord | ActionRecord | CaseRecord | PinRecord

EDGE_MODELS: Mapping[Kind, type[EdgeRecord]] = MappingProxyType(
    {
        "articles": ArticleRecord,
        "templates": TemplateRecord,
        "actions": ActionRecord,
        "cases": CaseRecord,
        "pins": PinRecord,
    }
)


class RecordError(ValueError):
    """A value that is no record of its kind; ``problems`` holds every fault with its JSON Pointer."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.pointer}: {problem.message}" for problem in self.problems))


def read_record(kind: Kind, value: object) -> Record:
    """Return the record that a parsed JSON value denotes, raising RecordError with all faults found."""
    try:
        return EDGE_MODELS[kind].model_validate(value).to_record()
    except ValidationError as error:
        raise RecordError(problems_of(error)) from None
