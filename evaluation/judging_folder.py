"""The folder of a judging: a BEIR folder that grows its judgements, and the plan beside it.

``plan.json`` says what is to be judged; ``corpus.jsonl`` and ``queries.jsonl`` hold the texts, ``runs/`` what each
system answered, ``judgements/`` a file for each judge. All but the last two results (``qrels/test.tsv`` and
``agreement.json``) and the judgements is written once. The folder holds what customers wrote: keep it as safe as the
corpus.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.findings import Findings
from corpus.json_rows import Row, read_rows
from evaluation.item_ids import encode_id
from evaluation.judging import Judgement, JudgementFile
from evaluation.judging_plan import JudgingError, JudgingPlan, check_judge
from evaluation.pooling import PooledQuestion
from evaluation.questions import Run
from evaluation.runs import write_run
from index.durable import TEMPORARY, replace_file, unused_name

_PLAN, _CORPUS, _QUERIES, _JUDGEMENTS = "plan.json", "corpus.jsonl", "queries.jsonl", "judgements"
Rows = Iterable[Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A text with its title, and facts about it in a fixed order, such as ``("channel", "email")``."""

    title: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingTexts:
    """What judges read: questions and items by id."""

    questions: Mapping[str, Shown]
    items: Mapping[str, Shown]


class JudgingFolder:
    """One judging on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """Whether a judging was made here."""
        return (self.path / _PLAN).is_file()

    def create(self, plan: JudgingPlan, *, items: Rows, questions: Rows, runs: Sequence[Run]) -> None:
        """Write all that does not change, whole or not at all.

        Raises ``JudgingError`` when something else lies in the folder: nothing is ever overwritten.
        """
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise JudgingError(f"{self.path}: found something else there, expected no folder or an empty one")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = unused_name(self.path.parent, TEMPORARY)
        try:
            (new / "runs").mkdir(parents=True)
            for run in runs:
                write_run(new / "runs" / f"{encode_id(run.system)}.trec", run)
            _write_rows(new / _CORPUS, items)
            _write_rows(new / _QUERIES, questions)
            _write(new / _PLAN, _json(asdict(plan)))
            new.rename(self.path)
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def plan(self) -> JudgingPlan:
        """Read the plan; raises ``JudgingError`` when it was changed by hand."""
        file = self.path / _PLAN
        try:
            found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            asked = tuple(PooledQuestion(id=each["id"], items=tuple(each["items"])) for each in found["questions"])
            lists = {"team": tuple(found["team"]), "systems": tuple(found["systems"])}
            return JudgingPlan(**{**found, **lists, "questions": asked})
        except (ValueError, KeyError, TypeError) as error:
            raise JudgingError(f"{file}: not a plan ({error!r}); restore the file as it was written") from error

    def texts(self) -> JudgingTexts:
        """Read the texts; raises ``corpus.findings.CorpusErrors`` when they were changed by hand."""
        findings = Findings()
        items, questions = (
            {row.text("_id"): _shown(row) for row in read_rows(self.path / name, name, findings, unique="_id")}
            for name in (_CORPUS, _QUERIES)
        )
        findings.raise_if_any()
        return JudgingTexts(questions=questions, items=items)

    def file_of(self, judge: str) -> JudgementFile:
        """Return the file of a judge; raises ``JudgingError`` for a name that cannot name one."""
        check_judge(judge)
        return JudgementFile(self.path / _JUDGEMENTS / f"{judge}.jsonl", judge)

    def judgements(self) -> dict[str, tuple[Judgement, ...]]:
        """Return what every judge has said so far, by name in alphabetical order."""
        names = sorted(path.name.removesuffix(".jsonl") for path in (self.path / _JUDGEMENTS).glob("*.jsonl"))
        return {name: tuple(self.file_of(name).standing().values()) for name in names}

    def write_results(self, qrels: Iterable[tuple[str, str, int]], agreement: Mapping[str, Any]) -> None:
        """Write ``qrels/test.tsv`` and ``agreement.json`` anew, each as a whole."""
        (self.path / "qrels").mkdir(exist_ok=True)
        lines = ["query-id\tcorpus-id\tscore\n", *(f"{question}\t{item}\t{grade}\n" for question, item, grade in qrels)]
        replace_file(self.path / "qrels" / "test.tsv", "".join(lines).encode("utf-8"))
        replace_file(self.path / "agreement.json", _json(agreement).encode("utf-8"))


def _shown(row: Row) -> Shown:
    facts = ((name, row.optional(name)) for name in ("language", "channel", "product"))
    return Shown(
        title=row.optional("title") or row.optional("subject") or "",
        text=row.text("text", blank=True),
        facts=tuple((name, value) for name, value in facts if value),
    )


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write_rows(path: Path, rows: Rows) -> None:
    _write(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
