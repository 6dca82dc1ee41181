"""Files of service problems: official articles, and the messages of laymen who need them.

One object a line: ``{id, industry, title, article, mails[{form, subject, text}]}``, all in German.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from corpus.findings import Findings
from corpus.json_rows import Row, read_rows
from corpus.models import Article, Case, Kind, Record, Use
from corpus.wording import show
from evaluation.item_ids import encode_id
from evaluation.judged import family_of, slices_of
from evaluation.leakage import without_near
from evaluation.questions import JudgedSet, Question

LANGUAGE = "de"
# The files have no times: all first messages are made to be solved before any second one comes.
_OPENED, _CLOSED, _ASKED = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message about a problem; ``form`` is ``email``, ``note`` or ``chat``."""

    case: Case
    form: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An article and the messages that it answers."""

    article: Article
    mails: tuple[Mail, ...]


def read_problems(file: Path) -> JudgedSet:
    """Read a file as a judged set in which every message asks for its article; the two of a problem are one group.

    Raises ``corpus.findings.CorpusErrors`` with all faults of the file.
    """
    problems = _read(file)
    questions = tuple(
        _question(mail, group=each.article.id, relevant=each.article.id) for each in problems for mail in each.mails
    )
    return _judged(file, problems, questions, split={"by": "problem"}, dropped={})


def read_similar_problems(file: Path) -> JudgedSet:
    """Read a file as a judged set in which second messages ask for the solved case of the first about that problem.

    Second messages that nearly repeat a first one are dropped and counted. Raises as ``read_problems`` does.
    """
    problems = _read(file)
    history = [_solved(each.mails[0].case, each.article.id) for each in problems if each.mails]
    asked = [
        _question(each.mails[1], group=each.article.id, relevant=each.mails[0].case.id)
        for each in problems
        if len(each.mails) > 1
    ]
    questions = without_near(asked, history)
    split: dict[str, str | int | float] = {
        "by": "time",
        "at": _ASKED.isoformat(),
        "history_cases": len(history),
        "test_cases": len(asked),
    }
    dropped = {
        "problems without a second message": len(problems) - len(asked),
        "near-duplicates in history": len(asked) - len(questions),
    }
    return _judged(file, problems, questions, cases=history, split=split, dropped=dropped)


def read_problem_history(file: Path) -> JudgedSet:
    """Read a file as a judged set in which second messages ask for the article that solved the case of the first.

    No item has more than one case, and laymen write it: the little that a young deployment knows. Raises as
    ``read_problems`` does.
    """
    similar = read_similar_problems(file)
    asked = tuple(replace(each, relevant=frozenset({each.group})) for each in similar.questions)
    return replace(similar, kind="articles", questions=asked)


def _judged(
    file: Path,
    problems: Sequence[Problem],
    questions: Sequence[Question],
    *,
    split: Mapping[str, str | int | float],
    dropped: Mapping[str, int],
    cases: Sequence[Case] = (),
) -> JudgedSet:
    if not questions:
        raise ValueError(f"{file.name}: found no message that could be asked, expected mails about its problems")
    name = f"mails_{file.name.split('.')[0]}"
    records: dict[Kind, Sequence[Record]] = {
        "articles": sorted((each.article for each in problems), key=lambda article: article.id),
        "cases": sorted(cases, key=lambda case: case.id),
    }
    return JudgedSet(
        name=name,
        family=family_of(name),
        source="history" if cases else "beir",
        kind="similar_cases" if cases else "articles",
        records=records,
        questions=questions,
        split=split,
        dropped=dropped,
    )


def _read(file: Path) -> list[Problem]:
    findings = Findings()
    if not file.is_file():
        findings.add(file.name, None, "", "found no file of this name, expected problems as JSON Lines")
    findings.raise_if_any()
    problems = [_problem(row) for row in read_rows(file, file.name, findings, unique="id")]
    findings.raise_if_any()
    return problems


def _problem(row: Row) -> Problem:
    key = encode_id(row.text("id"))
    article = Article(id=key, title=row.text("title"), body=row.text("article"), language=LANGUAGE, format="text")
    return Problem(article=article, mails=tuple(_mails(row, key)))


def _mails(row: Row, key: str) -> Iterator[Mail]:
    found = row.values.get("mails")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        row.fault("mails", f"found {show(found)}, expected a list of objects with form, subject and text")
        return
    for number, values in enumerate(found):
        mail = Row(row.file, row.line, values, row.findings, f"/mails/{number}")
        case = Case(
            id=f"{key}-{number}",
            subject=mail.optional("subject"),
            description=mail.text("text"),
            language=LANGUAGE,
            opened_at=_ASKED,
        )
        yield Mail(case=case, form=mail.optional("form"))


def asked_question(key: str, text: str, language: str) -> Question:
    """Return a short question that asks for the article of the same id."""
    case = Case(id=key, subject=text, language=language, opened_at=_ASKED)
    return Question(
        id=key,
        case=case,
        relevant=frozenset({key}),
        group=key,
        as_of=_ASKED,
        slices=slices_of(case, language=language),
    )


def _question(mail: Mail, *, group: str, relevant: str) -> Question:
    return Question(
        id=mail.case.id,
        case=mail.case,
        relevant=frozenset({relevant}),
        group=group,
        as_of=mail.case.opened_at,
        slices=slices_of(mail.case, form=mail.form, language=LANGUAGE),
    )


def _solved(case: Case, article: str) -> Case:
    return Case(
        id=case.id,
        subject=case.subject,
        description=case.description,
        language=case.language,
        opened_at=_OPENED,
        closed_at=_CLOSED,
        articles=(Use(id=article),),
    )
