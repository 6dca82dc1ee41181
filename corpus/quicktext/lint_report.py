"""All templates of a file looked at, counted, and told in lines or as JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from corpus.language import LanguageIdentifier
from corpus.merge_syntax.guess import without_liquid
from corpus.merge_syntax.maps import MergeMaps
from corpus.merge_syntax.marks import FOREIGN_MARK
from corpus.merge_syntax.translate import Translation, translate
from corpus.quicktext.checks import LIQUID
from corpus.quicktext.lint import Remark, remarks_on
from corpus.quicktext.lint_rows import Row
from corpus.quicktext.neighbours import remarks_among
from corpus.quicktext.spoken import remarks_on_language

SHOWN = 20
_ANY_OUTPUT = re.compile(rf"\{{\{{.{{0,1000}}?\}}\}}|{FOREIGN_MARK.pattern}", re.DOTALL)
Verdict = Literal["clean", "warned", "refused"]
VERDICTS: tuple[Verdict, ...] = ("clean", "warned", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One template with its remarks."""

    line: int
    id: str
    remarks: tuple[Remark, ...]

    @property
    def verdict(self) -> Verdict:
        """``clean``, ``warned`` or ``refused``."""
        if any(remark.severity == "refused" for remark in self.remarks):
            return "refused"
        return "warned" if self.remarks else "clean"


@dataclass(slots=True, kw_only=True)
class LintReport:
    """What was found in a file ``of`` a kind; ``marks`` counts foreign marks by syntax and what became of them."""

    file: str
    looked: tuple[Looked, ...]
    of: str = "templates"
    marks: Counter[tuple[str, str]] = field(default_factory=Counter)

    def with_verdict(self, verdict: Verdict) -> tuple[Looked, ...]:
        """Return the templates of a verdict, in the order of the file."""
        return tuple(each for each in self.looked if each.verdict == verdict)

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "file": self.file,
            "counts": {verdict: len(self.with_verdict(verdict)) for verdict in VERDICTS},
            "marks": {f"{syntax} {what}": number for (syntax, what), number in sorted(self.marks.items())},
            self.of: [
                {"line": each.line, "id": each.id, "verdict": each.verdict, "remarks": [_json(r) for r in each.remarks]}
                for each in self.looked
            ],
        }

    def lines(self, *, every: bool, examples: int) -> Iterator[str]:
        """Yield the remarks (the first of them unless ``every``), examples of each verdict, and the counts."""
        told = [f"{self.file}:{each.line}: {each.id}: {remark}" for each in self.looked for remark in each.remarks]
        yield from told if every else told[:SHOWN]
        if len(told) > SHOWN and not every:
            yield f"… and {len(told) - SHOWN} more; --all shows every one"
        for verdict in VERDICTS:
            found = self.with_verdict(verdict)
            shown = ", ".join(each.id for each in found[:examples])
            yield f"{verdict}: {len(found)}" + (f", such as {shown}" if shown else "")
        yield from self._mark_lines()

    def _mark_lines(self) -> Iterator[str]:
        for syntax in sorted({syntax for (syntax, _), number in self.marks.items() if number}):
            shares = (_share(self.marks, syntax, what) for what in ("placeholders", "tags"))
            yield f"marks of {syntax}: {'; '.join(shares)}"
        translated, reported = (self._total(f"placeholders {what}") for what in ("translated", "reported"))
        if translated + reported:
            found = translated + reported
            share = f"{translated / found:.1%}"
            yield f"placeholders in all: {found}, {translated} translated ({share}), {reported} reported"

    def _total(self, what: str) -> int:
        return sum(number for (_, counted), number in self.marks.items() if counted == what)


def look_at(
    file: Path, rows: Sequence[Row], maps: MergeMaps, identifier: LanguageIdentifier | None = None
) -> LintReport:
    """Return what is wrong with or doubtful about the templates of a file."""
    templates = [row.template for row in rows if row.template is not None]
    languages = list(dict.fromkeys(template.language for template in templates))
    among = remarks_among(templates)
    report = LintReport(file=file.name, looked=())
    looked = []
    for row in rows:
        remarks = list(row.refused)
        if row.template is not None:
            remarks += remarks_on(row.template, maps)
            remarks += among.get(row.template.id, [])
            remarks += remarks_on_language(row.template, languages, identifier) if identifier else ()
        _count(report.marks, row, maps)
        looked.append(Looked(line=row.line, id=row.id, remarks=tuple(remarks)))
    report.looked = tuple(looked)
    return report


def _count(marks: Counter[tuple[str, str]], row: Row, maps: MergeMaps) -> None:
    template = row.template
    syntax = None if template is None else maps.of(template.syntax)
    if template is None:
        marks["refused templates", "placeholders reported"] += len(_ANY_OUTPUT.findall(row.body))
    elif template.syntax == LIQUID:
        found = sum(1 for _ in FOREIGN_MARK.finditer(without_liquid(template.body)))
        marks["an unnamed syntax", "placeholders reported"] += found
    elif syntax is not None:
        _count_marks(marks, syntax.name, translate(template.subject or "", syntax))
        _count_marks(marks, syntax.name, translate(template.body, syntax, is_html=template.format == "html"))


def _count_marks(marks: Counter[tuple[str, str]], syntax: str, made: Translation) -> None:
    tags = len(made.untranslated) - made.untranslated_outputs
    marks[syntax, "placeholders translated"] += made.outputs - made.untranslated_outputs
    marks[syntax, "placeholders reported"] += made.untranslated_outputs
    marks[syntax, "tags translated"] += made.statements - tags
    marks[syntax, "tags reported"] += tags


def _share(marks: Counter[tuple[str, str]], syntax: str, what: str) -> str:
    translated, reported = marks[syntax, f"{what} translated"], marks[syntax, f"{what} reported"]
    return f"{translated} of {translated + reported} {what} translated"


def _json(remark: Remark) -> dict[str, Any]:
    return {
        "severity": remark.severity,
        "code": remark.code,
        "pointer": remark.pointer,
        "line": remark.line,
        "column": remark.column,
        "message": remark.message,
    }
