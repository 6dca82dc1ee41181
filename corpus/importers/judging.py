"""Records judged one by one, by the same rules as a corpus folder's, so that one bad row costs only itself."""

from __future__ import annotations

import json
from pathlib import Path

from corpus.findings import CorpusErrors
from corpus.folder import read_corpus
from corpus.importers.fates import Place, Quarantined, Taken
from corpus.importers.ids import shown_id
from corpus.importers.limits import ImportFailedError
from corpus.importers.shapes import without_values
from corpus.importers.texts import clean
from corpus.jsonl import MAX_LINE
from corpus.models import Kind
from corpus.records import RecordError, read_record
from corpus.strict_json import StrictJsonError, parse_json

_HINT = "correct it in the system it comes from, or in the field map"


class Judge:
    """Turns records of one kind into lines of its corpus file; remembers ids, the first of which wins."""

    def __init__(self, kind: Kind) -> None:
        self._kind: Kind = kind
        self._places: dict[str, Place] = {}

    def line(self, row: Taken) -> bytes | Quarantined:
        """Return the line of a record, or why there is none."""
        record = clean(dict(row.record))
        found = record.get("id")
        if not isinstance(found, str) or not found:
            return self._refuse(row, "found no id, expected one", "give the row an id, or map the column that has it")
        if (first := self._places.get(found)) is not None:
            reason = f"found an id that {first} has already, expected each id once"
            return self._refuse(row, reason, "ids may be the same once forbidden characters are hyphens: rename one")
        line = json.dumps(record, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        if len(line) > MAX_LINE:
            return self._refuse(row, f"found {len(line)} bytes, expected at most {MAX_LINE}", "split the record")
        try:
            read_record(self._kind, parse_json(line.rstrip(b"\n")))
        except (RecordError, StrictJsonError) as error:
            return self._refuse(row, self.told(str(error)), _HINT)
        self._places[found] = row.place
        return line

    def told(self, message: str) -> str:
        """Return a reader's message as the quarantine may hold it: without what a case says."""
        return without_values(message) if self._kind == "cases" else message

    def _refuse(self, row: Taken, reason: str, hint: str) -> Quarantined:
        found = row.record.get("id")
        return Quarantined(
            place=row.place, reason=reason, hint=hint, id=shown_id(found) if isinstance(found, str) else ""
        )


def refused_by_reader(folder: Path, kind: Kind) -> dict[int, str]:
    """Read a folder as indexing does; return what is wrong by line, nothing when all is well.

    What is wrong with the file as a whole is an ImportFailedError.
    """
    try:
        read_corpus(folder)
    except CorpusErrors as errors:
        refused: dict[int, str] = {}
        for problem in errors.problems:
            if problem.line is None:
                raise ImportFailedError(f"the records taken are no {kind}: {problem}") from None
            refused.setdefault(problem.line, ": ".join(filter(None, (problem.pointer, problem.message))))
        return refused
    return {}


def without_lines(path: Path, refused: dict[int, str]) -> None:
    """Rewrite a file without some of its lines, numbered from 1."""
    kept = path.with_name(path.name + ".kept")
    with path.open("rb") as lines, kept.open("wb") as out:
        out.writelines(line for number, line in enumerate(lines, start=1) if number not in refused)
    kept.replace(path)
