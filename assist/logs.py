"""Log lines as programs read them: one JSON object each, with the fields that a line was given beside its text.

What is logged holds ids, sizes and times; of an exception type and place, never its message, which may quote a case.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

from assist.faults import describe_fault

LogForm = Literal["json", "text"]
LOG_FORMS: tuple[LogForm, ...] = ("json", "text")
FIELDS = "stichwort_fields"
"""The attribute of a log record that holds its fields: ``logger.info(text, extra={FIELDS: {…}})``."""

_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON: its fields where it has some, else its text."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields = getattr(record, FIELDS, None)
        line |= fields if isinstance(fields, dict) else {"message": record.getMessage()}
        if (fault := _fault(record)) is not None:
            line["fault"] = fault
        return json.dumps(line, default=str, separators=(",", ":"))


class TextFormatter(logging.Formatter):
    """Writes a record as a line for people."""

    def __init__(self) -> None:
        super().__init__(_TEXT)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        """Return type and place of an exception."""
        return describe_fault(ei[1])


def formatter_of(form: LogForm) -> logging.Formatter:
    """Return what writes lines in a form."""
    return JsonFormatter() if form == "json" else TextFormatter()


def set_up_logging(form: LogForm, stream: TextIO | None = None) -> None:
    """Log everything from INFO on to stderr, or to ``stream``."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter_of(form))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def _fault(record: logging.LogRecord) -> str | None:
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    return None if error is None else describe_fault(error)
